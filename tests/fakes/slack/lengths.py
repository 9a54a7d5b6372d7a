"""Limits of Slack's documentation that neither its schemas nor its SDK hold: lengths, counts, ids, initial values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

# (kind of a part, name in it) -> characters.
_LENGTHS = {
    ("button", "text"): 75, ("button", "action_id"): 255, ("button", "value"): 2000, ("button", "url"): 3000,
    ("button", "accessibility_label"): 75, ("section", "text"): 3000, ("header", "text"): 150,
    ("image", "alt_text"): 2000, ("image", "image_url"): 3000, ("image", "title"): 2000, ("input", "label"): 2000,
    ("input", "hint"): 2000, ("plain_text_input", "placeholder"): 150, ("static_select", "placeholder"): 150,
    ("multi_static_select", "placeholder"): 150, ("static_select", "action_id"): 255, ("markdown", "text"): 12_000,
    ("plain_text_input", "action_id"): 255, ("multi_static_select", "action_id"): 255,
    ("datepicker", "placeholder"): 150, ("feedback_buttons", "action_id"): 255,
}  # fmt: skip
_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
_OPTION = {"text": 75, "value": 150, "description": 75}
# (kind of a part, name in it) -> least and most of them.
_COUNTS = {
    ("actions", "elements"): (1, 25), ("context", "elements"): (1, 10), ("context_actions", "elements"): (1, 5),
    ("section", "fields"): (1, 10), ("static_select", "options"): (1, 100),
    ("multi_static_select", "options"): (1, 100), ("static_select", "option_groups"): (1, 100),
    ("multi_static_select", "option_groups"): (1, 100),
    ("overflow", "options"): (1, 5), ("checkboxes", "options"): (1, 10), ("radio_buttons", "options"): (1, 10),
    ("table", "rows"): (1, 100), ("rich_text", "elements"): (1, 1000),
}  # fmt: skip
_TEXTS = frozenset({"plain_text", "mrkdwn", "raw_text", "text", "markdown"})
_FORMS = {"initial_date": r"\d{4}-\d\d-\d\d", "initial_time": r"\d\d:\d\d", "initial_date_time": r"\d{10}"}
_MOST_TYPED = 3000
_FIELD, _ROW, _TABLE = 2000, 20, 10_000


def length_faults(blocks: Sequence[Block]) -> list[str]:
    """What Slack would refuse in the blocks of one message or view."""
    found = [fault for block in blocks for part in _parts(block) for fault in _part_faults(part)]
    for block in blocks:
        found += _block_faults(block)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        found.append("two tables in one message")
    marked = sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
    return found + ([f"{marked} characters of Markdown"] if marked > _LENGTHS["markdown", "text"] else [])


def _parts(value: Any) -> Iterator[Block]:
    """Everything inside that has a type, and options, which have none."""
    if isinstance(value, Mapping):
        yield value
        for inside in value.values():
            yield from _parts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(inside)


def _part_faults(part: Block) -> Iterator[str]:
    kind = str(part.get("type") or "")
    if kind in _TEXTS and not part.get("text"):
        yield f"an empty {kind}"
    for name, value in part.items():
        most = _LENGTHS.get((kind, name))
        if most is not None and len(_words(value)) > most:
            yield f"{name} of a {kind} is {len(_words(value))} characters long"
        counts = _COUNTS.get((kind, name))
        if counts is not None and not counts[0] <= len(value or ()) <= counts[1]:
            yield f"{len(value or ())} {name} in a {kind}"
    if "confirm" in part and isinstance(part["confirm"], Mapping) and "title" in part["confirm"]:
        yield from _too_long(part["confirm"], _CONFIRM, "confirmation")
    yield from _value_faults(part)
    if "options" in part or "option_groups" in part:
        yield from _option_faults(part)


def _value_faults(part: Block) -> Iterator[str]:
    """What stands in a field from the start, and how much may be typed there."""
    most = part.get("max_length", _MOST_TYPED)
    if not isinstance(most, int) or not 1 <= most <= _MOST_TYPED:
        yield f"max_length {most}"
    elif len(str(part.get("initial_value") or "")) > most:
        yield "an initial value longer than may be typed"
    for name, form in _FORMS.items():
        if name in part and not re.fullmatch(form, str(part[name])):
            yield f"{name} is {part[name]}"


def _option_faults(part: Block) -> Iterator[str]:
    groups = part.get("option_groups") or ()
    options = [*(part.get("options") or ()), *(one for group in groups for one in group.get("options") or ())]
    for option in options:
        yield from _too_long(option, _OPTION, "option")
    values = [option.get("value") for option in options]
    yield from (f"option {one} is there twice" for one in dict.fromkeys(values) if values.count(one) > 1)
    for initial in (part.get("initial_option"), *(part.get("initial_options") or ())):
        if initial is not None and initial not in options:
            yield f"the initial option {initial.get('value')} is none of the options"


def _block_faults(block: Block) -> Iterator[str]:
    kind = block.get("type")
    if kind == "section":
        if not block.get("text") and not block.get("fields"):
            yield "a section without text or fields"
        yield from (f"a field of {len(_words(one))}" for one in block.get("fields") or () if len(_words(one)) > _FIELD)
    if kind == "table":
        yield from _table_faults(block)
    ids = [one["action_id"] for one in block.get("elements") or () if isinstance(one, Mapping) and one.get("action_id")]
    yield from (f"action_id {one} is twice in one block" for one in dict.fromkeys(ids) if ids.count(one) > 1)


def _table_faults(block: Block) -> Iterator[str]:
    rows = block.get("rows") or ()
    widest = max((len(row) for row in rows), default=0)
    if widest > _ROW:
        yield f"{widest} cells in a row"
    characters = sum(len(part["text"]) for part in _parts(rows) if isinstance(part.get("text"), str))
    if characters > _TABLE:
        yield f"{characters} characters in a table"


def _too_long(part: Block, lengths: Mapping[str, int], what: str) -> Iterator[str]:
    for name, most in lengths.items():
        if len(_words(part.get(name))) > most:
            yield f"{name} of a {what} is {len(_words(part.get(name)))} characters long"


def _words(value: Any) -> str:
    """A text, or that of a text object."""
    return str(value.get("text") or "") if isinstance(value, Mapping) else str(value or "")
