"""One page of rows on their way to a destination where repeating is harmless: many ends share one note."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.ports import BatchOutlet, Outlet, OutletUnavailable
from bot.storage.outbox import Due, OutboxState
from bot.worker.attempts import ANSWERED, Settled, attempt, attempt_together, put_off

log = logging.getLogger(__name__)

_Settle = Callable[[Sequence[Settled]], Awaitable[None]]


class Page:
    """Rows in hand, each tried once; `tried` counts those that came to an end."""

    def __init__(self, outlet: Outlet, settle: _Settle) -> None:
        self._outlet = outlet
        self._settle = settle
        self._waiting: set[str] = set()
        self._done: set[str] = set()
        self._unnoted: list[Settled] = []
        self.tried = 0

    async def all(self, rows: Sequence[Due]) -> None:
        """Those that go together after the others, so that what they are about is there. Raises OutletUnavailable."""
        outlet = self._outlet
        if not isinstance(outlet, BatchOutlet):
            return await self._alone(rows)
        together = [row for row in rows if row.kind in outlet.together]
        await self._each(outlet, [row for row in rows if row.kind not in outlet.together], together)
        await self.note()
        for start in range(0, len(together), outlet.batch):
            batch = [row for row in together[start : start + outlet.batch] if self._may_go(row)]
            if batch:
                self._take(await attempt_together(outlet, batch), hold=False)
                await self.note()
        return None

    async def note(self) -> None:
        ends, self._unnoted = self._unnoted, []
        await self._settle(ends)

    async def _alone(self, rows: Sequence[Due]) -> None:
        for row in rows:
            if row.ordering not in self._waiting:
                self._take([await attempt(self._outlet, row)])

    async def _each(self, outlet: BatchOutlet, rows: Sequence[Due], together: Sequence[Due]) -> None:
        """Such a destination cannot say whether it is away for all or for one row alone: somebody else's row tells."""
        for row in rows:
            if not self._may_go(row):
                continue
            try:
                self._take([await attempt(outlet, row)])
            except OutletUnavailable as fault:
                if not await self._takes_another(outlet, row, (*rows, *together)):
                    raise
                log.warning("outbox row %s alone is not taken: %s", row.id, fault)
                self._take([put_off(row, fault)])

    async def _takes_another(self, outlet: BatchOutlet, row: Due, rows: Sequence[Due]) -> bool:
        """Raises OutletUnavailable where that is not taken either."""
        other = next((one for one in rows if one.ordering != row.ordering and self._may_go(one)), None)
        if other is None:
            return False
        together = other.kind in outlet.together
        ends = await attempt_together(outlet, [other]) if together else [await attempt(outlet, other)]
        self._take(ends, hold=not together)
        return all(end.state in ANSWERED for end in ends)

    def _may_go(self, row: Due) -> bool:
        return row.id not in self._done and row.ordering not in self._waiting

    def _take(self, ends: Sequence[Settled], *, hold: bool = True) -> None:
        """With `hold` what is put off holds back what is behind it."""
        self._done |= {end.row.id for end in ends}
        self.tried += len(ends)
        self._unnoted += ends
        if not hold:
            return
        self._waiting |= {end.row.ordering for end in ends if end.row.ordering and end.state is OutboxState.PENDING}
