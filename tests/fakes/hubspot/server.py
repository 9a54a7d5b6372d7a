"""The fake on real TCP: answers calls of HubSpot's API from a portal, in whatever mood it is."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.hubspot.api.asking import Ask, Reply
from tests.fakes.hubspot.api.routes import Route, route
from tests.fakes.hubspot.calls import CallLog, Made
from tests.fakes.hubspot.faults import Fault, malformed, missing_scopes, no_such_resource, unauthenticated
from tests.fakes.hubspot.portal import Portal

LARGEST = 64 * 1024 * 1024


class Hub:
    """A running fake: `url` and `token` for the client, `portal` for what it holds, `calls` for what was asked."""

    def __init__(self, portal: Portal | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.portal = portal or Portal()
        self.calls = CallLog()
        self._host, self._port = host, port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-hubspot", daemon=True)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def token(self) -> str:
        return self.portal.token

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def reset(self, portal: Portal | None = None) -> None:
        """A new portal at the same address, in calm mood, nothing counted."""
        self.portal = portal or Portal()
        self.calls.clear()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def _end(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body, upload = await _read(request)
        found = route(request.method, request.raw_path.partition("?")[0])
        reply = self._reply(request, found, body, upload)
        template = found[0].path if isinstance(found, tuple) else request.path
        query = dict(request.query)
        parsed = _parsed(body) if body else None
        made = Made(request.method, request.path, template, reply.status, self.portal.clock.seconds(), query, parsed)
        self.calls.add(made)
        return _response(reply)

    def _reply(
        self, request: web.Request, found: tuple[Route, dict[str, str]] | int, body: bytes, upload: dict[str, Any]
    ) -> Reply:
        try:
            with self.portal.lock:
                return self._carried_out(request, found, body, upload)
        except Fault as fault:
            return Reply(fault.status, fault.body())

    def _carried_out(
        self, request: web.Request, found: tuple[Route, dict[str, str]] | int, body: bytes, upload: dict[str, Any]
    ) -> Reply:
        if request.headers.get("Authorization") != f"Bearer {self.portal.token}":
            raise unauthenticated()
        if isinstance(found, int):
            raise (
                no_such_resource() if found == 404 else Fault(405, "METHOD_NOT_ALLOWED", "HTTP 405 Method Not Allowed")
            )
        one, at = found
        parsed = _parsed(body) if body else None
        if parsed is BAD_JSON:
            raise malformed("the body is not JSON")
        ask = Ask(
            self.portal, {name: unquote(value) for name, value in at.items()}, dict(request.query), parsed, upload
        )
        lacking = one.scopes(ask) - self.portal.scopes
        if lacking:
            raise missing_scopes(lacking)
        return one.handler(ask)


BAD_JSON = object()


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return BAD_JSON


async def _read(request: web.Request) -> tuple[bytes, dict[str, Any]]:
    """The body, or the parts of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read(), {}
    parts: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            parts[name] = {"name": value.filename, "type": value.content_type, "content": value.file.read()}
        else:
            parts[name] = value
    return b"", parts


def _response(reply: Reply) -> web.Response:
    if reply.body is None:
        return web.Response(status=reply.status)
    return web.json_response(reply.body, status=reply.status)
