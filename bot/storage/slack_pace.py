"""The pace of calls to Slack, kept by all workers together: when the next call of a line may go.

A line's `next_at` is when it would be at rest, had all its calls been spread evenly (the generic cell rate algorithm):
a call goes while that lies no further ahead than its burst allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import INTERVAL, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.slack_tables import slack_pace

_SHORTEST = 0.05  # seconds: a call that was refused by a hair is not tried again at once
_FORGOTTEN = timedelta(hours=1)


class PaceLine(Protocol):
    """Calls that are counted together: `burst` at once, and one every `every` seconds in the long run."""

    @property
    def name(self) -> str: ...

    @property
    def every(self) -> float: ...

    @property
    def burst(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StoredPace:
    """Each call is one statement of its own. Raises StorageUnavailable."""

    database: Database

    async def take(self, line: PaceLine, unless_held: str = "") -> float:
        every = timedelta(seconds=line.every)
        now = func.clock_timestamp()
        free = ~select(slack_pace.c.line).where(slack_pace.c.line == unless_held, slack_pace.c.next_at > now).exists()
        first = select(literal(line.name), now + literal(every, INTERVAL)).where(free)
        made = insert(slack_pace).from_select(["line", "next_at"], first)
        taken = made.on_conflict_do_update(
            index_elements=["line"],
            set_={"next_at": func.greatest(slack_pace.c.next_at, now) + every},
            where=slack_pace.c.next_at <= now + _ahead(line),
        ).returning(slack_pace.c.next_at)
        async with self.database.reading() as connection:
            if (await connection.execute(taken)).first() is not None:
                return 0.0
            own = await _until(connection, line.name) - _ahead(line).total_seconds()
            return max(own, await _until(connection, unless_held) if unless_held else 0.0, _SHORTEST)

    async def held(self, name: str) -> float:
        async with self.database.reading() as connection:
            return max(await _until(connection, name), 0.0)

    async def hold(self, line: PaceLine, seconds: float) -> None:
        """After it the line goes on slowly, without a burst; a longer hold stays as it is."""
        until = func.clock_timestamp() + timedelta(seconds=seconds) + _ahead(line)
        made = insert(slack_pace).values(line=line.name, next_at=until)
        longer = made.on_conflict_do_update(
            index_elements=["line"], set_={"next_at": func.greatest(slack_pace.c.next_at, made.excluded.next_at)}
        )
        async with self.database.reading() as connection:
            await connection.execute(longer)


async def forget_old(connection: AsyncConnection) -> int:
    """Drop lines that have been at rest for an hour, such as channels that nobody writes in; how many."""
    return (await connection.execute(delete(slack_pace).where(slack_pace.c.next_at < func.now() - _FORGOTTEN))).rowcount


def _ahead(line: PaceLine) -> timedelta:
    """How far ahead of now `next_at` may lie while a call still goes."""
    return timedelta(seconds=line.every * (line.burst - 1))


async def _until(connection: AsyncConnection, name: str) -> float:
    query = select(func.extract("epoch", slack_pace.c.next_at - func.clock_timestamp()))
    return float(await connection.scalar(query.where(slack_pace.c.line == name)) or 0.0)
