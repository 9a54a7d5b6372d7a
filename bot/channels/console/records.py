"""What the CRM holds, to read: registrations, partners with their timelines, deals."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import console_of, found
from crm.records import RegistrationState


async def registrations(request: Request) -> Response:
    console = console_of(request)
    asked = request.query_params.get("state", "")
    state = RegistrationState(asked) if asked in set(RegistrationState) else None
    rows = await console.backend.registrations(state)
    return console.pages.page(
        request, "registrations.html", "registrations", rows=rows, chosen=state, states=tuple(RegistrationState)
    )


async def registration(request: Request) -> Response:
    console = console_of(request)
    row = found(await console.backend.registration(request.path_params["number"]), "registration")
    managers = tuple(m for m in (await console.backend.seats()).managers if m.approves)
    return console.pages.page(request, "registration.html", "registrations", row=row, managers=managers)


async def partners(request: Request) -> Response:
    console = console_of(request)
    return console.pages.page(request, "partners.html", "partners", rows=await console.backend.partners())


async def partner(request: Request) -> Response:
    console = console_of(request)
    view = found(await console.backend.partner(request.path_params["partner"]), "partner")
    return console.pages.page(request, "partner.html", "partners", view=view)


async def deal(request: Request) -> Response:
    console, path = console_of(request), request.path_params
    view = found(await console.backend.deal(path["partner"], path["number"]), "deal of this partner")
    return console.pages.page(request, "deal.html", "partners", view=view)


def record_routes() -> list[BaseRoute]:
    return [
        Route("/registrations", registrations),
        Route("/registrations/{number}", registration),
        Route("/partners", partners),
        Route("/partners/{partner}", partner),
        Route("/partners/{partner}/deals/{number}", deal),
    ]
