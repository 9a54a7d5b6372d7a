"""The parts of blocks that people use: buttons, selects and fields, and what a form says once they are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

_OPTIONS = frozenset({"static_select", "radio_buttons", "overflow", "external_select"})
_MANY = frozenset({"multi_static_select", "checkboxes", "multi_external_select"})
_SINGLE = {
    "datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
    "users_select": "selected_user", "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}  # fmt: skip
_SEVERAL = {
    "multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}  # fmt: skip


class NotThere(LookupError):
    """No such button or field, or no such choice in it: a person could not press it either."""


@dataclass(frozen=True)
class Element:
    """One of them, in its block; `block_id` is Slack's own where the app gave none."""

    block: Block
    block_id: str
    body: dict[str, Any]

    @property
    def action_id(self) -> str:
        return str(self.body.get("action_id") or "")

    @property
    def kind(self) -> str:
        return str(self.body.get("type"))

    @property
    def words(self) -> str:
        """What a person reads on it or beside it."""
        for found in (self.body.get("text"), self.block.get("label"), self.body.get("placeholder")):
            if isinstance(found, dict):
                return str(found.get("text") or "")
        return ""

    @property
    def is_field(self) -> bool:
        return self.block.get("type") == "input"

    def options(self) -> list[dict[str, Any]]:
        groups = self.body.get("option_groups") or []
        return [*(self.body.get("options") or []), *(one for group in groups for one in group.get("options") or [])]

    def option(self, said: str) -> dict[str, Any]:
        """By its value or its words."""
        for one in self.options():
            if said in {one.get("value"), one.get("text", {}).get("text")}:
                return one
        raise NotThere(f"{self.action_id} has no option {said!r}")

    def answers_to(self, name: str) -> bool:
        return name in {self.action_id, self.block_id, self.words, str(self.body.get("value") or "\0")}

    def filled(self, said: Any) -> dict[str, Any]:
        """The state of this element once a person put `said` into it: an option's value or words, a list, a text."""
        kind = self.kind
        if kind in _OPTIONS:
            return {"type": kind, "selected_option": self.option(str(said)) if said else None}
        if kind in _MANY:
            given = [said] if isinstance(said, str) else list(said or ())
            return {"type": kind, "selected_options": [self.option(str(one)) for one in given if one]}
        if kind in _SINGLE:
            return {"type": kind, _SINGLE[kind]: _date_time(said) if kind == "datetimepicker" else said or None}
        if kind in _SEVERAL:
            return {"type": kind, _SEVERAL[kind]: [said] if isinstance(said, str) else list(said or ())}
        return {"type": kind, "value": str(said) if said else None}

    def initial(self) -> dict[str, Any]:
        """Its state before anybody touched it."""
        body, kind = self.body, self.kind
        if kind in _OPTIONS:
            return {"type": kind, "selected_option": body.get("initial_option")}
        if kind in _MANY:
            return {"type": kind, "selected_options": body.get("initial_options") or []}
        if kind in _SINGLE:
            return {"type": kind, _SINGLE[kind]: body.get(f"initial_{_SINGLE[kind].removeprefix('selected_')}")}
        if kind in _SEVERAL:
            return {"type": kind, _SEVERAL[kind]: body.get(f"initial_{_SEVERAL[kind].removeprefix('selected_')}") or []}
        return {"type": kind, "value": body.get("initial_value")}


def elements(blocks: Sequence[Block]) -> Iterator[Element]:
    """Everything that can be pressed, chosen or filled in, in the order in which it stands there."""
    for index, block in enumerate(blocks):
        block_id = str(block.get("block_id") or f"b{index}")
        inside = [*(block.get("elements") or ()), block.get("accessory"), block.get("element")]
        for body in inside:
            if isinstance(body, dict) and (body.get("action_id") or block.get("type") in {"actions", "input"}):
                yield Element(block, block_id, body)


def element(blocks: Sequence[Block], name: str) -> Element:
    """By action id, block id, what stands on it, its value, or as `#3` by its place. Raises NotThere."""
    known = list(elements(blocks))
    if name.startswith("#") and name[1:].isdecimal() and int(name[1:]) < len(known):
        return known[int(name[1:])]
    for found in known:
        if found.action_id == name or found.answers_to(name):
            return found
        if found.kind == "feedback_buttons" and _feedback(found, name):
            return found
    raise NotThere(f"{name!r} is not among {[one.action_id or one.words for one in known]}")


def action(found: Element, name: str, pick: Any, action_ts: str) -> dict[str, Any]:
    """The entry in `actions` of a press."""
    said: dict[str, Any] = {"action_id": found.action_id, "block_id": found.block_id, "action_ts": action_ts}
    if found.kind == "button":
        said |= {"type": "button", "text": found.body.get("text")}
        return said | ({"value": found.body["value"]} if "value" in found.body else {})
    if found.kind == "feedback_buttons":
        button = _feedback(found, str(pick or name))
        if button is None:
            raise NotThere(f"no such feedback: {pick or name}")
        return said | {"type": "feedback_buttons", "text": button.get("text"), "value": button.get("value")}
    return said | found.filled(pick)


def state(blocks: Sequence[Block], filled: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """`state.values` of a form or a message: block id, then action id."""
    values: dict[str, dict[str, Any]] = {}
    for one in elements(blocks):
        if one.kind in {"button", "feedback_buttons", "overflow", "icon_button"}:
            continue
        key = (one.block_id, one.action_id)
        values.setdefault(one.block_id, {})[one.action_id] = filled.get(key) or one.initial()
    return {"values": values}


def is_empty(value: dict[str, Any]) -> bool:
    return not any(said for name, said in value.items() if name != "type")


def _feedback(found: Element, name: str) -> dict[str, Any] | None:
    for side in ("positive", "negative"):
        button = found.body.get(f"{side}_button") or {}
        if name in {side, button.get("value"), button.get("text", {}).get("text")}:
            return dict(button)
    return None


def _date_time(said: Any) -> int | None:
    return int(said) if said else None
