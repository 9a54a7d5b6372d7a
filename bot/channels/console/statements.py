"""Statements to read: all by where they stand, one with its lines and how each came about, and its documents."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import console_of, found
from bot.channels.console.downloads import download
from knowledge.commission.statement import StatementState

_SHOWN = tuple(state for state in StatementState if state is not StatementState.DRAFT)


async def statements(request: Request) -> Response:
    console = console_of(request)
    asked = request.query_params.get("state", "")
    state = StatementState(asked) if asked in set(_SHOWN) else None
    rows = await console.backend.statements(state)
    return console.pages.page(request, "statements.html", "statements", rows=rows, chosen=state, states=_SHOWN)


async def statement(request: Request) -> Response:
    console = console_of(request)
    view = found(await console.backend.statement(request.path_params["statement"]), "statement")
    return console.pages.page(request, "statement.html", "statements", view=view)


async def document(request: Request) -> Response:
    """As a file to keep: what was sent is compared by its hash, not looked at in the console's own pages."""
    path = request.path_params
    asked = await console_of(request).backend.statement_file(path["statement"], path["revision"], path["kind"])
    file = found(asked, "document of a statement")
    return download(file.name, file.content, file.content_type)


def statement_routes() -> list[BaseRoute]:
    return [
        Route("/statements", statements),
        Route("/statements/{statement}", statement),
        Route("/statements/{statement}/{revision:int}/{kind}", document),
    ]
