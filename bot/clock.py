"""The clock: APScheduler fires, and a fire does one thing only: it defers a job named after its tick."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.storage.database import StorageUnavailable
from bot.storage.queue import TICK, Queue

log = logging.getLogger(__name__)

EVERY: Mapping[str, float] = {
    "rescue": 5, "announce": 5, "nudge": 10, "due": 10, "refresh": 60, "homes": 20, "seal": 30, "payouts": 300,
    "digests": 300, "onboarding": 300, "sweep": 3_600,
}  # fmt: skip
"""Duty -> seconds. A late fire is dropped and several missed ones count as one: the next look sees the same work."""


class Clock:
    """Any number of nodes may run one: the same tick is deferred under one lock and done once."""

    def __init__(self, queue: Queue, every: Mapping[str, float] = EVERY) -> None:
        self._queue = queue
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for name, seconds in every.items():
            self._scheduler.add_job(
                self._fire,
                IntervalTrigger(seconds=seconds, timezone=UTC),
                args=[name, seconds],
                id=name,
                coalesce=True,
                misfire_grace_time=max(1, int(seconds)),
                max_instances=1,
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _fire(self, name: str, seconds: float) -> None:
        tick = str(int(datetime.now(UTC).timestamp() // seconds))
        try:
            await self._queue.nudge(TICK, f"{name}:{tick}", name=name, tick=tick)
        except StorageUnavailable as fault:
            log.warning("the clock's %s waits for the database: %s", name, fault)
