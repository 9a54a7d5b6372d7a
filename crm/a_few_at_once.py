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
    """`saved` hears of each. The first fault ends it and comes out as it is; some records are then saved and some are
    not, which a repetition mends.
    """
    waiting = iter(tuple(records))

    async def work() -> None:
        for record in waiting:
            await save(record)
            saved()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from faults
