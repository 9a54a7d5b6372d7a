"""Group commit: while one commit is under way, the messages that arrive wait together for the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.storage.database import StorageUnavailable
from bot.storage.inbox import Arrival

_MOST = 200

_Waiting = tuple[Arrival, asyncio.Future[None]]


class Acceptor:
    """`accept` returns when the message is committed and raises what the commit raised.

    With nothing under way a message is committed at once; under load up to 200 share a commit.
    """

    def __init__(self, commit: Callable[[Sequence[Arrival]], Awaitable[None]]) -> None:
        self._commit = commit
        self._waiting: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None

    async def accept(self, arrival: Arrival) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._running is None:
            self._running = asyncio.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._commit_batch(batch)
        finally:
            self._running = None
            left, self._waiting = self._waiting, []
            _settle(left, ConnectionAbortedError("stopping"))

    async def _commit_batch(self, batch: list[_Waiting]) -> None:
        try:
            await self._commit([arrival for arrival, _ in batch])
        except StorageUnavailable as fault:
            _settle(batch, fault)
        except Exception as fault:  # noqa: BLE001 - each sender is told, and none stays without an answer
            await self._commit_apart(batch, fault)
        except BaseException:
            _settle(batch, ConnectionAbortedError("stopping"))
            raise
        else:
            _settle(batch, None)

    async def _commit_apart(self, batch: list[_Waiting], fault: Exception) -> None:
        """One message that the database refuses must not take its neighbours with it."""
        if len(batch) == 1:
            _settle(batch, fault)
            return
        for waiting in batch:
            await self._commit_batch([waiting])


def _settle(batch: list[_Waiting], fault: Exception | None) -> None:
    for _, done in batch:
        if done.done():
            continue
        if fault is None:
            done.set_result(None)
        else:
            done.set_exception(fault)
