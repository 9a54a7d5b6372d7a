"""Socket Mode: connections that we open to Slack, one always standing while another is replaced, into the one front."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRateLimited, SlackRefused, SlackUnauthorised, SlackUnavailable
from bot.channels.slack.edge.answered import Answered
from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.front import Front, Kind
from bot.channels.slack.edge.socket_line import Line, SocketPace

log = logging.getLogger(__name__)

CONNECTIONS = 2
"""So that one takes over where the other ends; Slack allows ten of one app."""

_PACE = SocketPace()
_CLOSING = aiohttp.ClientWSTimeout(ws_close=2.0)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Dial = Callable[[], Awaitable[str]]
"""Gives the address of a new connection. Raises `SlackUnavailable` or `SlackRefused`."""


def dialling(client: AsyncWebClient) -> Dial:
    """`client` has the app token. What Slack answers is taken only where it is encrypted, or on this machine."""

    async def dial() -> str:
        url = str((await call(client, "apps.connections.open", {})).get("url") or "")
        address = urlsplit(url)
        if address.scheme == "wss" or (address.scheme == "ws" and address.hostname in _LOOPBACK):
            return url
        raise SlackUnavailable("apps.connections.open named no encrypted address")

    return dial


@dataclass(frozen=True, slots=True)
class SocketState:
    """How many connections stand of how many wanted, for how many seconds nothing was heard from any of them (None
    where there is none), and what kept the last one from being opened ("" for nothing).
    """

    standing: int
    wanted: int
    silent: float | None
    fault: str

    @property
    def in_words(self) -> str:
        """As anybody may know it."""
        return f"{self.standing} of {self.wanted} connections" if self.standing else "not connected"


class Sockets:
    """Start it in a running loop; from then on it keeps `wanted` connections, whatever happens to one of them."""

    def __init__(self, dial: Dial, front: Front, *, wanted: int = CONNECTIONS, pace: SocketPace = _PACE) -> None:
        self._dial = dial
        self._front = front
        self._wanted = wanted
        self._pace = pace
        self._answered = Answered()
        self._lines: dict[Line, asyncio.Task[None]] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._fault = ""
        self._stands = asyncio.Event()

    @property
    def state(self) -> SocketState:
        standing = [line for line in self._lines if line.open]
        heard_at = max((line.heard_at for line in standing), default=None)
        silent = None if heard_at is None else time.monotonic() - heard_at
        return SocketState(len(standing), self._wanted, silent, self._fault)

    def start(self) -> None:
        self._session = aiohttp.ClientSession()
        names = [f"slack socket {number}" for number in range(1, self._wanted + 1)]
        self._keepers = [asyncio.create_task(self._keep(self._session), name=name) for name in names]

    async def stands(self, within: float) -> bool:
        """Whether a connection stood within so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._stands.wait()
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """Nothing new is taken; what is in hand is committed and acknowledged."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(line.close() for line in self._lines), return_exceptions=True)
        await asyncio.gather(*self._lines.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _keep(self, session: aiohttp.ClientSession) -> None:
        """One connection after the other; the next is opened as soon as one is not to be relied on any more."""
        failures = 0
        while True:
            try:
                line = await self._opened(session)
            except (SlackUnavailable, SlackRefused, aiohttp.ClientError, OSError, ValueError) as fault:
                failures += 1
                await self._pause(failures, fault)
                continue
            began, self._fault = time.monotonic(), ""
            await line.over.wait()
            log.info("a Slack socket is replaced: %s", line.reason)
            # One that ends as soon as it stands must not be opened again and again without a pause.
            failures = failures + 1 if time.monotonic() - began < self._pace.pause else 0
            if failures:
                await self._pause(failures, None)

    async def _opened(self, session: aiohttp.ClientSession) -> Line:
        """Once it said hello. TimeoutError (an OSError) where it does not."""
        async with asyncio.timeout(self._pace.hello):
            url = await self._dial()
            # Pings are answered by the line itself: only so it sees that the connection lives.
            socket = await session.ws_connect(url, autoping=False, timeout=_CLOSING, proxy=_proxy(url))
        line = Line(socket, self._take, self._pace)
        self._lines[line] = task = asyncio.create_task(line.run(), name="slack socket")
        task.add_done_callback(lambda ended: self._gone(line, ended))
        try:
            async with asyncio.timeout(self._pace.hello):
                await _first(line.hello, line.over)
        except (TimeoutError, asyncio.CancelledError):
            await line.close()
            raise
        if not line.hello.is_set():
            raise SlackUnavailable(f"a connection ended before it stood: {line.reason}")
        self._stands.set()
        return line

    def _gone(self, line: Line, ended: asyncio.Task[None]) -> None:
        self._lines.pop(line, None)
        if not ended.cancelled() and (fault := ended.exception()) is not None:
            log.error("a Slack socket ended by a fault of ours", exc_info=fault)

    async def _pause(self, failures: int, fault: Exception | None) -> None:
        longest = min(self._pace.pause * 2 ** min(failures - 1, 10), self._pace.longest_pause)
        if fault is not None:
            self._fault = _in_words(fault)
            log.warning("no Slack socket: %s", self._fault)
            if isinstance(fault, SlackRateLimited | SlackUnauthorised):
                longest = max(longest, min(fault.retry_after, self._pace.longest_pause))
        await asyncio.sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311 - so that not all come at once

    async def _take(self, envelope: Mapping[str, Any]) -> Mapping[str, Any] | None:
        attempt = envelope.get("retry_attempt")
        if attempt:
            log.info("Slack delivers again (attempt %.3s, %.40s)", attempt, envelope.get("retry_reason"))
        return await self._answered.once(str(envelope["envelope_id"]), lambda: self._take_new(envelope))

    async def _take_new(self, envelope: Mapping[str, Any]) -> Mapping[str, Any] | None:
        payload = envelope.get("payload")
        try:
            kind = Kind(str(envelope.get("type")))
        except ValueError:
            self._front.stopped(Stop.UNKNOWN_EVENT, {"type": envelope.get("type")})
            return None
        if not isinstance(payload, dict):
            self._front.stopped(Stop.MALFORMED, {"type": envelope.get("type")})
            return None
        return (await self._front.take(kind, payload, json.dumps(payload).encode())).body


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def _in_words(fault: Exception) -> str:
    if isinstance(fault, SlackUnauthorised):
        return f"Slack does not accept the app token: {fault.error}"
    return str(fault) or type(fault).__name__


def _proxy(url: str) -> str | None:
    """The one that the Web API is called through, never to the machine itself."""
    if urlsplit(url).hostname in _LOOPBACK:
        return None
    proxy: str | None = load_http_proxy_from_env(log)
    return proxy
