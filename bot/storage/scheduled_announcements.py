"""Announcements that wait for their time: each is sent once or cancelled, and never both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcements


class State(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Kept:
    """An announcement as it is kept; `send_at` is None where it went out when it was made."""

    id: str
    subject: str
    body: str
    segment: Mapping[str, Any]
    created_by: str
    created_at: datetime
    state: State
    send_at: datetime | None


async def schedule(
    connection: AsyncConnection, announcement_id: str, *, subject: str, body: str, segment: Mapping[str, Any],
    created_by: str, created_at: datetime, send_at: datetime,
) -> bool:  # fmt: skip
    """False where one with this id is kept already, whatever became of it."""
    made = insert(announcements).values(
        id=announcement_id, subject=subject, body=body, segment=dict(segment), created_by=created_by,
        created_at=created_at, state=State.SCHEDULED.value, send_at=send_at,
    )  # fmt: skip
    once = made.on_conflict_do_nothing(index_elements=["id"]).returning(announcements.c.id)
    return await connection.scalar(once) is not None


async def find(connection: AsyncConnection, announcement_id: str, *, lock: bool = False) -> Kept | None:
    """None for what is no id of an announcement, whatever it is."""
    try:
        known = str(UUID(announcement_id))
    except ValueError:
        return None
    query = _query().where(announcements.c.id == known)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else _kept(row)


async def waiting(connection: AsyncConnection) -> list[Kept]:
    """Those whose time has not come, the next one first."""
    query = _query().where(announcements.c.state == State.SCHEDULED.value)
    rows = await connection.execute(query.order_by(announcements.c.send_at, announcements.c.id))
    return [_kept(row) for row in rows.all()]


async def move(
    connection: AsyncConnection, announcement_id: str, state: State, send_at: datetime | None = None
) -> None:
    """`send_at` is when it really went out."""
    values: dict[str, Any] = {"state": state.value} | ({"send_at": send_at} if send_at else {})
    await connection.execute(update(announcements).where(announcements.c.id == announcement_id).values(values))


async def same(
    connection: AsyncConnection, subject: str, body: str, segment: Mapping[str, Any], since: datetime
) -> Kept | None:
    """One that says the same to the same people and was made since, and not cancelled. Whoever asks at the same time
    for the same waits for the end of this transaction.
    """
    await connection.execute(_ALONE, {"said": f"{subject}\n{body}"})
    query = _query().where(
        announcements.c.subject == subject,
        announcements.c.body == body,
        announcements.c.segment == dict(segment),
        announcements.c.created_at >= since,
        announcements.c.state != State.CANCELLED.value,
    )
    row = (await connection.execute(query.order_by(announcements.c.created_at.desc()).limit(1))).one_or_none()
    return None if row is None else _kept(row)


_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:said, 20261127))")


def _query() -> Select[Any]:
    kept = announcements.c
    return select(
        kept.id, kept.subject, kept.body, kept.segment, kept.created_by, kept.created_at, kept.state, kept.send_at
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(**{**row._asdict(), "state": State(row.state)})
