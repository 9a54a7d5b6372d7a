"""An announcement as whoever follows it up needs it, and in SQL who has answered it: in a word, or in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcements
from bot.storage.codec import from_doc
from bot.vocabulary.announcing import AnnouncementState, Call, CallKind, Composed, Said

ANSWERED = f"(r.answer <> '' or (:in_words and '{Said.OTHER}' = any(r.said)))"
"""Of a row `r` of the recipients; `:in_words` is whether the announcement asks for an answer in words."""

WAS_MEANT = "(r.due_at is not null or r.outbox_id is not null)"
"""Whether such a row is of somebody whom it was meant for: others have one once they answer, and never a time."""

_GOING = (AnnouncementState.SENDING, AnnouncementState.PAUSED, AnnouncementState.SENT)


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement as whoever follows it up needs it. Once it `has_begun`, `began_at` is when the first copies were
    planned.
    """

    id: str
    subject: str
    by: str
    state: AnnouncementState
    call: Call
    remind_after: int | None
    keep_quiet: bool
    has_begun: bool
    began_at: datetime
    reminded_at: datetime | None

    @property
    def in_words(self) -> bool:
        return self.call.kind is CallKind.QUESTION


async def find(connection: AsyncConnection, announcement_id: str, *, lock: bool = False) -> Announced | None:
    """None for what is no id of an announcement. One that was kept before there were calls asks for yes or no."""
    try:
        known = str(UUID(announcement_id))
    except ValueError:
        return None
    query = select(announcements).where(announcements.c.id == known)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        return None
    composed = from_doc(Composed, row.composed) if row.composed else None
    return Announced(
        row.id,
        row.subject,
        row.confirmed_by or row.created_by,
        AnnouncementState(row.state),
        composed.call if composed else Call(CallKind.ANSWER),
        composed.remind_after if composed else None,
        composed.timing.keep_quiet if composed else True,
        row.began_at is not None or row.state in _GOING,
        row.began_at or row.send_at or row.created_at,
        row.reminded_at,
    )
