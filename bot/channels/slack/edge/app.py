"""The way in from Slack: a signed request is committed by one awaited call, and only then acknowledged."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.events import (
    MESSAGE_EVENTS,
    NOTICE_EVENTS,
    RATE_LIMITED,
    SlackEvent,
    Stop,
    admit,
    is_well_formed,
    our_team,
)
from bot.channels.slack.edge.signing import is_signed

log = logging.getLogger(__name__)

NO_RETRY = {"X-Slack-No-Retry": "1"}


def log_stop(stop: Stop, payload: Mapping[str, Any]) -> None:
    """Write down that an event went no further; nothing of what it says."""
    level = logging.WARNING if stop in {Stop.MALFORMED, Stop.UNKNOWN_EVENT} else logging.DEBUG
    log.log(level, "slack event %s stopped: %s", payload.get("event_id"), stop.value)


@dataclass(frozen=True, slots=True)
class SlackEdge:
    """Where events go. `accept` and `notice` return once what they were given is committed; if they raise, Slack
    gets no acknowledgement and delivers again, so both see an event more than once.

    `accept` takes a message, `notice` any other event by its type, with Slack's whole payload. `stopped` hears of
    everything that goes no further. `now` is aware.
    """

    installation: Installation
    accept: Callable[[SlackEvent], Awaitable[None]]
    notice: Callable[[str, Mapping[str, Any]], Awaitable[None]]
    now: Callable[[], datetime]
    stopped: Callable[[Stop, Mapping[str, Any]], None] = log_stop

    async def message(self, request: AsyncBoltRequest) -> None:
        found = admit(request.raw_body.encode(), request.body, self.installation, self.now())
        if isinstance(found, Stop):
            self.stopped(found, request.body)
        else:
            await self.accept(found)

    async def other(self, request: AsyncBoltRequest) -> None:
        # Events about the installation itself may carry no authorization; their outer team is ours.
        team = our_team(request.body) or request.body.get("team_id")
        if team != self.installation.team:
            self.stopped(Stop.OTHER_TEAM, request.body)
        else:
            await self.notice(request.body["event"]["type"], request.body)

    async def unknown(self, request: AsyncBoltRequest) -> None:
        # Without a listener Bolt answers 404, and Slack ends all deliveries where most of them fail.
        self.stopped(Stop.UNKNOWN_EVENT, request.body)


def slack_app(edge: SlackEdge, signing_secret: str) -> AsyncApp:
    """Bolt with a listener for every event that `docs/slack-manifest.yaml` subscribes to; it never calls Slack."""
    own = edge.installation

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=own.enterprise or None, team_id=own.team, bot_user_id=own.bot_user)

    app = AsyncApp(
        name="partnerline",
        signing_secret=signing_secret,
        authorize=authorize,
        # By default Bolt acknowledges first and then runs the listener: a crash would lose the only copy.
        process_before_response=True,
        # Bolt would swallow the bot's own posts unseen; `admit` stops them with a reason.
        ignoring_self_events_enabled=False,
    )
    for name in MESSAGE_EVENTS:
        app.event(name)(edge.message)
    for name in NOTICE_EVENTS:
        app.event(name)(edge.other)
    app.event(re.compile(".*"))(edge.unknown)
    return app


def slack_endpoint(edge: SlackEdge, signing_secret: str) -> Callable[[Request], Awaitable[Response]]:
    """What `/slack/events` answers: 401 unsigned, 400 no JSON object, 500 not committed, 200 done or nothing to do."""
    handler = AsyncSlackRequestHandler(slack_app(edge, signing_secret))

    async def receive(request: Request) -> Response:
        body = await request.body()
        # Bolt verifies too, but it reads the body first; nothing that is not signed is read here.
        if not is_signed(body, request.headers, signing_secret):
            return Response("not signed by Slack", 401)
        payload = _json_object(body)
        if payload is None:
            return Response("not a JSON object", 400, NO_RETRY)
        if not is_well_formed(payload):
            edge.stopped(Stop.MALFORMED, payload)
            return Response(status_code=200)
        if payload["type"] == RATE_LIMITED:
            await edge.notice(RATE_LIMITED, payload)
            return Response(status_code=200)
        return await handler.handle(request)

    return receive


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None
