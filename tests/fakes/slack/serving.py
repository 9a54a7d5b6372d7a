"""The fake on real TCP: the Web API, files to fetch and to put there, `response_url`s, WebSockets, and pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.fakes.slack import hooks
from tests.fakes.slack.world import FakeFile, World

LARGEST = 64 * 1024 * 1024
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Serving:
    """`answer` is that of the Web API; `routes` may be added to before it is started. `downloads` are the paths that
    were asked for; `before_download` may answer in place of the file.
    """

    def __init__(self, world: World, answer: Answering) -> None:
        self._world = world
        self._runner: web.AppRunner | None = None
        self.downloads: list[str] = []
        self.before_download: Callable[[web.Request], web.StreamResponse | None] | None = None
        self.routes: list[web.RouteDef] = [
            web.route("*", "/api/{method}", answer),
            web.get("/files-pri/{key}/{rest:.*}", self._download),
            web.post("/upload/v1/{file}", self._upload),
            web.post("/hooks/{key}", self._hook),
        ]

    async def start(self, host: str, port: int) -> None:
        app = web.Application(client_max_size=LARGEST)
        app.add_routes(self.routes)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._world.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Only with the token; without it Slack leads to a page to log in."""
        file = self._world.files.get(request.match_info["key"].partition("-")[2])
        self.downloads.append(request.path)
        if self.before_download is not None and (other := self.before_download(request)) is not None:
            return other
        if request.headers.get("Authorization") != f"Bearer {self._world.token}":
            raise web.HTTPFound("https://home.example/?redir=%2Ffiles-pri")
        if file is None or file.state or not file.uploaded:
            return web.Response(text="<!DOCTYPE html><title>Not found</title>", content_type="text/html", status=404)
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self._world.files.get(request.match_info["file"])
        if file is None or file.uploaded:
            return web.Response(status=404)
        content = await _content(request)
        if str(len(content)) != file.external:
            return web.Response(text="length mismatch", status=400)
        file.content = content
        file.mimetype = _mimetype(file)
        return web.Response(text=f"OK - {len(content)}")

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        try:
            said = await request.json()
        except ValueError:
            return web.Response(text="invalid_payload", status=400)
        status, text = hooks.answered(self._world, request.match_info["key"], said)
        self._world.changes += 1
        return web.Response(text=text, status=status)


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


def _mimetype(file: FakeFile) -> str:
    kinds = {b"\x89PNG": "image/png", b"%PDF": "application/pdf"}
    return next((kind for start, kind in kinds.items() if file.content.startswith(start)), file.mimetype)
