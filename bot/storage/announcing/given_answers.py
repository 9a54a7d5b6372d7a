"""What people answer to an announcement: one row for each of them, in which the latest answer counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcement_recipients
from bot.storage.announcing import kept, taken_back
from bot.vocabulary.announcing import Said, nameless, without_fields
from bot.vocabulary.facts import AnnouncementFact
from crm.records import Channel

_c = announcement_recipients.c
_NAMED = 2_000  # characters of the text that a reader gets to see
_QUOTED = 20_000  # characters of the text from which a question is answered


@dataclass(frozen=True, slots=True)
class Answer:
    """`answer` is yes, no, maybe or "" where none of them was given, `day` the one chosen; `said` is what else.

    `contact_id` is "slack:U…" for somebody in Slack whom no contact stands for. `at` is when it was written (aware).
    """

    announcement_id: str
    contact_id: str
    partner_id: str
    channel: Channel
    at: datetime
    answer: str = ""
    day: date | None = None
    said: Said | None = None
    address: str = ""
    language: str = ""


async def fact(connection: AsyncConnection, announcement_id: str, language: str) -> AnnouncementFact | None:
    """As somebody of that language read it."""
    found = await kept.find(connection, announcement_id)
    if found is None:
        return None
    read = found.composed.text_for(language)
    body = without_fields(read.body)
    question = found.composed.call.question or body
    return AnnouncementFact(
        found.id, nameless(read.subject), question[:_NAMED], found.composed.call, body[:_QUOTED], read.language,
        found.created_by,
    )  # fmt: skip


async def record(connection: AsyncConnection, given: Answer) -> None:
    """The latest yes, no, maybe or day of a person counts, and what else he said is kept beside it: a question takes
    no yes back. Who is no recipient, a colleague who answers, gets a row of his own.
    """
    said = [given.said.value] if given.said else []
    answer = given.day.isoformat() if given.day else given.answer
    made = insert(announcement_recipients).values(
        announcement_id=given.announcement_id, contact_id=given.contact_id, partner_id=given.partner_id,
        address=given.address, language=given.language, answer=answer, said=said, answered_at=given.at,
        answered_in=given.channel.value, by_mail=False, by_slack=given.channel is Channel.SLACK,
    )  # fmt: skip
    new = made.excluded
    values: dict[str, Any] = {"said": _with(said)}
    if answer:
        values |= {"answer": new.answer, "answered_at": new.answered_at, "answered_in": new.answered_in}
    else:
        values |= {
            "answered_at": func.coalesce(_c.answered_at, new.answered_at),
            "answered_in": func.coalesce(func.nullif(_c.answered_in, ""), new.answered_in),
        }
    newer = or_(_c.answered_at.is_(None), _c.answered_at <= new.answered_at)
    kept_once = made.on_conflict_do_update(
        index_elements=["announcement_id", "contact_id"], set_=values, where=newer if answer else None
    )
    await connection.execute(kept_once)
    if answer:
        await taken_back.after_answer(connection, given.announcement_id, given.contact_id, given.partner_id)


def _with(said: Collection[str]) -> Any:
    """What was said so far and this, each once."""
    added = [func.array_append(func.array_remove(_c.said, one), one) for one in said]
    return added[0] if added else _c.said


async def left(connection: AsyncConnection, announcement_id: str, contact_id: str) -> None:
    """A recipient wants no more announcements."""
    mine = (_c.announcement_id == announcement_id) & (_c.contact_id == contact_id)
    values = {"opted_out": True, "said": _with([Said.UNSUBSCRIBED.value])}
    await connection.execute(update(announcement_recipients).where(mine).values(values))


async def of(connection: AsyncConnection, announcement_id: str, contact_id: str) -> tuple[str, tuple[str, ...]]:
    """(answer, what else was said) of one person; ("", ()) for who has no row."""
    mine = (_c.announcement_id == announcement_id) & (_c.contact_id == contact_id)
    row = (await connection.execute(select(_c.answer, _c.said).where(mine))).one_or_none()
    return (row.answer, tuple(row.said)) if row else ("", ())
