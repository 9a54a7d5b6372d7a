"""Buttons and menus below an answer, and what of them is known again when one is pressed.

They carry nothing but the id of a row and the place of the choice in it; what that means is looked up at the press.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.channels.slack.blocks.texts import BUTTON, plain
from bot.vocabulary.message import JUDGE, SAY

BUTTONS = 5
"""How many choices stand side by side; more of them stand in a menu."""
OPTIONS = 100
_PROMPT = 150
_CHOSEN = 10  # lines below an answer
_LINE = 1_000
_VALUE = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,3})\Z")

Block = dict[str, Any]


class Pressed(NamedTuple):
    """The row of the button, and the place of what was chosen in it."""

    button: str
    place: int


def choices(groups: object) -> Iterator[Block]:
    """Buttons or a menu for each group that the payload of an answer holds; single buttons stand side by side."""
    single: list[Block] = []
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        labels = [(str(label), str(style)) for label, style in group["labels"][:OPTIONS]]
        buttons = (
            list(_buttons(number, group["id"], labels)) if len(labels) <= BUTTONS else [_menu(number, group, labels)]
        )
        alone = len(labels) == 1 and len(single) < BUTTONS
        if single and not alone:
            yield {"type": "actions", "elements": single}
            single = []
        if len(labels) == 1:
            single = [*single, *buttons]
        elif buttons:
            yield {"type": "actions", "elements": buttons}
    if single:
        yield {"type": "actions", "elements": single}


def judgement(asked: object) -> Iterator[Block]:
    """Whether an answer helped: two small buttons."""
    if not isinstance(asked, Mapping):
        return
    helpful, not_helpful = (plain(str(label), BUTTON) for label in asked["labels"])
    yield {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": f"{JUDGE}answer",
                "positive_button": {"text": helpful, "value": f"{asked['id']}.1"},
                "negative_button": {"text": not_helpful, "value": f"{asked['id']}.0"},
            }
        ],
    }


def chosen(lines: object) -> Iterator[Block]:
    """What was pressed, and by whom, in the place of the buttons."""
    said = [str(line) for line in lines if line] if isinstance(lines, list) else []
    if said:
        yield {"type": "context", "elements": [plain(line, _LINE) for line in said[-_CHOSEN:]]}


def pressed(action: str, value: str) -> Pressed | None:
    """What one of these was pressed; None for whatever else."""
    found = _VALUE.match(value) if action.startswith((SAY, JUDGE)) else None
    return Pressed(found[1], int(found[2])) if found else None


def _buttons(number: int, button_id: str, labels: Sequence[tuple[str, str]]) -> Iterator[Block]:
    for place, (label, style) in enumerate(labels):
        button = {
            "type": "button", "action_id": f"{SAY}{number}.{place}", "text": plain(label, BUTTON),
            "value": f"{button_id}.{place}",
        }  # fmt: skip
        yield button | ({"style": style} if style in ("primary", "danger") else {})


def _menu(number: int, group: Mapping[str, Any], labels: Sequence[tuple[str, str]]) -> Block:
    options = [
        {"text": plain(label, BUTTON), "value": f"{group['id']}.{place}"} for place, (label, _) in enumerate(labels)
    ]
    return {
        "type": "static_select", "action_id": f"{SAY}{number}", "placeholder": plain(str(group["prompt"]), _PROMPT),
        "options": options,
    }  # fmt: skip
