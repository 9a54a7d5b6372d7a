"""Waits until something came about, for what the app does by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

STEP = 0.005


async def wait_for(holds: Callable[[], bool], within: float = 2.0) -> None:
    """Raises TimeoutError after so many seconds."""
    for _ in range(max(1, int(within / STEP))):
        if holds():
            return
        await asyncio.sleep(STEP)
    if not holds():
        raise TimeoutError(f"not within {within} seconds")
