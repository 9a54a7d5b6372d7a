"""Announcements that wait for their time, in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcements
from bot.vocabulary.announcing import AnnouncementState as State

__all__ = ["Kept", "State", "find", "waiting"]


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


async def find(connection: AsyncConnection, announcement_id: str) -> Kept | None:
    """None for what is no id of an announcement, whatever it is."""
    try:
        known = str(UUID(announcement_id))
    except ValueError:
        return None
    query = _query().where(announcements.c.id == known)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _kept(row)


async def waiting(connection: AsyncConnection) -> list[Kept]:
    """Those whose time has not come, the next one first."""
    query = _query().where(announcements.c.state == State.SCHEDULED.value)
    rows = await connection.execute(query.order_by(announcements.c.send_at, announcements.c.id))
    return [_kept(row) for row in rows.all()]


def _query() -> Select[Any]:
    kept = announcements.c
    return select(
        kept.id, kept.subject, kept.body, kept.segment, kept.created_by, kept.created_at, kept.state, kept.send_at
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(**{**row._asdict(), "state": State(row.state)})
