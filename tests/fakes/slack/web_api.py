"""A stateful Slack: two workspaces with people and channels, its Web API on real TCP, and the moods of a real one."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

from tests.fakes.slack.contract import faults

HOME = "T0HOME"
AWAY = "T0AWAY"
THIRD = "T0THIRD"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
APP_ID = "A0APP"
TOKEN = "xoxb-fake"


class Mood(StrEnum):
    """How the next answer to a method goes wrong."""

    RATE_LIMITED = "rate_limited"
    LOST_AFTER_COMMIT = "lost_after_commit"
    LOST_BEFORE_COMMIT = "lost_before_commit"
    SERVER_ERROR = "server_error"
    NOT_JSON = "not_json"
    SLOW = "slow"


@dataclass
class FakeUser:
    id: str
    team: str
    name: str
    enterprise: str = ""
    visible: bool = True


@dataclass
class FakeChannel:
    id: str
    teams: set[str]
    posts: list[dict[str, Any]] = field(default_factory=list)
    archived: bool = False
    has_bot: bool = True
    user: str = ""


class FakeSlack:
    """Start it with `await start()`; `base_url` is then the API address for the client.

    `calls` holds every request as (method, arguments), `violations` those that break Slack's own contract. A mood is
    used up by one call; `refuse` makes each call of a method fail with one of Slack's errors.
    """

    def __init__(self) -> None:
        self.users: dict[str, FakeUser] = {}
        self.channels: dict[str, FakeChannel] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.violations: list[str] = []
        self.refuse: dict[str, str] = {}
        self.retry_after = "7"
        self.slowness = 5.0
        self._moods: dict[str, deque[Mood]] = {}
        self._clock = int(time.time())
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "users.info": self._users_info,
            "conversations.info": self._conversations_info,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.open": self._open,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
        }
        self.add_user("U0MANAGER", HOME, "Mara Manager")
        self.add_user("U0ALICE", AWAY, "Alice Partner")
        self.add_user("U0THIRD", THIRD, "Theo Third")
        self.add_channel("C0PARTNER", {HOME, AWAY})
        self.add_channel("C0INTERNAL", {HOME})

    def add_user(self, user_id: str, team: str, name: str, **facts: Any) -> FakeUser:
        self.users[user_id] = FakeUser(user_id, team, name, **facts)
        return self.users[user_id]

    def add_channel(self, channel_id: str, teams: set[str]) -> FakeChannel:
        self.channels[channel_id] = FakeChannel(channel_id, teams)
        return self.channels[channel_id]

    def next_moods(self, method: str, *moods: Mood) -> None:
        self._moods.setdefault(method, deque()).extend(moods)

    def next_ts(self) -> str:
        self._clock += 1
        return f"{self._clock}.000100"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        self.violations += [f"{method}: {fault}" for fault in faults(method, arguments)]
        moods = self._moods.get(method)
        mood = moods.popleft() if moods else None
        if mood in {Mood.RATE_LIMITED, Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.LOST_BEFORE_COMMIT}:
            return self._broken(mood, request)
        answer = self._carry_out(method, request, arguments)
        if mood is Mood.LOST_AFTER_COMMIT:
            return _hang_up(request)
        if mood is Mood.SLOW:
            await asyncio.sleep(self.slowness)
        return web.json_response(answer)

    def _broken(self, mood: Mood | None, request: web.Request) -> web.StreamResponse:
        if mood is Mood.RATE_LIMITED:
            headers = {"Retry-After": self.retry_after}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if mood is Mood.SERVER_ERROR:
            return web.Response(text="<h1>Bad gateway</h1>", content_type="text/html", status=502)
        if mood is Mood.NOT_JSON:
            return web.Response(text="<h1>hello</h1>", content_type="application/json")
        return _hang_up(request)

    def _carry_out(self, method: str, request: web.Request, arguments: dict[str, Any]) -> dict[str, Any]:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _no("invalid_auth")
        if method in self.refuse:
            return _no(self.refuse[method])
        if method not in self._methods:
            return _no("unknown_method")
        return self._methods[method](arguments)

    def _auth_test(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team_id": HOME, "user_id": BOT_USER, "bot_id": BOT_ID, "url": "https://home.example/"}

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(arguments["user"])
        if user is None or not user.visible:
            return _no("user_not_found" if user is None else "user_not_visible")
        found: dict[str, Any] = {"id": user.id, "team_id": user.team, "profile": {"real_name": user.name}}
        # As with real partners: a shared channel makes an outsider no stranger.
        found |= {"is_stranger": False, "is_bot": False}
        if user.enterprise:
            found["enterprise_user"] = {"enterprise_id": user.enterprise, "teams": [user.team]}
        return {"ok": True, "user": found}

    def _conversations_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        if channel.user:
            return {"ok": True, "channel": {"id": channel.id, "is_im": True, "user": channel.user}}
        external = len(channel.teams) > 1
        return {
            "ok": True,
            "channel": {
                "id": channel.id,
                "is_channel": True,
                "is_archived": channel.archived,
                "is_shared": external,
                "is_ext_shared": external,
                "shared_team_ids": sorted(channel.teams),
                "connected_team_ids": sorted(channel.teams - {HOME}),
                "internal_team_ids": [],
                "conversation_host_id": HOME,
                "context_team_id": HOME,
            },
        }

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        roots = [post for post in channel.posts if post.get("thread_ts", post["ts"]) == post["ts"]]
        return _page(roots[::-1], arguments)

    def _replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        thread = [post for post in channel.posts if arguments["ts"] in {post["ts"], post.get("thread_ts")}]
        return _page(thread, arguments) if thread else _no("thread_not_found")

    def _open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Direct messages with one user; opening them again finds the same channel."""
        user = arguments.get("users", "")
        if user not in self.users:
            return _no("user_not_found")
        channel_id = f"D{user[1:]}"
        if channel_id not in self.channels:
            self.add_channel(channel_id, {HOME}).user = user
        return {"ok": True, "channel": {"id": channel_id}}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Only the bot's own posts; a text without blocks takes the blocks away, as Slack does."""
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        post = next((post for post in channel.posts if post["ts"] == arguments["ts"]), None)
        if post is None:
            return _no("message_not_found")
        if post.get("user") != BOT_USER:
            return _no("cant_update_message")
        post.pop("blocks", None)
        post |= {"text": arguments.get("text", "")}
        post |= {"blocks": json.loads(arguments["blocks"])} if arguments.get("blocks") else {}
        return {"ok": True, "channel": channel.id, "ts": post["ts"], "text": post["text"], "message": post}

    def _post_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        if channel.archived or not channel.has_bot:
            return _no("is_archived" if channel.archived else "not_in_channel")
        if not arguments.get("text") and not arguments.get("blocks"):
            return _no("no_text")
        post = {"type": "message", "ts": self.next_ts(), "user": BOT_USER, "bot_id": BOT_ID, "team": HOME}
        post |= {name: arguments[name] for name in ("text", "thread_ts") if arguments.get(name)}
        post |= {name: json.loads(arguments[name]) for name in ("blocks", "metadata") if arguments.get(name)}
        channel.posts.append(post)
        return {"ok": True, "channel": channel.id, "ts": post["ts"], "message": post}


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _page(posts: list[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """One page of posts; metadata is left out unless asked for, as Slack does."""
    oldest = float(arguments.get("oldest") or 0)
    posts = [post for post in posts if float(post["ts"]) > oldest]
    start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
    shown = posts[start : start + limit]
    if arguments.get("include_all_metadata") not in {"true", "1"}:
        shown = [{name: value for name, value in post.items() if name != "metadata"} for post in shown]
    more = start + limit < len(posts)
    cursor = {"next_cursor": str(start + limit) if more else ""}
    return {"ok": True, "messages": shown, "has_more": more, "response_metadata": cursor}
