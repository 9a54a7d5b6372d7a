"""Reads what Slack says of a press, a form, a shortcut or a command, as far as we need it and no further."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.interactions import COUNTER, Command, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.presses import PRESSED, Press

Interaction = Press | Shortcut | ViewPress | Submission

CLOSED = "view_closed"

# Slack's limits in characters: a button's value, a text with blocks, what a person may send, the fields of a view.
_VALUE, _META, _TEXT, _FIELDS = 2_000, 3_000, 40_000, 100
_ID = re.compile(r"[A-Z0-9]{2,64}\Z")
_TS = re.compile(r"\d{1,12}\.\d{1,8}\Z")
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,255}\Z")
_COMMAND = re.compile(r"/[^\s/]{1,32}\Z")
# `kind:…` are ours that act. A link in a button is reported too, and is none of them.
_OURS = re.compile(r"[a-z]{2,20}:[A-Za-z0-9_.:-]{0,200}\Z")


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Named(_Part):
    id: str = ""
    team_id: str | None = None


class _Container(_Part):
    message_ts: str = ""
    thread_ts: str | None = None


class _Option(_Part):
    value: str = ""


class _Element(_Part):
    """An element as it was pressed, or as it stands in a form; one of these holds what was chosen."""

    action_id: str = ""
    action_ts: str = ""
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None
    selected_user: str | None = None
    selected_users: list[str] | None = None
    selected_channel: str | None = None
    selected_channels: list[str] | None = None
    selected_conversation: str | None = None
    selected_conversations: list[str] | None = None

    @property
    def text(self) -> str:
        if self.selected_option is not None:
            return self.selected_option.value
        if self.selected_options is not None:
            return "\n".join(option.value for option in self.selected_options)
        several = self.selected_users or self.selected_channels or self.selected_conversations
        if several:
            return "\n".join(several)
        if self.selected_date_time is not None:
            return str(self.selected_date_time)
        return next(filter(None, (self.value, self.selected_date, self.selected_time, *self._single)), "")

    @property
    def _single(self) -> tuple[str | None, ...]:
        return self.selected_user, self.selected_channel, self.selected_conversation


class _State(_Part):
    values: dict[str, dict[str, _Element]] = {}

    @property
    def filled(self) -> dict[str, str]:
        fields = [found for block in self.values.values() for found in block.items()]
        return {name: element.text for name, element in fields}


class _View(_Part):
    id: str = ""
    type: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    hash: str = ""
    state: _State | None = None
    app_installed_team_id: str | None = None

    @property
    def filled(self) -> dict[str, str]:
        return self.state.filled if self.state else {}


class _Message(_Part):
    ts: str = ""
    text: str | None = None


class _Payload(_Part):
    type: str
    user: _Named = _Named()
    channel: _Named | None = None
    container: _Container = _Container()
    actions: list[_Element] = []
    state: _State | None = None
    view: _View | None = None
    message: _Message | None = None
    trigger_id: str = ""
    callback_id: str = ""

    @property
    def by(self) -> Person:
        return Person(self.user.id, self.user.team_id or "")


def interaction(payload: Mapping[str, Any], team: str) -> Interaction | Stop:
    """What somebody did, by the payload of `/slack/interactive`; `team` is ours. What we do not know stops."""
    try:
        found = _Payload.model_validate(payload)
        read = _READERS.get(found.type)
        if read is None:
            return Stop.UNKNOWN_EVENT
        if not _ID.match(found.user.id) or _too_much(found):
            return Stop.MALFORMED
    except (ValidationError, RecursionError):
        return Stop.MALFORMED
    if found.view is not None and (found.view.app_installed_team_id or team) != team:
        return Stop.OTHER_TEAM
    return read(found)


def command(form: Mapping[str, Any]) -> Command | Stop:
    """A slash command; it is a form of plain fields."""
    names = ("user_id", "team_id", "command", "text", "channel_id", "trigger_id")
    user, team, name, words, channel, trigger = (form.get(field, "") for field in names)
    if not all(isinstance(value, str) for value in (user, team, name, words, channel, trigger)):
        return Stop.MALFORMED
    if not (_ID.match(user) and _ID.match(channel) and _COMMAND.match(name)) or len(words) > _TEXT:
        return Stop.MALFORMED
    return Command(Person(user, team), name, words.strip(), channel, trigger)


def _too_much(found: _Payload) -> bool:
    states = [state for state in (found.state, found.view.state if found.view else None) if state]
    fields = [field for state in states for field in state.filled.items()]
    if len(fields) > _FIELDS or any(not _NAME.match(name) or len(text) > _TEXT for name, text in fields):
        return True
    return found.view is not None and len(found.view.private_metadata) > _META


def _pressed(found: _Payload) -> Press | ViewPress | Stop:
    if len(found.actions) != 1:
        return Stop.UNKNOWN_EVENT
    action = found.actions[0]
    if not _OURS.match(action.action_id):
        return Stop.UNKNOWN_EVENT
    if len(action.text) > _VALUE or not _TS.match(action.action_ts):
        return Stop.MALFORMED
    return _pressed_in_a_view(found, found.view, action) if found.view else _pressed_in_a_post(found, action)


def _pressed_in_a_post(found: _Payload, action: _Element) -> Press | ViewPress | Stop:
    channel, place = found.channel.id if found.channel else "", found.container
    thread_ts = place.thread_ts or place.message_ts
    if not _ID.match(channel) or not _TS.match(place.message_ts) or not _TS.match(thread_ts):
        return Stop.MALFORMED
    if action.action_id.startswith(COUNTER):
        # It opens a form, with a key that is good for three seconds: there is nothing to keep of it.
        return ViewPress(found.by, action.action_id, action.text, found.trigger_id)
    filled = tuple(found.state.filled.items()) if found.state else ()
    return Press(
        channel, place.message_ts, thread_ts, found.user.id, found.user.team_id or "", action.action_id,
        action.action_ts, action.text, filled,
    )  # fmt: skip


def _pressed_in_a_view(found: _Payload, view: _View, action: _Element) -> ViewPress:
    return ViewPress(
        found.by, action.action_id, action.text, found.trigger_id, view.id, view.hash, view.private_metadata,
        home=view.type == "home", filled=view.filled,
    )  # fmt: skip


def _submitted(found: _Payload) -> Submission | Stop:
    view = found.view
    if view is None or not view.id or not _NAME.match(view.callback_id):
        return Stop.MALFORMED
    # Sent off again after a mistake was mended it is another one; Slack has no number for it.
    said = json.dumps([found.user.id, view.id, view.hash, sorted(view.filled.items())])
    key = f"{view.id}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    return Submission(found.by, view.callback_id, view.id, view.private_metadata, key, view.filled)


def _shortcut(found: _Payload) -> Shortcut | Stop:
    if not _NAME.match(found.callback_id):
        return Stop.MALFORMED
    channel = found.channel.id if found.channel else ""
    message = found.message or _Message()
    if found.type == "message_action" and not (_ID.match(channel) and _TS.match(message.ts)):
        return Stop.MALFORMED
    text = (message.text or "")[:_TEXT]
    return Shortcut(found.by, found.callback_id, found.trigger_id, channel, message.ts, text)


_READERS: dict[str, Callable[[_Payload], Interaction | Stop]] = {
    PRESSED: _pressed,
    "view_submission": _submitted,
    "shortcut": _shortcut,
    "message_action": _shortcut,
}
