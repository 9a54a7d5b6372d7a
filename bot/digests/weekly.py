"""The clock's part in managers' digests: written once a week however many clocks ask, and once for weeks missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.managers import ManagersDigests
from bot.digests.telling_managers import mail, post
from bot.digests.when import latest_week
from bot.storage import instance, ledger, outbox
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from knowledge.program import Manager

_SENT = "managers_digest_until"


@dataclass(frozen=True, slots=True)
class WeeklyDigests:
    digests: ManagersDigests
    queue: Queue
    now: Callable[[], datetime]

    async def __call__(self) -> int:
        """How many managers were written to. The first time ever, weeks that are due already count as told.

        Raises what looking up raises; then nothing is written, and the next tick tries again.
        """
        program = self.digests.programs.at(self.now())
        due = latest_week(self.now(), self.digests.rules, program.vendor)
        if due is None or not await self._is_new(due):
            return 0
        async with self.digests.database.begin() as connection:
            if not await instance.move(connection, _SENT, due.isoformat()):
                return 0  # another clock was first
            await self._written(connection, program.managers, f"digest:{due}")
            await ledger.append(connection, "managers_digest", "clock", {"of": due.isoformat()})
        await self.queue.deliver(Destination.MAIL, Destination.SLACK)
        return len(program.managers)

    async def send(self, managers: Sequence[Manager]) -> None:
        """Now, to these, beside the weekly ones: a person asked for it."""
        async with self.digests.database.begin() as connection:
            await self._written(connection, managers, f"digest:{self.now().isoformat()}")
        await self.queue.deliver(Destination.MAIL, Destination.SLACK)

    async def _written(self, connection: AsyncConnection, managers: Sequence[Manager], key: str) -> None:
        week = await self.digests.week(connection)
        for manager in managers:
            digest, whose = week.digest(manager), f"{key}:{manager.email}"
            rows = [mail(digest, manager, whose), post(digest, manager, whose)]
            await outbox.put(connection, [row for row in rows if row is not None])

    async def _is_new(self, due: date) -> bool:
        """Whether it is not written yet; asked without a lock, since it is seldom so."""
        async with self.digests.database.begin() as connection:
            known = await instance.get(connection, _SENT)
            if known is None:
                await instance.move(connection, _SENT, due.isoformat())
            return known is not None and known < due.isoformat()
