"""What Slack delivers: which events we take, and whether one is a message for us or stops here, and why."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.channels.slack.api.installation import Installation

log = logging.getLogger(__name__)

MESSAGE_EVENTS = ("message", "app_mention")
"""Both bring the same message when the bot is mentioned; `message` stands for channels, groups and direct messages."""

HOME_OPENED = "app_home_opened"
"""Somebody looks at the app's own page; what stands there is put together then."""

NOTICE_EVENTS = (
    "app_uninstalled",
    "channel_archive",
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "group_archive",
    "member_joined_channel",
    "member_left_channel",
    "tokens_revoked",
)

RATE_LIMITED = "app_rate_limited"
"""Not an event but an envelope of its own: Slack dropped events after 30,000 in an hour."""

# Everything else with a subtype is an edit, a deletion, a join or a machine.
SUBTYPES_READ = frozenset({"", "file_share", "thread_broadcast"})

SLACKBOT = "USLACKBOT"

_TS = re.compile(r"\d{1,12}\.\d{1,8}\Z")
_ID = re.compile(r"[A-Z0-9]{2,64}\Z")


class Stop(StrEnum):
    """Why an event goes no further. All are expected; only `MALFORMED` and `UNKNOWN_EVENT` are worth a warning."""

    BOT_POST = "bot_post"
    OWN_POST = "own_post"
    SUBTYPE = "subtype"
    OTHER_TEAM = "other_team"
    MALFORMED = "malformed"
    UNKNOWN_EVENT = "unknown_event"


def log_stop(stop: Stop, payload: Mapping[str, Any]) -> None:
    """Write down that something went no further; nothing of what it says."""
    level = logging.WARNING if stop in {Stop.MALFORMED, Stop.UNKNOWN_EVENT} else logging.DEBUG
    log.log(level, "slack delivery %s stopped: %s", payload.get("event_id") or payload.get("type"), stop.value)


@dataclass(frozen=True, slots=True)
class SlackEvent:
    """One message to be committed. `team` is ours, never the sender's; `raw` is the request body as it came (JSON).

    `key` is what makes it unique: Slack sends one message under several event ids, and a mention as two events.
    """

    team: str
    channel: str
    ts: str
    event_id: str
    raw: bytes
    received_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.team, self.channel, self.ts)

    @property
    def payload(self) -> Mapping[str, Any]:
        """The body read again, for the job that runs after the acknowledgement."""
        payload: Mapping[str, Any] = json.loads(self.raw)
        return payload


# What else Slack ever puts there; anything of another type is nobody's id.
_Named = str | dict[str, Any] | None


class _Authorization(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    team_id: str | None = None
    enterprise_id: str | None = None


class _Event(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    type: str
    user: _Named = None
    channel: _Named = None
    team: _Named = None
    enterprise: _Named = None
    subtype: str | None = None
    text: str | None = None
    thread_ts: str | None = None


class Envelope(BaseModel):
    """The outside of a delivery, as far as it must hold for us."""

    model_config = ConfigDict(extra="allow", strict=True)
    type: str
    authorizations: list[_Authorization] | None = None
    enterprise: _Named = None
    team: _Named = None
    user: _Named = None
    channel: _Named = None
    event: _Event | None = None


def is_well_formed(payload: Mapping[str, Any]) -> bool:
    """Whether this is an envelope, and, if it carries an event, one with a type."""
    try:
        envelope = Envelope.model_validate(payload)
    except ValidationError:
        return False
    return envelope.type != "event_callback" or envelope.event is not None


def our_team(payload: Mapping[str, Any]) -> str:
    """The workspace of ours that the event was delivered for, or ""; the outer `team_id` may be the sender's."""
    for authorization in payload.get("authorizations") or ():
        return str(authorization.get("team_id") or payload.get("context_team_id") or "")
    return str(payload.get("context_team_id") or "")


def admit(raw: bytes, payload: Mapping[str, Any], own: Installation, received_at: datetime) -> SlackEvent | Stop:
    """The message in a well-formed `message` or `app_mention` delivery, or why there is none for us."""
    event = payload["event"]
    team = our_team(payload)
    if team and team != own.team:
        return Stop.OTHER_TEAM
    if stop := _machine(event, own):
        return stop
    ids = (event.get("channel"), event.get("user"))
    ts, event_id = event.get("ts"), payload.get("event_id")
    if not team or not all(_matches(_ID, found) for found in ids) or not _matches(_TS, ts):
        return Stop.MALFORMED
    return SlackEvent(team, str(ids[0]), str(ts), str(event_id or ""), raw, received_at)


def _machine(event: Mapping[str, Any], own: Installation) -> Stop | None:
    if event.get("user") == own.bot_user:
        return Stop.OWN_POST
    if event.get("bot_id") or event.get("bot_profile") or event.get("user") == SLACKBOT:
        return Stop.BOT_POST
    if (event.get("subtype") or "") not in SUBTYPES_READ:
        return Stop.SUBTYPE
    return None


def _matches(pattern: re.Pattern[str], found: object) -> bool:
    return isinstance(found, str) and pattern.match(found) is not None
