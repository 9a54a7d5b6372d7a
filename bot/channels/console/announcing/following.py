"""An announcement that goes out or has gone: how far it is, what stops it, and what came back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.console.announcing.people import announcers
from bot.channels.console.announcing.ports import Announcing
from bot.channels.console.announcing.views import NamedFile
from bot.channels.console.console import console_of, found
from bot.channels.console.downloads import download
from bot.channels.console.forms import Fields, fields_of
from bot.channels.console.notices import Notice
from bot.channels.console.words import segment
from bot.vocabulary.announcing import Announcement
from bot.vocabulary.announcing import AnnouncementState as State
from bot.vocabulary.results import Done, NotDone

PARTIAL = "x-partial"
_MOVES = (State.SCHEDULED, State.SENDING, State.PAUSED)
_BEGUN = (State.SENDING, State.PAUSED, State.SENT)
_MARKDOWN = "text/markdown; charset=utf-8"


async def announcements(request: Request) -> Response:
    console = console_of(request)
    rows = await console.backend.announcing.listed()
    groups = tuple(
        (title, tuple(row for row in rows if row.announcement.state in states))
        for title, states in (
            ("Going out", (State.SENDING, State.PAUSED)),
            ("Scheduled", (State.SCHEDULED,)),
            ("Drafts", (State.DRAFT,)),
            ("Sent", (State.SENT,)),
            ("Cancelled", (State.CANCELLED,)),
        )
    )
    managers = await announcers(console)
    return console.pages.page(
        request, "announcing/list.html", "announcements", groups=groups, any=bool(rows), managers=managers
    )


async def announcement(request: Request) -> Response:
    """The page, or for its script the progress alone."""
    console = console_of(request)
    announcing = console.backend.announcing
    one = found(await announcing.find(request.path_params["announcement"]), "announcement")
    if request.headers.get(PARTIAL):
        values = await _standing(announcing, one)
        return Response(console.pages.fragment("announcing/_progress.html", **values), media_type="text/html")
    managers = await announcers(console)
    own = next((m for m in managers if m.email == one.created_by), managers[0] if managers else None)
    if one.state is State.DRAFT and own:
        return RedirectResponse(f"/desk/{segment(own.id)}/announce/{segment(one.id)}", 303)
    begun = one.state in _BEGUN
    return console.pages.page(
        request,
        "announcing/announcement.html",
        "announcements",
        **await _standing(announcing, one),
        managers=managers,
        own=own,
        segment_words=str(one.composed.segment),
        awaiting=await announcing.awaiting(one.id) if begun else None,
        sign_ups=await announcing.sign_ups(one.id),
        report=await announcing.report(one.id),
    )


async def _standing(announcing: Announcing, one: Announcement) -> dict[str, Any]:
    """What the progress says; `live` while it may still change."""
    return {"one": one, "progress": await announcing.progress(one.id), "live": one.state in _MOVES}


async def act(request: Request) -> Response:
    """`action` is pause, resume, cancel or remind; `by` the manager in whose name."""
    console, form = console_of(request), await fields_of(request)
    name = request.path_params["announcement"]
    managers = await announcers(console)
    who = next((m.email for m in managers if m.id == form.raw("by")), "")
    order = _ORDERS.get(form.raw("action"))
    if order is None or not who:
        result: Done | NotDone = NotDone("Nothing was done.", "Choose who orders it, and one of this page's buttons.")
    else:
        result = await order(console.backend.announcing, who, name, form)
    return console.notices.redirect(f"/announcements/{segment(name)}", Notice.of(result))


async def file(request: Request) -> Response:
    """signups.csv, report.csv, chart.png or text.md."""
    announcing, path = console_of(request).backend.announcing, request.path_params
    made = await _FILES[path["file"]](announcing, path["announcement"]) if path["file"] in _FILES else None
    kept = found(made, "file of an announcement")
    return download(kept.name, kept.content, kept.content_type)


async def _pause(announcing: Announcing, by: str, name: str, _: Fields) -> Done | NotDone:
    return await announcing.pause(by, name)


async def _resume(announcing: Announcing, by: str, name: str, _: Fields) -> Done | NotDone:
    return await announcing.resume(by, name)


async def _cancel(announcing: Announcing, by: str, name: str, _: Fields) -> Done | NotDone:
    return await announcing.cancel(by, name)


async def _remind(announcing: Announcing, by: str, name: str, form: Fields) -> Done | NotDone:
    said = form.raw("count")
    if not (said.isascii() and said.isdecimal() and len(said) < 9):
        return NotDone("Nobody was reminded.", "Look at how many there are first.")
    return await announcing.remind(by, name, int(said))


_ORDERS: dict[str, Callable[[Announcing, str, str, Fields], Awaitable[Done | NotDone]]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "remind": _remind,
}


async def _text(announcing: Announcing, name: str) -> NamedFile | None:
    one = await announcing.find(name)
    if one is None:
        return None
    return NamedFile(f"announcement-{one.id[:8]}.md", _MARKDOWN, announcing.as_text(one.composed).encode())


async def _sign_ups(announcing: Announcing, name: str) -> NamedFile | None:
    return await announcing.sign_ups_csv(name)


async def _report(announcing: Announcing, name: str) -> NamedFile | None:
    return await announcing.report_csv(name)


async def _chart(announcing: Announcing, name: str) -> NamedFile | None:
    return await announcing.chart(name)


_FILES: dict[str, Callable[[Announcing, str], Awaitable[NamedFile | None]]] = {
    "text.md": _text,
    "signups.csv": _sign_ups,
    "report.csv": _report,
    "chart.png": _chart,
}
