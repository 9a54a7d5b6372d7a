"""Runs an HTTP application inside the event loop that everything else runs in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 5
"""How long `stop` lets running requests end before it cancels them; a cancelled one is never acknowledged."""


class _LoopServer(uvicorn.Server):
    """uvicorn without its signal handlers: who started the process decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """Serves `app` on `host` and `port`; port 0 takes a free one, which `port` then tells.

    `start` raises `OSError` when the address cannot be had. `stop` may be called at any time, also twice.
    """

    def __init__(self, app: ASGIApp, host: str, port: int, *, max_connections: int = 1000) -> None:
        self._host = host
        self._wanted_port = port
        self._server = _LoopServer(
            uvicorn.Config(
                app,
                # No lifespan, no WebSocket: what is not there cannot be reached.
                lifespan="off",
                ws="none",
                loop="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=max_connections,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._socket: socket.socket | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port listened on, or the one wanted before `start`."""
        if self._socket is None:
            return self._wanted_port
        return int(self._socket.getsockname()[1])

    async def start(self) -> None:
        if self._running is not None:
            raise RuntimeError("this server was started before")
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        self._socket = socket.create_server((self._host, self._wanted_port), family=family, backlog=256)
        self._running = asyncio.create_task(self._server.serve(sockets=[self._socket]), name=f"http:{self.port}")
        while not self._server.started:
            if self._running.done():
                raise RuntimeError("the server ended before it served") from self._running.exception()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        if self._running is None:
            return
        self._server.should_exit = True
        await asyncio.wait([self._running])
        if self._socket is not None:
            self._socket.close()
