"""Jobs that the queue believes to be running here and that are not: their end could not be written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker as QueueWorker

from bot.storage.database import StorageUnavailable
from bot.storage.queue import Queue

log = logging.getLogger(__name__)


class Forgotten:
    """Watches one worker. A database that goes away at the wrong moment would leave such jobs, and all that wait for
    their lock, until this process ends: it still gives signs of life, so nobody else puts them back.

    A look every `every` seconds; a job is put back when two in a row find it forgotten.
    """

    def __init__(self, queue: Queue, every: float) -> None:
        self._queue = queue
        self._every = every
        self._worker_id: int | None = None
        self._running: set[int] = set()
        self._suspects: set[int] = set()

    async def seen(self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: QueueWorker) -> Any:
        """The queue's worker runs every job through here."""
        job_id = context.job.id or 0
        self._worker_id = worker.worker_id
        self._running.add(job_id)
        try:
            return await call_next()
        finally:
            self._running.discard(job_id)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.look()
            except StorageUnavailable as fault:
                log.warning("no look for forgotten jobs: %s", fault)

    async def look(self) -> int:
        """How many jobs were put back."""
        if self._worker_id is None:
            return 0
        believed = await self._queue.running_at(self._worker_id)
        idle = [job for job in believed if job.id not in self._running]
        again = [job for job in idle if job.id in self._suspects]
        self._suspects = {job.id for job in idle if job.id is not None}
        put_back = sum([await self._queue.put_back(job) for job in again])
        if put_back:
            log.warning("%d job(s) whose end was not written down were put back", put_back)
        return put_back
