"""The application that the internet may reach: Slack, billing, the CRM, unsubscribing, health, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.http.limits import BodyLimits, SafeHeaders
from bot.channels.http.unsubscribe import Unsubscribe, unsubscribe_routes

Endpoint = Callable[[Request], Awaitable[Response]]

Health = Callable[[], Awaitable[Mapping[str, Any]]]
"""What may be told in public, as plain JSON values; its key `ok` decides between 200 and 503."""

MAX_BODY = 1024 * 1024
MAX_SECONDS = 10.0


def public_app(
    *,
    health: Health,
    unsubscribe: Unsubscribe,
    slack: Endpoint | None = None,
    slack_forms: Endpoint | None = None,
    invoices: Endpoint | None = None,
    crm_events: tuple[str, Endpoint] | None = None,
    max_body: int = MAX_BODY,
    max_seconds: float = MAX_SECONDS,
) -> Starlette:
    """Build the application. Without `slack`, `slack_forms`, `invoices` their paths are 404; `crm_events` brings its
    own. Bodies over `max_body` bytes get 413, those slower than `max_seconds` 408.
    """
    routes: list[BaseRoute] = [Route("/health", _health_endpoint(health), methods=["GET"])]
    routes += unsubscribe_routes(unsubscribe)
    if slack is not None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    if slack_forms is not None:
        routes += [Route(path, slack_forms, methods=["POST"]) for path in ("/slack/interactive", "/slack/commands")]
    if invoices is not None:
        routes.append(Route("/webhooks/invoices", invoices, methods=["POST"]))
    if crm_events is not None:
        path, receive = crm_events
        routes.append(Route(path, receive, methods=["POST"]))
    limits = Middleware(BodyLimits, max_bytes=max_body, max_seconds=max_seconds)
    return Starlette(routes=routes, middleware=[Middleware(SafeHeaders), limits])


def _health_endpoint(health: Health) -> Endpoint:
    async def answer(_request: Request) -> Response:
        report = await health()
        return JSONResponse(dict(report), 200 if report.get("ok") else 503)

    return answer
