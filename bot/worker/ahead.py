"""Rows prepared ahead of their turn: all but the last step overlaps, and at most one row's end is ever unknown."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.ports import AheadOutlet, OutletUnavailable, Prepared
from bot.storage.outbox import BULK, Due, OutboxState
from bot.worker.abreast import LOOK
from bot.worker.attempts import Settled, finish, prepare

_Look = Callable[[], Awaitable[list[Due]]]
Pause = Callable[[], Awaitable[float]]
_Ready = asyncio.Task[Prepared | Settled]


class Note(Protocol):
    async def __call__(self, done: Sequence[Settled], following: Due | None) -> bool:
        """Note the ends, and in the same commit that an attempt at `following` begins; False where that may not go any
        more.
        """
        ...


class Ahead:
    """Sends what `look` gives in its order, and looks again every fifth of a second: who becomes due goes first.

    An attempt is noted before its last step, in the commit that notes the end of the one before: whoever dies in the
    middle leaves word that this one row may have got through. What is merely prepared has not been sent. `pause` says
    how long bulk gives way before its next row, in seconds; nothing else ever waits for that.
    """

    def __init__(
        self, outlet: AheadOutlet, look: _Look, note: Note, every: float = LOOK, pause: Pause | None = None
    ) -> None:
        self._outlet = outlet
        self._look = look
        self._note = note
        self._every = every
        self._pause = pause
        self._looked_at = 0.0
        self._were_many = False
        self._rows: deque[Due] = deque()
        self._prepared: deque[tuple[Due, _Ready]] = deque()
        self._unnoted: list[Settled] = []
        self._waiting: set[str] = set()
        self._trying: Due | None = None
        self.tried = 0
        self.put_back: list[Due] = []
        """The attempt that began and sent nothing, because the destination turned out to be down."""

    async def run(self) -> OutletUnavailable | None:
        """None at the end, or why the destination takes nothing now."""
        try:
            while await self._more():
                await self._next()
        except OutletUnavailable as fault:
            self.put_back = [self._trying] if self._trying is not None else []
            return fault
        finally:
            await self._drop_all()
            await self._noted()
            await self._outlet.rest()
        return None

    async def _more(self) -> bool:
        """Whether a row is being prepared, after a look where it is time for one."""
        if not self._rows and not self._prepared:
            await self._noted()
            await self._look_again()
        elif time.monotonic() - self._looked_at > self._every or (not self._rows and self._were_many):
            await self._look_again()
        self._prepare()
        if not self._prepared and self._unnoted:
            await self._noted()  # a row may have waited for the end of one to the same address
            await self._look_again()
            self._prepare()
        return bool(self._prepared)

    async def _look_again(self) -> None:
        rows = await self._look()
        self._looked_at = time.monotonic()
        self._were_many = len(rows) > self._outlet.ahead
        in_hand = {row.id for row, _ in self._prepared} | {end.row.id for end in self._unnoted}
        self._rows = deque(row for row in rows if row.id not in in_hand and row.ordering not in self._waiting)

    def _prepare(self) -> None:
        """As many as the outlet takes, each once the one before it to the same address has come to its end."""
        in_hand = [row for row, _ in self._prepared] + ([self._trying] if self._trying is not None else [])
        under_way = {row.ordering for row in in_hand if row.ordering}
        while self._rows and len(self._prepared) < self._outlet.ahead and self._rows[0].ordering not in under_way:
            row = self._rows.popleft()
            if row.ordering and row.ordering in self._waiting:
                continue
            under_way |= {row.ordering} if row.ordering else set()
            self._prepared.append((row, asyncio.create_task(prepare(self._outlet, row))))

    async def _next(self) -> None:
        row, preparing = self._prepared[0]
        ready = await preparing
        await self._give_way()
        self._prepared.popleft()
        if isinstance(ready, Settled):
            self._take(ready)
            return
        try:
            begun = await self._noted(row)
        except BaseException:
            ready.drop()
            raise
        if not begun:
            ready.drop()
            self._rows.clear()  # held or cancelled since the look, and it may not be the only one
            return
        self._trying = row
        self._prepare()
        self._take(await finish(ready, row))
        self._trying = None

    async def _give_way(self) -> None:
        """Only while nothing but bulk is in hand, and never longer than until the next look."""
        in_hand = [*(row for row, _ in self._prepared), *self._rows]
        if self._pause is None or any(row.priority < BULK for row in in_hand):
            return
        if seconds := min(await self._pause(), self._every):
            await asyncio.sleep(seconds)

    def _take(self, end: Settled) -> None:
        self.tried += 1
        self._unnoted.append(end)
        if end.row.ordering and end.state is OutboxState.PENDING:
            self._waiting.add(end.row.ordering)

    async def _noted(self, following: Due | None = None) -> bool:
        ends, self._unnoted = self._unnoted, []
        return await self._note(ends, following)

    async def _drop_all(self) -> None:
        """What is under way to being prepared is broken off, and what is prepared is forgotten by the far side."""
        tasks = [task for _, task in self._prepared]
        for task in tasks:
            task.cancel()
        for ready in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(ready, Settled | BaseException):
                ready.drop()
        self._prepared.clear()
