"""Delivers while somebody tries it by hand: over an open WebSocket where there is one, else over HTTP, patiently."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.fakes.slack.delivering import Attempt, HttpTransport, Kind
from tests.fakes.slack.sockets import Sockets

PAUSES = (0.5, 1.0, 2.0, 5.0) + (10.0,) * 30
"""Seconds between attempts: what was written before the agent started is heard once it does."""


class ByHand:
    """Implements `Transport`. Events are brought in the background, so that no page waits for them."""

    def __init__(self, sockets: Sockets, http: HttpTransport | None, pauses: Sequence[float] = PAUSES) -> None:
        self._sockets = sockets
        self._http = http
        self._pauses = pauses
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        return len(self._tasks)

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        if kind is not Kind.EVENT:
            return await self._way().deliver(payload, kind)
        task = asyncio.create_task(self._bring(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return [Attempt(202, {}, "")]

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _bring(self, payload: dict[str, Any]) -> None:
        for pause in (*self._pauses, 0.0):
            attempts = await self._way().deliver(payload, Kind.EVENT)
            if attempts[-1].acknowledged or attempts[-1].headers.get("X-Slack-No-Retry") == "1":
                return
            await asyncio.sleep(pause)

    def _way(self) -> Sockets | HttpTransport:
        if self._http is not None and not self._sockets.live:
            return self._http
        return self._sockets
