"""How far each announcement has come, and what was answered to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcement_posts, announcement_recipients, announcements
from bot.storage.tables import outbox

_ARRIVED = ("sent", "kept")


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it has come: `delivered` of the `recipients` have it by mail or in a channel. `state` is as in
    `scheduled_announcements`, `send_at` None where none was set.
    """

    id: str
    subject: str
    created_by: str
    created_at: datetime
    segment: dict[str, Any]
    recipients: int
    delivered: int
    yes: int
    no: int
    maybe: int
    opted_out: int
    state: str = "sent"
    send_at: datetime | None = None


async def tallies(connection: AsyncConnection, announcement_id: str | None = None, limit: int = 200) -> list[Tally]:
    """Counts of each announcement, newest first."""
    r = announcement_recipients.c
    posted = (
        select(announcement_posts.c.announcement_id, announcement_posts.c.partner_id)
        .join(outbox, outbox.c.id == announcement_posts.c.outbox_id)
        .where(outbox.c.state.in_(_ARRIVED)).distinct().subquery()
    )  # fmt: skip
    in_channel = (posted.c.announcement_id == r.announcement_id) & (posted.c.partner_id == r.partner_id) & r.by_slack
    has_it = outbox.c.state.in_(_ARRIVED) | posted.c.partner_id.is_not(None)
    given = {answer: func.count().filter(r.answer == answer) for answer in ("yes", "no", "maybe")}
    query = (
        select(
            announcements.c.id, announcements.c.subject, announcements.c.created_by, announcements.c.created_at,
            announcements.c.segment, announcements.c.state, announcements.c.send_at,
            func.count(r.contact_id).label("recipients"),
            func.count().filter(has_it).label("delivered"),
            given["yes"].label("yes"), given["no"].label("no"), given["maybe"].label("maybe"),
            func.count().filter(r.opted_out).label("opted_out"),
        )
        .select_from(
            announcements.outerjoin(announcement_recipients)
            .outerjoin(outbox, outbox.c.id == r.outbox_id)
            .outerjoin(posted, in_channel)
        )
        .group_by(announcements.c.id)
        .order_by(func.coalesce(announcements.c.send_at, announcements.c.created_at).desc())
        .limit(limit)
    )  # fmt: skip
    if announcement_id:
        query = query.where(announcements.c.id == announcement_id)
    return [Tally(**row._asdict()) for row in (await connection.execute(query)).all()]
