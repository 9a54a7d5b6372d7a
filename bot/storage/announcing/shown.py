"""What managers see of an announcement's progress: which message shows it, and how often it was changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import instance
from bot.storage.announcement_tables import announcements
from bot.storage.tables import instance as facts
from bot.storage.tables import outbox
from bot.vocabulary.announcing import AnnouncementState

_NAME = "announcement_progress:"
_MOVING = (AnnouncementState.SENDING.value, AnnouncementState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Shown:
    """`times` how often it was written, `digest` of what stands there, `at` when (ISO), `last` once it is through."""

    times: int
    digest: str
    at: str
    last: bool = False


async def moving(connection: AsyncConnection, ended_since: datetime) -> list[str]:
    """The ids of those that have begun to go out and are not through, or came to their end since then."""
    c = announcements.c
    query = select(c.id).where(c.began_at.is_not(None), or_(c.state.in_(_MOVING), c.ended_at > ended_since))
    return list(await connection.scalars(query.order_by(c.began_at, c.id)))


async def find(connection: AsyncConnection, announcement_id: str) -> Shown | None:
    kept = await instance.get(connection, f"{_NAME}{announcement_id}")
    return Shown(**json.loads(kept)) if kept else None


async def note(connection: AsyncConnection, announcement_id: str, shown: Shown) -> None:
    await instance.put(connection, f"{_NAME}{announcement_id}", json.dumps(asdict(shown)))


async def waits(connection: AsyncConnection, key: str) -> bool:
    """Whether this row of the outbox has not gone yet."""
    query = select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == "pending")
    return await connection.scalar(query) is not None


async def forget(connection: AsyncConnection, but: list[str]) -> None:
    """All but those of these announcements."""
    kept = [f"{_NAME}{announcement_id}" for announcement_id in but]
    query = delete(facts).where(facts.c.name.startswith(_NAME, autoescape=True), facts.c.name.not_in(kept))
    await connection.execute(query)
