"""Slack's deliveries over HTTP: only what is signed is read, and only what is committed is acknowledged."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.front import Front, Kind, NotCommitted
from bot.channels.slack.edge.signing import is_signed

log = logging.getLogger(__name__)

NO_RETRY = {"X-Slack-No-Retry": "1"}

_FIELDS = 40  # a slash command has fifteen

Endpoint = Callable[[Request], Awaitable[Response]]


def event_endpoint(front: Front, signing_secret: str) -> Endpoint:
    """What `/slack/events` answers: 401 unsigned, 400 no JSON object, 503 or 500 not committed, 200 done or nothing
    to do.
    """

    async def receive(body: bytes) -> Response:
        payload = _json_object(body)
        if payload is None:
            return Response("not a JSON object", 400, NO_RETRY)
        return await _taken(front, Kind.EVENT, payload, body)

    return _signed(signing_secret, receive)


def form_endpoint(front: Front, signing_secret: str) -> Endpoint:
    """What `/slack/interactive` answers to presses, forms, shortcuts and commands: 401 unsigned, 503 or 500 not
    committed, 200 done or nothing to do, with what the person is told.
    """

    async def receive(body: bytes) -> Response:
        form = _form(body)
        if form is None:
            front.stopped(Stop.MALFORMED, {})
            return Response(status_code=200)
        if "payload" not in form:
            return await _taken(front, Kind.COMMAND, form)
        payload = _json_object(form["payload"].encode())
        if payload is None or "command" in form:
            front.stopped(Stop.MALFORMED, {})
            return Response(status_code=200)
        return await _taken(front, Kind.INTERACTION, payload)

    return _signed(signing_secret, receive)


def _signed(signing_secret: str, receive: Callable[[bytes], Awaitable[Response]]) -> Endpoint:
    """Hands over a body that Slack has signed, and reads nothing of any other."""

    async def answer(request: Request) -> Response:
        body = await request.body()
        if not is_signed(body, request.headers, signing_secret):
            return Response("not signed by Slack", 401)
        return await receive(body)

    return answer


async def _taken(front: Front, kind: Kind, payload: dict[str, Any], raw: bytes = b"") -> Response:
    try:
        answer = await front.take(kind, payload, raw)
    except NotCommitted as fault:
        log.warning("not committed and so not acknowledged; Slack delivers it again: %s", fault)
        return Response("not committed", 503)
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
