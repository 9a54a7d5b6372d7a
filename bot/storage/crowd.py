"""How many messages wait to be read or handled: what is sent to many gives way to them, a moment for each mail."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.queue import HANDLE, READ

_EVERY = 1.0  # seconds between two looks
_FEW = 3  # messages that wait are no crowd: a worker has several in hand at once
_MANY = 13  # with so many the pause is the longest
_LONGEST = 0.1  # seconds, so that ten mails a second go whatever happens

_Count = Callable[[], Awaitable[int]]


class Crowd:
    """The queue is looked at once a second at most, and tells what waits on all machines."""

    def __init__(self, count: _Count, clock: Callable[[], float] = time.monotonic) -> None:
        self._count = count
        self._clock = clock
        self._looked_at: float | None = None
        self._waiting = 0

    async def pause(self) -> float:
        """Seconds that bulk waits before its next mail: none while few wait, 0.1 at most."""
        more = min(await self._look(), _MANY) - _FEW
        return _LONGEST * max(more, 0) / (_MANY - _FEW)

    async def is_there(self) -> bool:
        """Whether more wait than are soon seen to."""
        return await self._look() > _FEW

    async def _look(self) -> int:
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= _EVERY:
            self._looked_at = now  # before the look: what else asks meanwhile does not look as well
            self._waiting = await self._count()
        return self._waiting


def crowd_of(database: Database) -> Crowd:
    return Crowd(partial(_counted, database))


async def _counted(database: Database) -> int:
    async with database.reading() as connection:
        return await waiting(connection)


async def waiting(connection: AsyncConnection) -> int:
    """Messages that could be read or handled now and that no worker has in hand; no more than matter are counted."""
    return int(await connection.scalar(_WAITING, {"tasks": [READ, HANDLE], "most": _MANY}) or 0)


_WAITING = text(
    "select count(*) from (select from procrastinate_jobs where status = 'todo' and task_name = any(:tasks)"
    " and (scheduled_at is null or scheduled_at <= now()) limit :most) as found"
)
