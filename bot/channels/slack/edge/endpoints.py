"""Slack's deliveries over HTTP: only what is signed is read, and only what is committed is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.front import Front, Kind
from bot.channels.slack.edge.interactions import Answer
from bot.channels.slack.edge.signing import is_signed

NO_RETRY = {"X-Slack-No-Retry": "1"}

_FIELDS = 40  # a slash command has fifteen

Endpoint = Callable[[Request], Awaitable[Response]]


def event_endpoint(front: Front, signing_secret: str) -> Endpoint:
    """What `/slack/events` answers: 401 unsigned, 400 no JSON object, 500 not committed, 200 done or nothing to do."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        if not is_signed(body, request.headers, signing_secret):
            return Response("not signed by Slack", 401)
        payload = _json_object(body)
        if payload is None:
            return Response("not a JSON object", 400, NO_RETRY)
        return _response(await front.take(Kind.EVENT, payload, body))

    return receive


def form_endpoint(front: Front, signing_secret: str) -> Endpoint:
    """What `/slack/interactive` answers to presses, forms, shortcuts and commands: 401 unsigned, 500 not committed,
    200 done or nothing to do, with what the person is told.
    """

    async def receive(request: Request) -> Response:
        body = await request.body()
        if not is_signed(body, request.headers, signing_secret):
            return Response("not signed by Slack", 401)
        form = _form(body)
        if form is None:
            front.stopped(Stop.MALFORMED, {})
            return Response(status_code=200)
        if "payload" not in form:
            return _response(await front.take(Kind.COMMAND, form, b""))
        payload = _json_object(form["payload"].encode())
        if payload is None or "command" in form:
            front.stopped(Stop.MALFORMED, {})
            return Response(status_code=200)
        return _response(await front.take(Kind.INTERACTION, payload, b""))

    return receive


def _response(answer: Answer) -> Response:
    return Response(status_code=200) if answer.body is None else JSONResponse(dict(answer.body))


def _form(body: bytes) -> dict[str, str] | None:
    """Each field once: a form that says two things under one name says nothing."""
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        return None
    if not fields or any(len(values) > 1 for values in fields.values()):
        return None
    return {name: values[0] for name, values in fields.items()}


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None
