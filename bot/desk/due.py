"""What has fallen due is seen to, each thing once and in a transaction of its own, by whoever stands for its kind."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, tasks, timers
from bot.storage.database import Database, StorageUnavailable
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from crm.records import Partner
from knowledge.deal_clock import Timer

log = logging.getLogger(__name__)

Handler = Callable[[AsyncConnection, Timer, datetime], Awaitable[None]]
"""Sees to one timer in the transaction that it is given; where it no longer holds there is nothing to do.

The timer is done when the handler returns, and as if nothing had happened where it raises.
"""

_AT_A_TIME = 100
_TOLD_AFTER = 3  # failures; then a person should know
_SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueDesk:
    """`handlers` are by kind of timer; `overlooked` sets timers that nobody set. Any number of desks may run: each
    timer is seen to once.
    """

    database: Database
    queue: Queue
    now: Callable[[], datetime]
    handlers: Mapping[str, Handler]
    overlooked: Callable[[], Awaitable[int]]

    async def __call__(self) -> int:
        """How many were seen to. One that fails is tried again later and holds up no other.

        Raises StorageUnavailable; what is due by then waits for the next call.
        """
        seen: set[str] = set()
        done = 0
        while batch := [timer for timer in await self._due() if timer.key not in seen]:
            for timer in batch:
                seen.add(timer.key)
                done += await self._see_to(timer)
        if done:
            await self.queue.deliver(*Destination)
        return done

    async def _due(self) -> list[Timer]:
        async with self.database.reading() as connection:
            return await timers.due(connection, self.now(), _AT_A_TIME)

    async def _see_to(self, timer: Timer) -> bool:
        now = self.now()
        try:
            async with self.database.begin() as connection:
                return await self._handle(connection, timer, now)
        except StorageUnavailable:
            raise
        except Exception as fault:
            log.exception("the timer %s failed", timer.key)
            await self._note_failure(timer, f"{type(fault).__name__}: {fault}", now)
            return False

    async def _handle(self, connection: AsyncConnection, timer: Timer, now: datetime) -> bool:
        """Locks the partner's version before the timer, as a message does that sets the timers of a registration.

        A message that is in hand meanwhile starts again on what the timer left behind, threads included.
        """
        if timer.partner_id:
            await mirror.version(connection, timer.partner_id, lock=True)
        held = await timers.hold(connection, timer.key, now)
        if held is None:
            return False
        await timers.done(connection, held.key, now)
        await self.handlers[held.kind](connection, held, now)
        if held.partner_id:
            await mirror.bump(connection, [held.partner_id])
        return True

    async def _note_failure(self, timer: Timer, error: str, now: datetime) -> None:
        async with self.database.begin() as connection:
            times = await timers.failed(connection, timer.key, error)
            pause = min(_SHORTEST * 2 ** min(times, 20), _LONGEST)
            await timers.postpone(connection, timer.key, now + pause)
            if times < _TOLD_AFTER:
                return
            partner = await mirror.one(connection, Partner, timer.partner_id) if timer.partner_id else None
            await tasks.open_task(
                connection,
                f"timer:{timer.key}",
                "notice",
                f"{timer.kind.replace('_', ' ')} of {timer.subject} fell due and fails again and again: {error}",
                manager_email=partner.manager_email if partner else "",
                partner_id=partner.id if partner else None,
                deal_number=timer.subject,
            )
