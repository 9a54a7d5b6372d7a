"""The CRM's page: what is on its way there, what it refused and is to be tried again, and how old our copy is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import console_of
from bot.channels.console.notices import Notice


async def crm_page(request: Request) -> Response:
    console = console_of(request)
    return console.pages.page(request, "crm.html", "crm", crm=await console.backend.crm_standing())


async def retry(request: Request) -> Response:
    console = console_of(request)
    result = await console.backend.retry_entry(request.path_params["entry"])
    return console.notices.redirect("/crm", Notice.of(result))


async def retry_all(request: Request) -> Response:
    console = console_of(request)
    return console.notices.redirect("/crm", Notice.of(await console.backend.retry_entries()))


def crm_routes() -> list[BaseRoute]:
    return [
        Route("/crm", crm_page),
        Route("/crm/retry", retry_all, methods=["POST"]),
        Route("/crm/{entry}/retry", retry, methods=["POST"]),
    ]
