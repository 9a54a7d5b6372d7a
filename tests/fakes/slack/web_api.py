"""A stateful Slack: two workspaces with people and channels, its Web API on real TCP, and the moods of a real one."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.fakes.slack.api.asking import Answer, Ask, No
from tests.fakes.slack.api.routes import METHODS, SCOPES, Method
from tests.fakes.slack.contract import faults
from tests.fakes.slack.meter import Meter
from tests.fakes.slack.moods import BEFORE, Mood, Moods
from tests.fakes.slack.serving import Serving
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import (
    APP_ID,
    APP_TOKEN,
    AWAY,
    BOT_ID,
    BOT_USER,
    HOME,
    THIRD,
    TOKEN,
    FakeChannel,
    FakeFile,
    FakeTeam,
    FakeUser,
    FakeView,
    World,
    standard,
)

__all__ = [
    "APP_ID", "APP_TOKEN", "AWAY", "BOT_ID", "BOT_USER", "HOME", "THIRD", "TOKEN", "FakeChannel", "FakeFile",
    "FakeSlack", "FakeTeam", "FakeUser", "FakeView", "Mood",
]  # fmt: skip


class FakeSlack(World):
    """Start it with `await start()`; `base_url` is then the API address for the client.

    `calls` holds every request as (method, arguments), `violations` those that break Slack's own contract. A mood is
    used up by one call; `refuse` makes each call of a method fail with one of Slack's errors, a channel's `refuses`
    those about this channel. `scopes` are those of the token. `sockets` are the connections of Socket Mode.
    """

    def __init__(self, *, empty: bool = False) -> None:
        super().__init__()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.violations: list[str] = []
        self.retry_after = "7"
        self.slowness = 5.0
        self.scopes = set(SCOPES)
        self.moods = Moods()
        self.meter = Meter()
        self.sockets = Sockets(self)
        self.serving = Serving(self, self._answer)
        self.serving.routes.append(web.get("/link/", self.sockets.handle))
        if not empty:
            standard(self)

    def next_moods(self, method: str, *moods: Mood) -> None:
        self.moods.next(method, *moods)

    @property
    def base_url(self) -> str:
        return f"{self.url}/api/"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """OSError where the port is taken."""
        await self.serving.start(host, port)

    async def stop(self) -> None:
        await self.sockets.stop()
        await self.serving.stop()

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of this method."""
        return [arguments for name, arguments in self.calls if name == method]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        self.violations += [f"{method}: {fault}" for fault in faults(method, arguments)]
        self.moods.run_before(method)
        if (refused := self._too_many(method, arguments)) is not None:
            return refused
        mood = self.moods.mood(method)
        if mood in BEFORE:
            return self._broken(mood, request)
        if mood is Mood.SLOW_BEFORE:
            await asyncio.sleep(self.slowness)
        answer = self._carry_out(method, request, arguments)
        self.moods.run_after(method)
        if mood is Mood.LOST_AFTER_COMMIT:
            return hang_up(request)
        if mood is Mood.SLOW:
            await asyncio.sleep(self.slowness)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _too_many(self, method: str, arguments: dict[str, str]) -> web.StreamResponse | None:
        tier = METHODS[method].tier if method in METHODS else ""
        wait = self.meter.wait(method, tier, arguments.get("channel", ""))
        if not wait or not self.meter.enforced:
            return None
        headers = {"Retry-After": self.meter.header(wait)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    def _broken(self, mood: Mood | None, request: web.Request) -> web.StreamResponse:
        if mood is Mood.RATE_LIMITED:
            headers = {"Retry-After": self.retry_after}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if mood is Mood.SERVER_ERROR:
            return web.Response(text="<h1>Bad gateway</h1>", content_type="text/html", status=502)
        if mood is Mood.NOT_JSON:
            return web.Response(text="<h1>hello</h1>", content_type="application/json")
        return hang_up(request)

    def _carry_out(self, method: str, request: web.Request, arguments: dict[str, str]) -> Answer:
        try:
            found = self._allowed(method, request)
            answer = found.handler(Ask(self, method, arguments))
        except No as refusal:
            return refusal.body()
        if found.writes:
            self.changes += 1
        return answer

    def _allowed(self, method: str, request: web.Request) -> Method:
        """The method, where this token may call it."""
        found = METHODS.get(method)
        given = request.headers.get("Authorization")
        if given not in {f"Bearer {self.token}", f"Bearer {self.app_token}"}:
            raise No("invalid_auth")
        if method in self.refuse:
            raise No(self.refuse[method])
        if found is None:
            raise No("unknown_method")
        if found.app != (given == f"Bearer {self.app_token}"):
            raise No("not_allowed_token_type")
        if found.scopes and not self.scopes & set(found.scopes):
            raise No("missing_scope", needed=found.scopes[0], provided=",".join(sorted(self.scopes)))
        return found


async def _arguments(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        try:
            given = json.loads(await request.read() or b"{}")
        except ValueError:
            given = {}
        found = given if isinstance(given, dict) else {}
        return {name: one if isinstance(one, str) else json.dumps(one) for name, one in found.items()}
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}


def hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
