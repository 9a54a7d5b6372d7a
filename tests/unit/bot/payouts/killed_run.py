"""A process that runs a month's statements and is killed in the middle of a partner: given a URL and a time."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts.run import StatementRun
from bot.storage.database import Database
from bot.storage.postgres import Postgres
from bot.storage.queue import NewJob, Queue
from knowledge.programs import Programs
from tests.builders import program

_ALIVE = 2  # partners that are done before


class _DeadlyQueue(Queue):
    """A partner's documents are asked for when its lines and its statement are written, and nothing is committed."""

    def __init__(self, postgres: Postgres) -> None:
        super().__init__(postgres)
        self._asked = 0

    async def defer(self, connection: AsyncConnection, jobs: Sequence[NewJob]) -> None:
        self._asked += 1
        if self._asked > _ALIVE:
            os.kill(os.getpid(), signal.SIGKILL)
        await super().defer(connection, jobs)


async def _nothing_new() -> int:
    return 0


async def _run(url: str, now: datetime) -> None:
    postgres = Postgres(make_url(url), "a test's")
    queue = _DeadlyQueue(postgres)
    await queue.open()
    await StatementRun(Database(postgres), queue, Programs((program(),)), lambda: now, _nothing_new)("2026-10")


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
