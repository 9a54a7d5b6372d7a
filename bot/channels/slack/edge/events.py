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

# Everything else with a subtype is a change of a post, a join or a machine.
SUBTYPES_READ = frozenset({"", "file_share", "thread_broadcast"})

SLACKBOT = "USLACKBOT"

_SIGNS_OF_A_MACHINE = ("bot_id", "bot_profile", "app_id", "workflow_id")

_TS = re.compile(r"\d{1,12}\.\d{1,8}\Z")
_ID = re.compile(r"[A-Z0-9]{2,64}\Z")


class Change(StrEnum):
    """What became of a post after it was written."""

    EDITED = "edited"
    DELETED = "deleted"


class Stop(StrEnum):
    """Why an event goes no further. `UNCHANGED` is a post that Slack itself redrew, as when a link is shown. All are
    expected; only `MALFORMED` and `UNKNOWN_EVENT` are worth a warning.
    """

    BOT_POST = "bot_post"
    OWN_POST = "own_post"
    SUBTYPE = "subtype"
    UNCHANGED = "unchanged"
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

    `key` is what makes it unique: Slack sends one message under several event ids, and a mention as two events. With
    `change` it is an edit or a deletion of the post of `ts`; each edit is one more (`edited_ts`).
    """

    team: str
    channel: str
    ts: str
    event_id: str
    raw: bytes
    received_at: datetime
    change: Change | None = None
    edited_ts: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        post = (self.team, self.channel, self.ts)
        if self.change is None:
            return post
        return (*post, self.change.value, self.edited_ts) if self.edited_ts else (*post, self.change.value)

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


class _Edited(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    ts: str | None = None


class _Post(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    user: str | None = None
    text: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    edited: _Edited | None = None


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
    message: _Post | None = None
    previous_message: _Post | None = None


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


def change_of(event: Mapping[str, Any]) -> Change | None:
    """Whether a well-formed `message` event says that an earlier post was changed; None for a post."""
    if event.get("subtype") == "message_deleted":
        return Change.DELETED
    if event.get("subtype") != "message_changed":
        return None
    # The first post of a thread with answers stays as a stone with Slack's own words on it.
    return Change.DELETED if (event.get("message") or {}).get("subtype") == "tombstone" else Change.EDITED


def as_written(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The post that the event is about, in the shape of a `message` event: as it is now, and what stood there for one
    that was deleted.
    """
    change = change_of(event)
    if change is None:
        return event
    post = event.get("message" if change is Change.EDITED else "previous_message") or {}
    place = {name: event[name] for name in ("channel", "channel_type") if name in event}
    return {"ts": event.get("deleted_ts"), **post, "type": "message", **place}


def admit(raw: bytes, payload: Mapping[str, Any], own: Installation, received_at: datetime) -> SlackEvent | Stop:
    """The message in a well-formed `message` or `app_mention` delivery, or why there is none for us."""
    event = payload["event"]
    team, change, post = our_team(payload), change_of(event), as_written(event)
    if team and team != own.team:
        return Stop.OTHER_TEAM
    if stop := _machine(post, own) or (_redrawn(event) if change is Change.EDITED else None):
        return stop
    ids, ts = (post.get("channel"), post.get("user")), post.get("ts")
    edited_ts = (post.get("edited") or {}).get("ts") if change is Change.EDITED else None
    if not team or not all(_matches(_ID, found) for found in ids):
        return Stop.MALFORMED
    # A place is put together of them: nothing that is no time may stand in one.
    if not _matches(_TS, ts) or not all(not said or _matches(_TS, said) for said in (edited_ts, post.get("thread_ts"))):
        return Stop.MALFORMED
    event_id = str(payload.get("event_id") or "")
    return SlackEvent(team, str(ids[0]), str(ts), event_id, raw, received_at, change, edited_ts or "")


def _machine(post: Mapping[str, Any], own: Installation) -> Stop | None:
    if post.get("user") == own.bot_user:
        return Stop.OWN_POST
    # An app that posts in somebody's name still says that it is one.
    if any(post.get(sign) for sign in _SIGNS_OF_A_MACHINE) or post.get("user") == SLACKBOT:
        return Stop.BOT_POST
    if (post.get("subtype") or "") not in SUBTYPES_READ:
        return Stop.SUBTYPE
    return None


def by_a_person(post: Mapping[str, Any], own: Installation) -> bool:
    """Whether somebody wrote it himself: no app, no workflow, nothing that Slack says of a channel."""
    return _machine(post, own) is None


def _redrawn(event: Mapping[str, Any]) -> Stop | None:
    """Nobody edited it, or not its words: a link got a preview, or somebody answered."""
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    same = [now.get(part) == before.get(part) for part in ("text", "files")]
    return Stop.UNCHANGED if not now.get("edited") or (before and all(same)) else None


def _matches(pattern: re.Pattern[str], found: object) -> bool:
    return isinstance(found, str) and pattern.match(found) is not None
