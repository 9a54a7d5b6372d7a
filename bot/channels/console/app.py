"""The operator's HTTP application; it listens on loopback, beside the public one and never on its port."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.console.announcing.frames import Frames
from bot.channels.console.announcing.routes import announcing_routes
from bot.channels.console.console import Console, console_of
from bot.channels.console.crm import crm_routes
from bot.channels.console.desk import desk_routes
from bot.channels.console.examples import three_to_try
from bot.channels.console.guard import Guard
from bot.channels.console.notices import Notices
from bot.channels.console.ports import ConsoleBackend
from bot.channels.console.queue import queue_routes
from bot.channels.console.records import record_routes
from bot.channels.console.rendering import HERE, Pages
from bot.channels.console.seats import seat_routes
from bot.channels.console.session import Session
from bot.channels.console.statements import statement_routes

DEMO = "demo"


def _now() -> datetime:
    return datetime.now(UTC)


def console_app(
    backend: ConsoleBackend,
    token: str,
    profile: str,
    allowed_hosts: tuple[str, ...],
    vendor_name: str,
    *,
    clock: Callable[[], datetime] = _now,
) -> Starlette:
    """The console over this backend.

    `token` opens it through `/?token=…`; `profile` "demo" adds the partners' seats, any other leaves them out;
    `allowed_hosts` are names it may be reached by besides loopback's own.
    """
    demo, notices = profile == DEMO, Notices()
    pages = Pages(vendor_name, demo=demo, clock=clock, notices=notices)

    def refuse(_: Request, status: int, title: str, fix: str) -> Response:
        return pages.plain(status, title, fix, locked=True)

    app = Starlette(
        routes=_routes(demo=demo),
        middleware=[Middleware(Guard, session=Session(token), allowed_hosts=allowed_hosts, refuse=refuse)],
        exception_handlers={HTTPException: _missing, 500: _failed},
    )
    app.state.console = Console(backend, pages, notices, Frames(), demo, clock)
    return app


def _routes(*, demo: bool) -> list[BaseRoute]:
    return [
        Route("/", start),
        *(seat_routes() if demo else []),
        *desk_routes(),
        *record_routes(),
        *announcing_routes(),
        *statement_routes(),
        *crm_routes(),
        *queue_routes(),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def start(request: Request) -> Response:
    console = console_of(request)
    seats = await console.backend.seats()
    tries = three_to_try(seats) if console.demo else ()
    return console.pages.page(request, "start.html", "start", seats=seats, tries=tries)


def _missing(request: Request, error: Exception) -> Response:
    problem = cast("HTTPException", error)
    if problem.status_code == 404:
        title = "This page is not here" if problem.detail == "Not Found" else problem.detail
        return console_of(request).pages.plain(404, title, "It may have been decided, sent or cleared in the meantime.")
    fix = "Nothing was changed. Go back and try again from the page itself."
    return console_of(request).pages.plain(problem.status_code, problem.detail, fix)


def _failed(request: Request, _: Exception) -> Response:
    return console_of(request).pages.plain(
        500,
        "The console could not show this",
        "Partners are not affected. Try again; if it stays, look in the log or run “partnerline doctor”.",
    )
