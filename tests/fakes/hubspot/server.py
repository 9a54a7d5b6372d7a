"""The fake on real TCP: answers calls of HubSpot's API from a portal, in whatever mood it is."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes.hubspot.api.asking import Reply
from tests.fakes.hubspot.calls import CallLog
from tests.fakes.hubspot.desk import Desk, Heard
from tests.fakes.hubspot.meter import Meter
from tests.fakes.hubspot.moods import Mood, Moods
from tests.fakes.hubspot.pages import site
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.webhooks import Webhooks

API = ("/crm/", "/crm-object-schemas/", "/account-info/", "/files/")
LARGEST = 64 * 1024 * 1024


class Hub:
    """A running fake: `url` and `token` for the client, `portal` for what it holds, `calls` for what was asked."""

    def __init__(self, portal: Portal | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.desk = Desk(portal or Portal())
        self._host, self._port = host, port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def portal(self) -> Portal:
        return self.desk.portal

    @property
    def moods(self) -> Moods:
        return self.desk.moods

    @property
    def webhooks(self) -> Webhooks:
        return self.desk.webhooks

    @property
    def calls(self) -> CallLog:
        return self.desk.calls

    @property
    def meter(self) -> Meter:
        return self.desk.meter

    @property
    def over_limit(self) -> int:
        """Calls that were more than the account allows."""
        return len(self.desk.meter.over)

    @property
    def token(self) -> str:
        return self.portal.token

    def start(self) -> None:
        """OSError where the port is taken; nothing is left running then."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-hubspot", daemon=True)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        self.desk.webhooks.stop()
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._loop = None

    def reset(self, portal: Portal | None = None) -> None:
        """A new portal at the same address, in calm mood, nothing counted."""
        self.desk.webhooks.stop()
        self.desk = Desk(portal or Portal())

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
        if not request.path.startswith(API):
            return await self._shown(request)
        heard = await _heard(request)
        desk, moods, path = self.desk, self.moods, heard.path
        mood = moods.mood(heard.method, path)
        await _run(moods.acts(heard.method, path))
        reply = desk.answer(heard, mood)
        await _run(moods.acts(heard.method, path, late=True))
        if mood is Mood.SLOW:
            await asyncio.sleep(moods.slowness)
        silent = mood in {Mood.LOST, Mood.DROPPED}
        desk.note(heard, 0 if silent else reply.status)
        return await _sent(request, reply, mood)

    async def _shown(self, request: web.Request) -> web.Response:
        """A page for people; forms are taken from these pages alone."""
        if request.method == "GET":
            page = site.get(self.desk, request.path, request.query)
        elif request.method != "POST" or request.headers.get("Origin", self.url) != f"http://{request.host}":
            return web.Response(status=403)
        else:
            form = await request.post()
            page = site.post(self.desk, request.path, {name: [str(one) for one in form.getall(name)] for name in form})
        return web.Response(
            text=page.text, status=page.status, content_type=page.content_type, headers=page.headers, charset="utf-8"
        )


async def _run(acts: list[Callable[[], object]]) -> None:
    """In threads, so that an act can call the fake."""
    for act in acts:
        await asyncio.to_thread(act)


async def _heard(request: web.Request) -> Heard:
    body, upload = await _read(request)
    return Heard(
        request.method,
        request.raw_path.partition("?")[0],
        dict(request.query),
        request.headers.get("Authorization", ""),
        body,
        upload,
    )


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


async def _sent(request: web.Request, reply: Reply, mood: Mood | None) -> web.StreamResponse:
    """The answer, or what is left of it in this mood."""
    if isinstance(reply.body, str):
        return web.Response(text=reply.body, status=reply.status, headers=reply.headers, content_type="text/html")
    body = b"" if reply.body is None else json.dumps(reply.body).encode()
    if mood in {Mood.LOST, Mood.DROPPED}:
        _hang_up(request)
        return web.Response()
    if mood is Mood.NOT_JSON:
        return web.Response(body=b"<html>hello</html>", content_type="text/html")
    if mood is Mood.TORN:
        return await _half(request, reply, body)
    content_type = "application/json" if body else None
    return web.Response(body=body, status=reply.status, headers=reply.headers, content_type=content_type)


async def _half(request: web.Request, reply: Reply, body: bytes) -> web.StreamResponse:
    torn = web.StreamResponse(status=reply.status, headers={"Content-Type": "application/json"})
    torn.content_length = len(body) + 1
    await torn.prepare(request)
    await torn.write(body[: len(body) // 2])
    _hang_up(request)
    return torn


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
