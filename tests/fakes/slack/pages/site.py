"""Leads a browser to a page, and what is pressed there to the hands of the person who looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from tests.fakes.slack.elements import NotThere
from tests.fakes.slack.forms import NotFilledIn
from tests.fakes.slack.hands import Hands, NotForOutsiders
from tests.fakes.slack.moods import Mood
from tests.fakes.slack.pages import acts
from tests.fakes.slack.pages.acts import Given
from tests.fakes.slack.pages.showing import REACTIONS, Eyes
from tests.fakes.slack.world import FakeChannel

HERE = Path(__file__).parent
CALLS = 200
LOOKING = "X-Looking"
"""The page looks by itself whether something changed: nobody opened anything."""
_PAGES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_FAULTS = (KeyError, IndexError, ValueError, NotThere, web.HTTPNotFound)

Act = Callable[[web.Request], Awaitable[str]]
"""Carries a form out and says where the browser goes then."""


class Site:
    """`hands` are those of everybody; forms are taken from these pages alone. `waiting` counts what the app has not
    heard yet.
    """

    def __init__(self, hands: Hands, waiting: Callable[[], int] = lambda: 0) -> None:
        self._hands = hands
        self._waiting = waiting
        self._slack = hands.slack

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._start),
            web.get("/changes", self._changes),
            web.get("/favicon.ico", self._no_icon),
            web.get("/calls", self._calls),
            web.post("/calls/mood", self._guarded(self._mood)),
            web.get("/page.{kind:css|js}", self._static),
            web.get("/file/{file}", self._file),
            web.get("/as/{user}", self._start),
            web.get("/as/{user}/home", self._home),
            web.get("/as/{user}/dm", self._direct),
            web.get("/as/{user}/{channel}", self._channel),
            web.post("/as/{user}/view/{view}", self._guarded(self._in_view)),
            web.post("/as/{user}/{channel}/{act}", self._guarded(self._act)),
        ]

    async def _start(self, request: web.Request) -> web.StreamResponse:
        """The first person's first channel, or that of who was chosen."""
        users = self._slack.users
        user = request.match_info.get("user") or next((one for one in users if users[one].team != self._slack.home), "")
        if user not in users:
            return self._missing(request)
        rooms = Eyes(self._slack, users[user]).rooms()
        raise web.HTTPFound(f"/as/{user}/{rooms[0].id}" if rooms else f"/as/{user}/dm")

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=str(self._slack.changes), headers={"Cache-Control": "no-store"})

    async def _no_icon(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        file = HERE / f"page.{request.match_info['kind']}"
        return web.Response(text=file.read_text(encoding="utf-8"), content_type=_TYPES[file.suffix])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._slack.files.get(request.match_info["file"])
        if file is None:
            return self._missing(request)
        # Anything else that somebody uploaded must not run as a page of ours.
        picture = file.mimetype in _PICTURES
        how = f"{'inline' if picture else 'attachment'}; filename*=UTF-8''{quote(file.name)}"
        kind = file.mimetype if picture else "application/octet-stream"
        return web.Response(body=file.content, content_type=kind, headers={"Content-Disposition": how})

    async def _channel(self, request: web.Request) -> web.StreamResponse:
        eyes, channel = self._eyes(request), self._slack.channels.get(request.match_info["channel"])
        if eyes is None or channel is None or not eyes.sees(channel):
            return self._missing(request)
        thread = request.query.get("thread", "")
        shown: dict[str, Any] = {"posts": eyes.posts(channel), "thread": eyes.thread(channel, thread) if thread else []}
        return self._page(request, "channel.html", eyes, channel, thread_ts=thread, **shown)

    async def _direct(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["user"] not in self._slack.users:
            return self._missing(request)
        channel = self._slack.direct(request.match_info["user"])
        raise web.HTTPFound(f"/as/{request.match_info['user']}/{channel.id}")

    async def _home(self, request: web.Request) -> web.StreamResponse:
        eyes = self._eyes(request)
        if eyes is None:
            return self._missing(request)
        if LOOKING not in request.headers:
            await self._hands.opens_home(eyes.me.id)
        view = self._slack.homes.get(eyes.me.id)
        return self._page(request, "home.html", eyes, None, home=eyes.form(view) if view else None)

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        slack = self._slack
        shown = [(method, acts.short(arguments)) for method, arguments in slack.calls[: -CALLS - 1 : -1]]
        sockets = {"live": len(slack.sockets.live), "waiting": self._waiting()}
        words: dict[str, Any] = {"calls": shown, "violations": slack.violations[-20:], "sockets": sockets}
        return self._page(request, "calls.html", None, None, **words, away=slack.moods.is_away, over=slack.meter.over)

    async def _mood(self, request: web.Request) -> str:
        chosen = str((await request.post()).get("mood"))
        if chosen == "calm":
            self._slack.moods.calm()
            self._slack.meter.enforced = False
        elif chosen == "away":
            self._slack.moods.away()
        elif chosen == "limits":
            self._slack.meter.enforce()
        elif chosen == "disconnect":
            await self._slack.sockets.disconnect()
        else:
            self._slack.moods.next("chat.postMessage", Mood(chosen))
        return "/calls"

    async def _act(self, request: web.Request) -> str:
        user, channel = request.match_info["user"], request.match_info["channel"]
        given = await Given.of(request)
        act = acts.ACTS[request.match_info["act"]]
        where = f"/as/{user}/{channel}"
        try:
            changed = await act(self._hands, user, channel, given)
        except NotForOutsiders as refusal:
            return self._back(where, given, str(refusal))
        return self._back(f"/as/{user}/{changed}" if changed else where, given)

    async def _in_view(self, request: web.Request) -> str:
        view = self._slack.views.get(request.match_info["view"]) or self._slack.homes.get(request.match_info["user"])
        given = await Given.of(request)
        if view is None or view.user != request.match_info["user"]:
            raise KeyError("no such form")
        try:
            await acts.in_view(self._hands, view, given)
        except NotFilledIn as refusal:
            view.errors = acts.missing_fields(view, refusal)
        return given.one("back") or f"/as/{view.user}"

    def _back(self, where: str, given: Given, refused: str = "") -> str:
        query = {"thread": given.one("thread")} if given.one("thread") else {}
        query |= {"refused": refused} if refused else {}
        return where + (f"?{urlencode(query)}" if query else "")

    def _guarded(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def guarded(request: web.Request) -> web.Response:
            if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
                return web.Response(status=403)
            try:
                where = await act(request)
            except _FAULTS:
                return web.Response(text="That is not there any more.", status=400)
            self._slack.changes += 1
            return web.Response(status=303, headers={"Location": where if where.startswith("/") else "/"})

        return guarded

    def _eyes(self, request: web.Request) -> Eyes | None:
        user = self._slack.users.get(request.match_info["user"])
        return Eyes(self._slack, user, self._hands.chosen) if user else None

    def _missing(self, request: web.Request) -> web.Response:
        return self._page(request, "missing.html", None, None, status=404)

    def _page(
        self, request: web.Request, template: str, eyes: Eyes | None, channel: FakeChannel | None,
        *, status: int = 200, **words: Any,
    ) -> web.Response:  # fmt: skip
        slack = self._slack
        view = slack.open_view(eyes.me.id) if eyes else None
        frame = {
            "slack": slack, "eyes": eyes, "me": eyes.me if eyes else None, "channel": channel, "here": request.path_qs,
            "rooms": eyes.rooms() if eyes else [], "form": eyes.form(view) if eyes and view else None,
            "refused": request.query.get("refused", ""), "reactions": REACTIONS, "marks": eyes.marks if eyes else None,
            "people": _people(slack), "changes": slack.changes, "team": slack.teams.get(eyes.me.team) if eyes else None,
        }  # fmt: skip
        text = _PAGES.get_template(template).render(frame | words)
        return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


def _people(slack: Any) -> list[tuple[str, list[Any]]]:
    """By workspace, ours last: one tries as a partner first."""
    teams = sorted(slack.teams.values(), key=lambda team: team.id == slack.home)
    return [(team.name, [user for user in slack.users.values() if user.team == team.id]) for team in teams]
