"""A process that sees to what is due and is killed while it does: run with a database's URL, a time, and the moment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.due import DueDesk
from bot.storage import tasks
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from knowledge.deal_clock import Timer


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DeadlyQueue(Queue):
    """Deliveries are asked for when everything is written."""

    async def deliver(self, *destinations: Destination) -> None:
        _die()


async def _nothing_overlooked() -> int:
    return 0


async def _run(url: str, now: datetime, *, in_the_middle: bool) -> None:
    async def ring(connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        await tasks.open_task(connection, f"rung:{timer.key}", "notice", "it rang")
        if in_the_middle:
            _die()

    postgres = Postgres(make_url(url), "a test's")
    desk = DueDesk(Database(postgres), _DeadlyQueue(postgres), lambda: now, {"killed": ring}, _nothing_overlooked)
    await desk()


if __name__ == "__main__":
    _, database_url, time, moment = sys.argv
    asyncio.run(_run(database_url, datetime.fromisoformat(time), in_the_middle=moment == "before the end"))
