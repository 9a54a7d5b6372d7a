"""Cards about whose channel it is: asking managers when the agent is invited, and telling them of one that is paused.

Their buttons carry the id of a row, their menus places in a list that this row holds; nothing of it means anything to
whoever sends it back changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.channels.slack.blocks.texts import BUTTON, HEADER, SECTION, cut_escaped, escaped, marked, plain

MAP = "map:"
"""What the action ids on these cards begin with."""
MOST = 99
"""Partners that a menu offers; any other is mapped in words."""
PARTNER, TEAM, MODE = f"{MAP}partner", f"{MAP}team", f"{MAP}mode"
MODES = (("agent", "Answer all that is for the agent"), ("mention", "Answer mentions only"))

Blocks = list[dict[str, Any]]


class MapAct(StrEnum):
    """What a button on these cards does; the value stands behind `MAP` in its action id."""

    MAP = "map"
    NOT_A_PARTNERS = "none"
    RESUME = "resume"
    FORGET = "forget"


_LABELS = {
    MapAct.MAP: "Map", MapAct.NOT_A_PARTNERS: "Not a partner's channel", MapAct.RESUME: "Look again and resume",
    MapAct.FORGET: "Map it no more",
}  # fmt: skip
_STYLES = {MapAct.MAP: "primary", MapAct.RESUME: "primary", MapAct.FORGET: "danger"}


@dataclass(frozen=True, slots=True)
class Menu:
    """`options` in the order of the row's list; `chosen` is the place of the one that is suggested, None for none."""

    action: str
    prompt: str
    options: tuple[str, ...]
    chosen: int | None = None


def act_of(action_id: str) -> MapAct | None:
    """The act of one of these buttons; None for a menu, and for anything else."""
    said = action_id.removeprefix(MAP)
    return MapAct(said) if action_id.startswith(MAP) and said in set(MapAct) else None


def asking(title: str, told: Sequence[str], menus: Sequence[Menu], button: str, how: str) -> Blocks:
    """Whose channel is this: what is known of it, a menu for each choice, and how to say it in words."""
    blocks = [*_told(title, told)]
    shown = [menu for menu in menus if menu.options]
    if shown:
        blocks.append({"type": "actions", "block_id": f"{MAP}choices", "elements": [_menu(menu) for menu in shown]})
    acts = [MapAct.MAP, MapAct.NOT_A_PARTNERS] if shown else [MapAct.NOT_A_PARTNERS]
    return [*blocks, _buttons(dict.fromkeys(acts, button)), _aside(how)]


def paused(title: str, told: Sequence[str], button: str, how: str) -> Blocks:
    """Why nothing is said in a channel, and what may be done about it."""
    return [*_told(title, told), _buttons({MapAct.RESUME: button, MapAct.FORGET: button}), _aside(how)]


def _told(title: str, told: Sequence[str]) -> Blocks:
    words = cut_escaped("\n".join(escaped(line) for line in told), SECTION)
    return [{"type": "header", "text": plain(title, HEADER)}, {"type": "section", "text": marked(words)}]


def _menu(menu: Menu) -> dict[str, Any]:
    options = [_option(str(place), name) for place, name in enumerate(menu.options[:MOST])]
    prompt = plain(menu.prompt, BUTTON)
    made = {"type": "static_select", "action_id": menu.action, "placeholder": prompt, "options": options}
    return made if menu.chosen is None else made | {"initial_option": options[menu.chosen]}


def _option(value: str, name: str) -> dict[str, Any]:
    return {"text": plain(name, BUTTON), "value": value}


def _buttons(acts: Mapping[MapAct, str]) -> dict[str, Any]:
    return {"type": "actions", "elements": [_button(act, value) for act, value in acts.items()]}


def _button(act: MapAct, value: str) -> dict[str, Any]:
    button = {"type": "button", "action_id": f"{MAP}{act.value}", "text": plain(_LABELS[act], BUTTON), "value": value}
    return button | ({"style": _STYLES[act]} if act in _STYLES else {})


def _aside(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [marked(escaped(text))]}
