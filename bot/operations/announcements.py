"""Announcements as the console shows them and sends them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import AnnouncementView
from bot.storage import announcements
from bot.storage.announcement_tables import announcements as announcements_table
from bot.storage.announcements import Tally
from bot.vocabulary.segment import Segment


async def views(connection: AsyncConnection) -> tuple[AnnouncementView, ...]:
    rows = await connection.execute(select(announcements_table.c.id, announcements_table.c.body))
    bodies = {row.id: row.body for row in rows.all()}
    return tuple(_view(tally, bodies.get(tally.id, "")) for tally in await announcements.tallies(connection))


def _view(tally: Tally, body: str) -> AnnouncementView:
    segment = Segment(**{name: tuple(values) for name, values in tally.segment.items()})
    return AnnouncementView(
        id=tally.id,
        subject=tally.subject,
        text=body,
        by=tally.created_by,
        at=tally.send_at or tally.created_at,
        segment=str(segment),
        sent=tally.delivered,
        pending=tally.recipients - tally.delivered,
        yes=tally.yes,
        no=tally.no,
        maybe=tally.maybe,
        opted_out=tally.opted_out,
        state=tally.state,
    )
