"""Announcements as the console shows them and sends them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.announce import Announced as Reached
from bot.announcements.segment import Segment as Named
from bot.channels.console.views import Announced, AnnouncementView, Recipient, Segment, SegmentChoices
from bot.storage import announcements
from bot.storage.announcements import Tally
from bot.storage.tables import announcements as announcements_table


async def views(connection: AsyncConnection) -> tuple[AnnouncementView, ...]:
    rows = await connection.execute(select(announcements_table.c.id, announcements_table.c.body))
    bodies = {row.id: row.body for row in rows.all()}
    return tuple(_view(tally, bodies.get(tally.id, "")) for tally in await announcements.tallies(connection))


def _view(tally: Tally, body: str) -> AnnouncementView:
    segment = Named(**{name: tuple(values) for name, values in tally.segment.items()})
    return AnnouncementView(
        id=tally.id,
        subject=tally.subject,
        text=body,
        by=tally.created_by,
        at=tally.created_at,
        segment=str(segment),
        sent=tally.delivered,
        pending=tally.recipients - tally.delivered,
        yes=tally.yes,
        no=tally.no,
        maybe=tally.maybe,
        opted_out=tally.opted_out,
    )


def named(segment: Segment) -> Named:
    return Named(segment.tiers, segment.types, segment.regions, segment.languages)


def choices(values: dict[str, tuple[str, ...]]) -> SegmentChoices:
    return SegmentChoices(values["tier"], values["type"], values["region"], values["language"])


def announced(reached: Reached) -> Announced:
    people = tuple(
        Recipient(contact.name, contact.email, partner.name, contact.language or partner.language)
        for partner, contact in reached.recipients
    )
    return Announced(people, reached.opted_out, reached.announcement_id)
