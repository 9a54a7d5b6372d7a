"""Socket Mode: up to ten WebSockets, each payload to one of them, acknowledged by its envelope id or sent again."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivering import Attempt, Kind
from tests.fakes.slack.world import World

MOST = 10


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app. `muted` has fallen silent: it neither pings nor reads, and what is sent into it is
    lost. `leaving` was told to disconnect and gets nothing more.
    """

    number: int
    socket: web.WebSocketResponse
    muted: bool = False
    leaving: bool = False
    received: list[str] = field(default_factory=list)
    pongs: int = 0


class Sockets:
    """`ping_every` are the seconds between Slack's pings, `ack_timeout` those within which an envelope is to be
    acknowledged, `warning` those between the word `disconnect` and the end. `opened` counts connections over time.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.connections: list[Connection] = []
        self.opened = 0
        self.refusing = False
        self.ping_every = 5.0
        self.ack_timeout = 3.0
        self.warning = 10.0
        self.retry_delays: Sequence[float] = (0.0, 0.02, 0.05)
        self.acknowledged: list[str] = []
        self.unknown: list[str] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._envelopes = itertools.count(1)
        self._ends: set[asyncio.Task[None]] = set()

    @property
    def live(self) -> list[Connection]:
        """Those that payloads may go to."""
        return [one for one in self.connections if not one.leaving and not one.socket.closed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.refusing or ticket not in self._world.tickets:
            return web.Response(status=503 if self.refusing else 403)
        self._world.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        if len(self.live) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        connection = Connection(next(self._numbers), socket)
        self.connections.append(connection)
        self.opened += 1
        pinging = asyncio.create_task(self._ping(connection))
        try:
            await socket.send_json(self._hello())
            await self._read(connection)
        finally:
            pinging.cancel()
            self.connections.remove(connection)
        return socket

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        """To one connection; an event that is not acknowledged goes to the next one, with what number it is."""
        envelope_id = f"envelope-{self._world.run}-{next(self._envelopes):06d}"
        delays = (*self.retry_delays,) if kind is Kind.EVENT else ()
        attempts = [await self.send(envelope_id, payload, kind)]
        for number, delay in enumerate(delays, start=1):
            if attempts[-1].acknowledged:
                break
            await asyncio.sleep(delay)
            attempts.append(await self.send(envelope_id, payload, kind, number))
        return attempts

    async def send(self, envelope_id: str, payload: dict[str, Any], kind: Kind, retry: int = 0) -> Attempt:
        """Once, to whose turn it is; `envelope_id` may be one that was sent before."""
        if not self.live:
            return Attempt(0, {}, "")
        connection = self.live[next(self._numbers) % len(self.live)]
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id, "type": kind.value, "payload": payload,
            "accepts_response_payload": kind is not Kind.EVENT,
        }  # fmt: skip
        if kind is Kind.EVENT:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        waiting = self._waiting.setdefault(envelope_id, asyncio.get_running_loop().create_future())
        connection.received.append(envelope_id)
        try:
            if not connection.muted:
                await connection.socket.send_json(envelope)
            answer = await asyncio.wait_for(asyncio.shield(waiting), self.ack_timeout)
        except (TimeoutError, ConnectionError):
            return Attempt(0, {}, "")
        self._waiting.pop(envelope_id, None)
        return Attempt(200, {}, json.dumps(answer) if answer else "")

    async def disconnect(self, connection: Connection | None = None, reason: str = "warning") -> None:
        """Say goodbye to one connection, or to all, and close after the warning; `link_disabled` closes at once."""
        for one in [connection] if connection else list(self.live):
            said = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
            await one.socket.send_json(said)
            one.leaving = True
            task = asyncio.create_task(self._close(one, 0.0 if reason == "link_disabled" else self.warning))
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)

    def mute(self, connection: Connection) -> None:
        """It falls silent without a word, as connections do."""
        connection.muted = True

    def cut(self, connection: Connection | None = None) -> None:
        """The line breaks: one connection, or all."""
        for one in [connection] if connection else list(self.connections):
            one.leaving = True
            writer = one.socket._writer
            if writer is not None and writer.transport is not None:
                writer.transport.abort()

    async def stop(self) -> None:
        for task in list(self._ends):
            task.cancel()
        for one in list(self.connections):
            with suppress(ConnectionError, TimeoutError):
                await one.socket.close()

    async def _close(self, connection: Connection, after: float) -> None:
        await asyncio.sleep(after)
        await connection.socket.close()

    async def _ping(self, connection: Connection) -> None:
        with suppress(ConnectionError):
            while not connection.socket.closed:
                await asyncio.sleep(self.ping_every)
                if not connection.muted:
                    await connection.socket.ping(b"Ping from applink-1")

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.muted:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                connection.pongs += 1
            elif message.type is WSMsgType.TEXT:
                self._heard(message.data)

    def _heard(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            self.unknown.append(text[:200])
            return
        envelope_id = str(said.get("envelope_id")) if isinstance(said, dict) else ""
        waiting = self._waiting.get(envelope_id)
        if waiting is None:
            # Acknowledged a second time, or never sent.
            self.unknown.append(envelope_id)
        elif not waiting.done():
            self.acknowledged.append(envelope_id)
            payload = said.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self) -> dict[str, Any]:
        info = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        own = {"type": "hello", "num_connections": len(self.live), "debug_info": info}
        return own | {"connection_info": {"app_id": self._world.app_id}}
