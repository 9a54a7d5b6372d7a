"""A manager's desk: what waits for a decision, and hand-overs."""

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


def desk_routes() -> list[BaseRoute]:
    return [
        Route("/desk", first_desk),
        Route("/desk/{manager}", desk_page),
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
