"""Saves many records through a CRM's port, a few at the same time, for each save is a transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

_R = TypeVar("_R")
AT_ONCE = 5
"""Fewer than the connections of a database's pool, so that others get theirs."""


async def save_each(
    save: Callable[[_R], Awaitable[None]], records: Iterable[_R], saved: Callable[[], object] = lambda: None
) -> None:
    """`saved` hears of each. After the first fault nothing more is begun, what is on its way comes to its end, and the
    fault comes out as it is; some records are then saved and some are not, which a repetition mends.
    """
    waiting = iter(tuple(records))
    faults: list[Exception] = []

    async def work() -> None:
        for record in waiting:
            try:
                await save(record)
            except Exception as fault:
                faults.append(fault)
                raise
            if faults:
                return
            saved()

    # Never cancelled: of a save that is torn off in the middle nobody knows whether it was written.
    await asyncio.gather(*(work() for _ in range(AT_ONCE)), return_exceptions=True)
    if faults:
        raise faults[0]
