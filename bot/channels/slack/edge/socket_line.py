"""One connection of Socket Mode: each envelope is acknowledged once it is committed, and a silent one is given up."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from bot.channels.slack.edge.front import NotCommitted

log = logging.getLogger(__name__)

Take = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]
"""Commits what an envelope brings and gives what goes back with the acknowledgement; raises where it cannot."""

_AT_ONCE = 100  # envelopes in hand: beyond them a connection is not read until some are committed
_ENDS = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR})


@dataclass(frozen=True, slots=True)
class SocketPace:
    """In seconds: how long a hello may take, after what silence is asked and after what it counts as the end, how long
    an old connection is still read beside its successor, how long a commit may take and how long stopping waits for
    it, and the pauses between attempts to connect.
    """

    hello: float = 10.0
    ping: float = 10.0
    silence: float = 30.0
    leaving: float = 15.0
    commit: float = 10.0
    grace: float = 5.0
    pause: float = 1.0
    longest_pause: float = 60.0


class Line:
    """`over` is set as soon as a successor is wanted: Slack said so, it is silent, or it is closed; `reason` says why.

    After that what still comes is taken and acknowledged until Slack closes it, or until `leaving` seconds have passed.
    """

    def __init__(self, socket: ClientWebSocketResponse, take: Take, pace: SocketPace) -> None:
        self.hello = asyncio.Event()
        self.over = asyncio.Event()
        self.reason = ""
        self.heard_at = time.monotonic()
        self._socket = socket
        self._take = take
        self._pace = pace
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._in_hand: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> bool:
        return self.hello.is_set() and not self.over.is_set()

    async def run(self) -> None:
        """Until it is closed by either side."""
        watch = asyncio.create_task(self._watch(), name="slack socket watch")
        try:
            await self._read()
        except (ClientError, OSError) as fault:
            self._end(type(fault).__name__)
        finally:
            self._end("closed")
            watch.cancel()
            if self._in_hand:
                await asyncio.wait(self._in_hand, timeout=self._pace.grace)
            await self._socket.close()

    async def close(self) -> None:
        """What is in hand is committed and acknowledged first, as far as there is time for it."""
        self._end("stopping")
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=self._pace.grace)
        await self._socket.close()

    async def _read(self) -> None:
        while True:
            frame = await self._socket.receive()
            self.heard_at = time.monotonic()
            if frame.type in _ENDS:
                return
            if frame.type is WSMsgType.PING:
                await self._socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                await self._text(frame.data)

    async def _text(self, text: str) -> None:
        said = _object(text)
        match said.get("type"):
            case "hello":
                self.hello.set()
            case "disconnect":
                self._end(f"Slack asks for a new connection ({str(said.get('reason', ''))[:40]})")
            case _:
                await self._envelope(said)

    async def _envelope(self, envelope: Mapping[str, Any]) -> None:
        if not isinstance(envelope.get("envelope_id"), str):
            log.warning("Slack sent what is no envelope over a socket: %.40s", envelope.get("type"))
            return
        await self._room.acquire()
        task = asyncio.create_task(self._answer(envelope), name="slack envelope")
        self._in_hand.add(task)
        task.add_done_callback(self._done)

    async def _answer(self, envelope: Mapping[str, Any]) -> None:
        async with asyncio.timeout(self._pace.commit):
            body = await self._take(envelope)
        said: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if body is not None and envelope.get("accepts_response_payload"):
            said["payload"] = body
        try:
            await self._socket.send_str(json.dumps(said))
        except (ClientError, OSError):
            log.info("a socket was closed before an acknowledgement; Slack delivers it again")

    def _done(self, task: asyncio.Task[None]) -> None:
        self._room.release()
        self._in_hand.discard(task)
        if task.cancelled() or (fault := task.exception()) is None:
            return
        said = "not committed and so not acknowledged; Slack delivers it again: %s"
        expected = isinstance(fault, NotCommitted | TimeoutError)
        log.warning(said, str(fault) or "it took too long", exc_info=None if expected else fault)

    async def _watch(self) -> None:
        """Asks a silent connection whether it is there, and lets go of one that does not answer or is replaced."""
        while not self.over.is_set():
            silent = time.monotonic() - self.heard_at
            if silent >= self._pace.silence:
                self._end(f"silent for {silent:.0f} seconds")
                await self._socket.close()
                return
            if silent >= self._pace.ping:
                await self._ping()
            await self._within(min(self._pace.ping, self._pace.silence - silent))
        await asyncio.sleep(self._pace.leaving)
        await self._socket.close()

    async def _within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.over.wait()
        except TimeoutError:
            return

    async def _ping(self) -> None:
        try:
            await self._socket.ping()
        except (ClientError, OSError):
            log.debug("a socket could not be asked")

    def _end(self, reason: str) -> None:
        if not self.over.is_set():
            self.reason = reason
            self.over.set()


def _object(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
