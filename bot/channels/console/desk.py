"""A manager's desk: what waits for a decision, hand-overs, and announcements with a count before they go."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import Console, console_of, found
from bot.channels.console.forms import Fields, fields_of
from bot.channels.console.notices import Notice
from bot.channels.console.views import ManagerSeat
from bot.channels.console.words import segment
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Announced, Segment

PARTIAL = "x-partial"


async def first_desk(request: Request) -> Response:
    console = console_of(request)
    managers = (await console.backend.seats()).managers
    if not managers:
        return console.pages.page(request, "no_desk.html", "desk")
    return RedirectResponse(f"/desk/{segment(managers[0].id)}", 303)


async def desk_page(request: Request) -> Response:
    console = console_of(request)
    manager, managers = await _manager(console, request)
    waiting = await console.backend.waiting(manager.id)
    return console.pages.page(request, "desk.html", "desk", manager=manager, managers=managers, waiting=waiting)


async def approve(request: Request) -> Response:
    console, form, number = console_of(request), await fields_of(request), request.path_params["number"]
    return _back(console, form, number, await console.backend.approve(number, form.raw("by")))


async def refuse(request: Request) -> Response:
    console, form, number = console_of(request), await fields_of(request), request.path_params["number"]
    reason = form.text("reason")
    if reason:
        return _back(console, form, number, await console.backend.refuse(number, form.raw("by"), reason))
    no_reason = NotDone(f"{number} was not refused: the reason is missing.", "The partner reads it; write a sentence.")
    return _back(console, form, number, no_reason)


async def close_task(request: Request) -> Response:
    console, manager = console_of(request), request.path_params["manager"]
    result = await console.backend.close_task(request.path_params["task"], manager)
    return console.notices.redirect(f"/desk/{segment(manager)}", Notice.of(result))


async def announce_form(request: Request) -> Response:
    console = console_of(request)
    manager, _ = await _manager(console, request)
    return await _compose(request, console, manager, Fields.empty())


async def announce(request: Request) -> Response:
    """`action` is "preview" or "send"; what is sent must reach as many people as the preview said."""
    console, form = console_of(request), await fields_of(request)
    manager, _ = await _manager(console, request)
    reach = await _announce(console, manager, form, dry_run=True)
    if request.headers.get(PARTIAL):
        return Response(console.pages.fragment("_reach.html", reach=reach), media_type="text/html")
    if form.raw("action") != "send" or isinstance(reach, NotDone):
        return await _compose(request, console, manager, form, reach)
    fault = _not_ready(form, reach)
    if fault:
        return await _compose(request, console, manager, form, reach, notice=Notice.of(fault))
    sent = await _announce(console, manager, form, dry_run=False)
    if isinstance(sent, NotDone):
        return await _compose(request, console, manager, form, reach, notice=Notice.of(sent))
    people = "1 person" if sent.count == 1 else f"{sent.count} people"
    return console.notices.redirect("/announcements", Notice(f"“{form.line('subject')}” is on its way to {people}."))


async def cancel_announcement(request: Request) -> Response:
    console = console_of(request)
    result = await console.backend.cancel_announcement(request.path_params["announcement"])
    return console.notices.redirect("/announcements", Notice.of(result))


def desk_routes() -> list[BaseRoute]:
    return [
        Route("/desk", first_desk),
        Route("/desk/{manager}", desk_page),
        Route("/desk/{manager}/announce", announce_form, methods=["GET"]),
        Route("/desk/{manager}/announce", announce, methods=["POST"]),
        Route("/announcements/{announcement}/cancel", cancel_announcement, methods=["POST"]),
        Route("/desk/{manager}/tasks/{task}/close", close_task, methods=["POST"]),
        Route("/registrations/{number}/approve", approve, methods=["POST"]),
        Route("/registrations/{number}/refuse", refuse, methods=["POST"]),
    ]


async def _manager(console: Console, request: Request) -> tuple[ManagerSeat, tuple[ManagerSeat, ...]]:
    managers = (await console.backend.seats()).managers
    return found(next((m for m in managers if m.id == request.path_params["manager"]), None), "desk"), managers


def _back(console: Console, form: Fields, number: str, result: Done | NotDone) -> Response:
    """To the desk the decision was made at, or to the registration's own page."""
    at_desk = form.raw("at") == "desk"
    to = f"/desk/{segment(form.raw('by'))}" if at_desk else f"/registrations/{segment(number)}"
    return console.notices.redirect(to, Notice.of(result))


async def _announce(console: Console, manager: ManagerSeat, form: Fields, *, dry_run: bool) -> Announced | NotDone:
    return await console.backend.announce(
        manager.id, form.segment(), form.line("subject"), form.text("markdown"), dry_run=dry_run
    )


def _not_ready(form: Fields, reach: Announced) -> NotDone | None:
    if not form.line("subject") or not form.text("markdown"):
        return NotDone("Nothing was sent: an announcement needs a subject and a text.", "Fill in both, then send.")
    if not reach.count:
        return NotDone("Nothing was sent: nobody is in this segment.", "Take a choice away until somebody is.")
    if form.raw("confirmed") != str(reach.count):
        return NotDone("Nothing was sent: look at who gets it first.", "The recipients are below; send when they fit.")
    return None


async def _compose(
    request: Request,
    console: Console,
    manager: ManagerSeat,
    form: Fields,
    reach: Announced | NotDone | None = None,
    *,
    notice: Notice | None = None,
) -> Response:
    chosen: Segment = form.segment()
    return console.pages.page(
        request,
        "announce.html",
        "announcements",
        422 if notice else 200,
        manager=manager,
        choices=await console.backend.segment_choices(),
        chosen=chosen,
        subject=form.line("subject"),
        markdown=form.text("markdown"),
        reach=reach,
        notice=notice,
    )
