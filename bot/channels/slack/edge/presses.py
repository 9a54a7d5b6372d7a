"""A button pressed in Slack: the signed request is read as far as we need it, committed, and only then acknowledged."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.blocks.cards import ACTION
from bot.channels.slack.edge.app import log_stop
from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.signing import is_signed
from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.message import Click, Message, ReplyAddress, Sender
from crm.records import Channel

PRESSED = "block_actions"
_VALUE = 2_000  # characters: Slack's limit
_ID = re.compile(r"[A-Z0-9]{2,64}\Z")
_TS = re.compile(r"\d{1,12}\.\d{1,8}\Z")


@dataclass(frozen=True, slots=True)
class Press:
    """What is kept of a press. All of it is what the request says; `user_team` only helps to read `users.info`.

    `thread_ts` is the thread of the card, or the card itself. What Slack sends beside it (one-time addresses and keys
    that would let others answer in our name) is not kept.
    """

    channel: str
    message_ts: str
    thread_ts: str
    user: str
    user_team: str
    action_id: str
    action_ts: str
    value: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Press:
        """Raises KeyError where something is missing."""
        return cls(**{name: str(kept[name]) for name in cls.__slots__})

    @property
    def raw(self) -> bytes:
        """As it is committed."""
        return json.dumps({"type": PRESSED} | {name: getattr(self, name) for name in self.__slots__}).encode()

    @property
    def key(self) -> tuple[str, ...]:
        """The same press is known by it, however often it is delivered."""
        return (self.action_ts, self.user, self.action_id)

    def to_message(
        self, inbox_id: str, received_at: datetime, user: SlackUser, team: str, *, home: bool, outsiders: bool
    ) -> Message:
        """`team` is "" where Slack does not tell whose person pressed it, or who reads the channel."""
        return Message(
            inbox_id=inbox_id,
            channel=Channel.SLACK,
            message_id=f"{self.channel}:{self.message_ts}:{self.action_ts}:{self.user}",
            received_at=received_at,
            sender=Sender(
                name=user.name, slack_team=team, slack_user=self.user, slack_channel=self.channel,
                proof="slack" if team else "", slack_home=home,
            ),
            subject="",
            text="",
            reply_to=ReplyAddress(
                slack_channel=self.channel, slack_thread_ts=self.thread_ts, outsiders=outsiders
            ),
            click=Click(self.action_id, self.value),
        )  # fmt: skip


class _Named(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    id: str = ""
    team_id: str | None = None


class _Container(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    message_ts: str = ""
    thread_ts: str | None = None


class _Action(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    action_id: str = ""
    action_ts: str = ""
    value: str = ""


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    type: str
    user: _Named = _Named()
    channel: _Named | None = None
    container: _Container = _Container()
    actions: list[_Action] = []


def admit_press(body: bytes) -> Press | Stop:
    """The press of one of our buttons in a request's form, or why there is none for us."""
    try:
        form = parse_qs(body.decode(), max_num_fields=10)
        payload = _Payload.model_validate(json.loads(form["payload"][0]))
    except (ValueError, KeyError, RecursionError, ValidationError):
        return Stop.MALFORMED
    if payload.type != PRESSED or len(payload.actions) != 1:
        return Stop.UNKNOWN_EVENT
    action, place = payload.actions[0], payload.container
    if not action.action_id.startswith(ACTION):
        return Stop.UNKNOWN_EVENT
    channel = payload.channel.id if payload.channel else ""
    ids, times = (channel, payload.user.id), (place.message_ts, place.thread_ts or place.message_ts, action.action_ts)
    if not all(map(_ID.match, ids)) or not all(map(_TS.match, times)):
        return Stop.MALFORMED
    if len(action.value) > _VALUE or len(action.action_id) > len(ACTION) + 32:
        return Stop.MALFORMED
    return Press(
        channel, times[0], times[1], payload.user.id, payload.user.team_id or "", action.action_id, times[2],
        action.value,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PressEdge:
    """Where presses go. `accept` returns once a press is committed; if it raises, the person sees that it failed and
    presses again.
    """

    installation: Installation
    accept: Callable[[str, Press, datetime], Awaitable[None]]
    now: Callable[[], datetime]
    stopped: Callable[[Stop, Mapping[str, Any]], None] = log_stop


def press_endpoint(edge: PressEdge, signing_secret: str) -> Callable[[Request], Awaitable[Response]]:
    """What `/slack/interactive` answers: 401 unsigned, 500 not committed, 200 done or nothing to do."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        if not is_signed(body, request.headers, signing_secret):
            return Response("not signed by Slack", 401)
        found = admit_press(body)
        if isinstance(found, Stop):
            edge.stopped(found, {})
        else:
            await edge.accept(edge.installation.team, found, edge.now())
        return Response(status_code=200)

    return receive
