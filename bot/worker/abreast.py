"""Rows of several orderings on their way at the same time: each ordering has one writer, and none waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.ports import Outlet, OutletUnavailable
from bot.storage.outbox import Due
from bot.worker.attempts import Settled, attempt

LOOK = 0.2
"""Seconds: how often a destination is looked at while rows wait for their turn."""
_AT_ONCE = 8

_Look = Callable[[], Awaitable[tuple[list[Due], bool]]]
_Begin = Callable[[Sequence[Due]], Awaitable[set[str]]]


_Settle = Callable[[Sequence[Settled]], Awaitable[None]]


class Abreast:
    """Sends the heads of orderings as they become due, at most eight at once, until nothing is left that goes soon.

    An attempt is noted before it begins, so that whoever dies in the middle leaves word that it may have got through.
    A slow answer holds up its own ordering alone. `look` gives what may go now and whether more follows shortly,
    `begin` the ids of those that may still go when the attempt is noted.
    """

    def __init__(self, outlet: Outlet, look: _Look, begin: _Begin, settle: _Settle) -> None:
        self._outlet = outlet
        self._look = look
        self._begin = begin
        self._settle = settle
        self._under_way: dict[asyncio.Task[Settled], Due] = {}
        self._down: OutletUnavailable | None = None
        self.tried = 0
        self.put_back: list[Due] = []
        """Attempts that began and sent nothing, because the destination turned out to be down."""

    async def run(self) -> OutletUnavailable | None:
        """None at the end, or why the destination takes nothing now; what was under way then came to its end first."""
        try:
            while True:
                more = await self._start()
                if self._under_way:
                    await self._ended()
                elif more:
                    await asyncio.sleep(min(LOOK, self._outlet.pace))
                else:
                    return self._down
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _start(self) -> bool:
        """Begin what may go; whether more waits for its turn only."""
        free = _AT_ONCE - len(self._under_way)
        if self._down is not None or not free:
            return False
        rows, more = await self._look()
        busy = {row.ordering for row in self._under_way.values()}
        going = [row for row in rows if row.ordering not in busy]
        begun = await self._begin(going[:free]) if going else set()
        for row in going[:free]:
            if row.id in begun:
                self._under_way[asyncio.create_task(attempt(self._outlet, row))] = row
        return more or len(going) > free

    async def _ended(self) -> None:
        """Wait for one to end, no longer than until the next look is due, and note what has ended."""
        full = len(self._under_way) == _AT_ONCE or self._down is not None
        done, _ = await asyncio.wait(
            self._under_way, timeout=None if full else min(LOOK, self._outlet.pace), return_when=asyncio.FIRST_COMPLETED
        )
        ends: list[Settled] = []
        for task in done:
            row = self._under_way.pop(task)
            try:
                ends.append(task.result())
            except OutletUnavailable as fault:
                self._down = self._down or fault
                self.put_back.append(row)
        self.tried += len(ends)
        await self._settle(ends)
