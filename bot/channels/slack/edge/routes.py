"""Bolt between what Slack delivers and what is done about it: a listener returns first, and then it is acknowledged."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.interactions import Command, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.presses import PRESSED, Press

Deed = Press | Command | Shortcut | ViewPress | Submission

Act = Callable[[], Awaitable[Mapping[str, Any] | None]]
"""What a delivery leads to; its result goes back with the acknowledgement."""

_ANY = re.compile(r".*", re.DOTALL)
_ACT, _BODY, _FAULT = "partnerline_act", "partnerline_body", "partnerline_fault"


class NoRoute(Exception):
    """No kind of delivery that anything listens to."""


class Routes:
    """One Bolt application for both ways of delivery. It never calls Slack, and what comes to it is proven already.

    What is different from Bolt's own ways: it acknowledges after the listener and not before, since a crash would lose
    the only copy; the agent's own posts come through, since whoever admits messages says why they stop; and it checks
    no signature, since nothing that is not signed is read even so far.
    """

    def __init__(self, own: Installation) -> None:
        self._team = own.team

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=own.enterprise or None, team_id=own.team, bot_user_id=own.bot_user)

        self._bolt = AsyncApp(
            name="partnerline",
            authorize=authorize,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
        )
        for kind in ("event", "action", "view", "shortcut", "command"):
            getattr(self._bolt, kind)(_ANY)(_listen)
        self._bolt.error(_failed)

    async def event(self, payload: Mapping[str, Any], act: Act) -> None:
        """Have `act` done for a well-formed event. Raises what it raises, and NoRoute where Bolt cannot take it."""
        await self._dispatch(payload, act)

    async def deed(self, deed: Deed, act: Act) -> Mapping[str, Any] | None:
        """The same for what somebody did, with what goes back to him. Bolt gets an outline of it: it breaks on fields
        that are wanting or of another kind, wherever they are.
        """
        return await self._dispatch(_outline(deed, self._team), act)

    async def _dispatch(self, payload: Mapping[str, Any], act: Act) -> Mapping[str, Any] | None:
        try:
            request = AsyncBoltRequest(body=dict(payload), mode="socket_mode")
            request.context[_ACT] = act
            answer: BoltResponse = await self._bolt.async_dispatch(request)
        except (AttributeError, KeyError, TypeError) as broken:
            # What the listener raises comes by `_failed`: this is Bolt's own, from where no handler of it reaches.
            raise NoRoute(type(broken).__name__) from broken
        fault: Exception | None = request.context.get(_FAULT)
        if fault is not None and _BODY in request.context:
            raise fault
        if fault is not None or answer.status != 200:
            raise NoRoute(f"status {answer.status}") from fault
        body: Mapping[str, Any] | None = request.context.get(_BODY)
        return body


def _outline(deed: Deed, team: str) -> dict[str, Any]:
    """As Slack would have put it, with what Bolt chooses a listener by."""
    if isinstance(deed, Command):
        names = {"user_id": deed.by.user, "team_id": team, "channel_id": deed.channel}
        return {"command": deed.command, "text": deed.words} | names
    user = deed.user if isinstance(deed, Press) else deed.by.user
    who = {"team": {"id": team}, "user": {"id": user}}
    match deed:
        case Press(action_id=action) | ViewPress(action=action):
            pressed = {"type": "button", "action_id": action, "block_id": "", "action_ts": ""}
            return {"type": PRESSED, "actions": [pressed]} | who
        case Submission():
            view = {"id": deed.view, "type": "modal", "callback_id": deed.callback}
            return {"type": "view_submission", "view": view} | who
        case Shortcut():
            return {"type": "shortcut", "callback_id": deed.callback} | who


async def _listen(context: AsyncBoltContext, ack: AsyncAck) -> None:
    context[_BODY] = None
    context[_BODY] = await context[_ACT]()
    await ack()


async def _failed(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    context[_FAULT] = error
    return BoltResponse(status=500)
