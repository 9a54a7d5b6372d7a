"""A process of a benchmark: `work` is a worker of the agent, `serve` all of it, `empty` runs jobs that do nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from pathlib import Path

from bot import event_loop
from bot.bootstrap import application, storage
from bot.serve import running, working
from bot.storage.queue import NewJob
from config.loading import load_settings

JOBS = 800  # an empty job each for reading and handling 400 mails


async def work() -> None:
    async with application(load_settings(Path(os.devnull))) as app, working(app):
        await asyncio.Event().wait()


async def serve() -> None:
    """The whole agent, as `partnerline serve` runs it; prints its port once it is at work."""
    async with application(load_settings(Path(os.devnull))) as app, running(app) as agent:
        sys.stdout.write(f"{agent.ports.http}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def empty() -> None:
    """Prints how many empty jobs a second the queue runs at the same concurrency."""
    settings = load_settings(Path(os.devnull))
    async with storage(settings) as (database, queue):

        @queue.app.task(name="empty")
        async def nothing(number: int) -> None:
            """Done at once."""

        async with database.begin() as connection:
            await queue.defer(connection, [NewJob("empty", f"lock {n % 25}", {"number": n}) for n in range(JOBS)])
        began = time.perf_counter()
        await queue.app.run_worker_async(
            concurrency=settings.workers_concurrency,
            wait=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )
        sys.stdout.write(f"{JOBS / (time.perf_counter() - began)}\n")


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    event_loop.run({"work": work, "serve": serve, "empty": empty}[sys.argv[1]]())
