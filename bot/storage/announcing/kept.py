"""Announcements as they were composed, with what became of each: drafts, those that wait, and those that went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcements
from bot.storage.codec import from_doc, to_doc
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Call, CallKind, Composed
from bot.vocabulary.segment import Segment

_c = announcements.c
_OVER = (AnnouncementState.DRAFT.value, AnnouncementState.CANCELLED.value)


async def create(connection: AsyncConnection, announcement_id: str, composed: Composed, by: str, now: datetime) -> bool:
    """A new draft; False where one with this id is kept already, whatever became of it."""
    made = insert(announcements).values(
        id=announcement_id, created_by=by, created_at=now, state=AnnouncementState.DRAFT.value, **_said(composed)
    )
    once = made.on_conflict_do_nothing(index_elements=["id"]).returning(_c.id)
    return await connection.scalar(once) is not None


async def change(connection: AsyncConnection, announcement_id: str, composed: Composed) -> None:
    """It says something else from now on, and is a draft again until somebody confirms that."""
    values = _said(composed) | {"state": AnnouncementState.DRAFT.value, "confirmed_by": "", "confirmed_at": None}
    await connection.execute(update(announcements).where(_c.id == announcement_id).values(**values, send_at=None))


async def find(connection: AsyncConnection, announcement_id: str, *, lock: bool = False) -> Announcement | None:
    """None for what is no id of an announcement, whatever it is. `lock` holds it to the end of the transaction."""
    return await _find(connection, announcement_id, _query().with_for_update() if lock else _query())


async def at_work(connection: AsyncConnection, announcement_id: str) -> Announcement | None:
    """The same, and nobody pauses, cancels or changes it before the end of the transaction; others may do this too."""
    return await _find(connection, announcement_id, _query().with_for_update(read=True))


async def _find(connection: AsyncConnection, announcement_id: str, query: Select[Any]) -> Announcement | None:
    try:
        known = str(UUID(announcement_id))
    except ValueError:
        return None
    row = (await connection.execute(query.where(_c.id == known))).one_or_none()
    return None if row is None else _announcement(row)


async def listed(
    connection: AsyncConnection, limit: int = 100, states: Sequence[AnnouncementState] = ()
) -> tuple[Announcement, ...]:
    """The newest first; of these states alone where some are named."""
    query = _query().order_by(func.coalesce(_c.send_at, _c.created_at).desc(), _c.id).limit(limit)
    if states:
        query = query.where(_c.state.in_([state.value for state in states]))
    return tuple(_announcement(row) for row in (await connection.execute(query)).all())


async def being_sent(connection: AsyncConnection) -> list[str]:
    """The ids of those that are sent just now."""
    return list(await connection.scalars(select(_c.id).where(_c.state == AnnouncementState.SENDING.value)))


async def confirm(connection: AsyncConnection, announcement_id: str, by: str, now: datetime, send_at: datetime) -> None:
    values = {
        "state": AnnouncementState.SCHEDULED.value, "confirmed_by": by, "confirmed_at": now, "send_at": send_at,
    }  # fmt: skip
    await connection.execute(update(announcements).where(_c.id == announcement_id).values(values))


async def move(
    connection: AsyncConnection, announcement_id: str, state: AnnouncementState, **moments: datetime
) -> None:
    """`moments` are `began_at` and `ended_at`."""
    values = {"state": state.value, **moments}
    await connection.execute(update(announcements).where(_c.id == announcement_id).values(values))


async def twin(
    connection: AsyncConnection, announcement_id: str, composed: Composed, since: datetime
) -> Announcement | None:
    """Another one that says the same to the same people, was confirmed since, and not cancelled. Whoever asks at the
    same time for the same waits for the end of this transaction.
    """
    said = _said(composed)
    await connection.execute(_ALONE, {"said": f"{said['subject']}\n{said['body']}"})
    query = _query().where(
        _c.subject == said["subject"],
        _c.body == said["body"],
        _c.segment == said["segment"],
        func.coalesce(_c.confirmed_at, _c.created_at) >= since,
        _c.state.not_in(_OVER),
        _c.id != announcement_id,
    )
    row = (await connection.execute(query.order_by(_c.created_at.desc()).limit(1))).one_or_none()
    return None if row is None else _announcement(row)


async def confirmed_at(connection: AsyncConnection, announcement_id: str) -> datetime | None:
    return await connection.scalar(select(_c.confirmed_at).where(_c.id == announcement_id))


_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:said, 20261127))")


def _said(composed: Composed) -> dict[str, Any]:
    """All of it, and in short what lists and answers need."""
    first = composed.text_for("")
    doc = to_doc(composed)
    return {"composed": doc, "subject": composed.subject, "body": first.body, "segment": doc["segment"]}


def _query() -> Select[Any]:
    return select(
        _c.id, _c.subject, _c.body, _c.segment, _c.composed, _c.state, _c.created_by, _c.created_at, _c.confirmed_by,
        _c.send_at, _c.began_at, _c.ended_at,
    )  # fmt: skip


def _announcement(row: Row[Any]) -> Announcement:
    """One that was kept before there were languages and calls asks for an answer, in the only text it has."""
    composed = (
        from_doc(Composed, row.composed)
        if row.composed is not None
        else Composed(
            (AnnouncementText("", row.subject, row.body, by=row.created_by),),
            from_doc(Segment, row.segment),
            Call(CallKind.ANSWER),
        )
    )
    return Announcement(
        row.id, composed, AnnouncementState(row.state), row.created_by, row.created_at, row.confirmed_by,
        row.send_at, row.began_at, row.ended_at,
    )  # fmt: skip
