"""Forms as Slack wants them: a title, blocks and buttons, within its lengths; and the pieces that forms are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.channels.slack.blocks.texts import BUTTON, FIELD, HEADER, SECTION, cut, escaped, marked, plain
from bot.channels.slack.edge.interactions import Answer
from bot.channels.slack.managers.actions import LOADING, TOLD

View = dict[str, Any]
Block = dict[str, Any]

SHORT = 24
"""Characters of a form's title, and on its buttons."""
_BLOCKS = 100
_CHOICES = 100  # options of a select, or of a group of them; and groups
_IDS = 150  # characters of an option's value


def window(
    title: str, blocks: Iterable[Block], *, callback: str, meta: str = "", submit: str = "", close: str = "Close"
) -> View:
    """`meta` is the opaque id of what the form stands for; without `submit` there is nothing to send off."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": meta,
        "title": plain(title, SHORT),
        "close": plain(close, SHORT),
        "blocks": list(blocks)[:_BLOCKS],
    }
    return view | ({"submit": plain(submit, SHORT)} if submit else {})


def loading(title: str) -> View:
    return window(title, [said("One moment …")], callback=LOADING)


def told(title: str, *texts: str, more: Sequence[Block] = ()) -> View:
    """Nothing to fill in: what happened, or why nothing did."""
    blocks = [*(said(text) for text in texts if text), *more]
    return window(title, blocks or [said("")], callback=TOLD)


def said(text: str) -> Block:
    """A paragraph in our words or a manager's: nothing in it is a mark, a mention or a link."""
    return {"type": "section", "text": plain(text, SECTION)}


def listed(title: str, lines: Iterable[str]) -> Block:
    """A title and what stands under it, as far as a section holds it."""
    text = f"*{_safe(title, 100)}*"
    for one in lines:
        more = f"\n• {_safe(one, 300)}"
        if len(text) + len(more) > SECTION - 2:
            return {"type": "section", "text": marked(f"{text}\n…")}
        text += more
    return {"type": "section", "text": marked(text)}


def heading(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def small(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, SECTION)]}


def facts(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Label and value beside each other, ten to a section. Values are cut: a form is to be taken in at a glance."""
    rows = [marked(f"*{_safe(label, 60)}*\n{_safe(value, 320) or '-'}") for label, value in pairs]
    return [{"type": "section", "fields": rows[at : at + 10]} for at in range(0, len(rows), 10)]


def long(text: str, most: int = 10) -> list[Block]:
    """A long text in so many sections at most, broken between lines where that can be."""
    found: list[Block] = []
    rest = text.strip()
    while rest and len(found) < most:
        piece = _piece(rest)
        found.append(said(piece))
        rest = rest[len(piece) :].strip("\n")
    return [*found, small("… and so on")] if rest else found


def line(name: str, label: str, *, value: str = "", most: int = SECTION, optional: bool = False, hint: str = "",
         long_: bool = False) -> Block:  # fmt: skip
    """A field to write into; `name` is what its text comes back under."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": most, "multiline": long_}
    if value:
        element["initial_value"] = value[:most]
    return _input(name, label, element, optional=optional, hint=hint)


def takeable(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those (value, text) that Slack takes: a menu without any is refused with its whole form."""
    return [(value, text) for value, text in options if value and len(value) <= _IDS]


def many(name: str, label: str, options: Sequence[tuple[str, str]], chosen: Iterable[str], placeholder: str) -> Block:
    """Any number of (value, text), of which `takeable` leaves some; `chosen` are values. Beyond a hundred they stand in
    groups.
    """
    offered = [option(value, text) for value, text in takeable(options)]
    element: Block = {"type": "multi_static_select", "action_id": name, "placeholder": plain(placeholder, 150)}
    wanted = set(chosen)
    if initial := [one for one in offered if one["value"] in wanted][:_CHOICES]:
        element["initial_options"] = initial
    if len(offered) <= _CHOICES:
        element["options"] = offered
    else:
        parts = [offered[at : at + _CHOICES] for at in range(0, len(offered), _CHOICES)][:_CHOICES]
        element["option_groups"] = [{"label": plain(_range(part), BUTTON), "options": part} for part in parts]
    return _input(name, label, element, optional=True)


def one(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Block:
    """One of a few (value, text), shown as radio buttons."""
    offered = [option(value, text) for value, text in options[:10]]
    element: Block = {"type": "radio_buttons", "action_id": name, "options": offered}
    if initial := next((o for o in offered if o["value"] == chosen), None):
        element["initial_option"] = initial
    return _input(name, label, element)


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str = "", *, empty: str = "") -> Block:
    """One of several (value, text) in a menu; with `empty`, which says what that means, it may be left open."""
    offered = [option(value, text) for value, text in options[:_CHOICES]]
    element: Block = {"type": "static_select", "action_id": name, "options": offered}
    element |= {"placeholder": plain(empty, 150)} if empty else {}
    if initial := next((o for o in offered if o["value"] == chosen), None):
        element["initial_option"] = initial
    return _input(name, label, element, optional=bool(empty))


def day(name: str, label: str, *, value: str = "", hint: str = "") -> Block:
    element: Block = {"type": "datepicker", "action_id": name}
    return _input(name, label, element | ({"initial_date": value} if value else {}), optional=True, hint=hint)


def hour(name: str, label: str, zone: str, *, value: str = "") -> Block:
    element: Block = {"type": "timepicker", "action_id": name, "timezone": zone}
    return _input(name, label, element | ({"initial_time": value} if value else {}), optional=True)


def buttons(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(action: str, text: str, value: str = "", *, style: str = "", sure: str = "") -> Block:
    """`sure` is the question that is asked before it counts."""
    made: Block = {"type": "button", "action_id": action, "text": plain(text, BUTTON)}
    made |= {"value": value} if value else {}
    made |= {"style": style} if style else {}
    if sure:
        made["confirm"] = {
            "title": plain("Are you sure?", 100), "text": plain(sure, 300), "confirm": plain("Yes", 30),
            "deny": plain("No", 30),
        }  # fmt: skip
    return made


def option(value: str, text: str) -> Block:
    return {"value": value, "text": plain(text, BUTTON)}


def errors(**faults: str) -> Answer:
    """Each at its field; what is filled in stays."""
    shown = {name: cut(fault, SECTION) for name, fault in faults.items()}
    return Answer({"response_action": "errors", "errors": shown})


def instead(view: View) -> Answer:
    """Show this view in place of the one that was sent off."""
    return Answer({"response_action": "update", "view": view})


def to_him(text: str, blocks: Sequence[Mapping[str, Any]] = ()) -> Answer:
    """Seen by the one who typed the command and nobody else."""
    body: dict[str, Any] = {"response_type": "ephemeral", "text": escaped(text)}
    return Answer(body | ({"blocks": list(blocks)} if blocks else {}))


def _safe(text: str, most: int) -> str:
    """A text of anybody's among our marks: it calls nobody, and hides no link."""
    return escaped(cut(text, most))


def _input(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block: Block = {
        "type": "input", "block_id": name, "label": plain(label, FIELD), "element": element, "optional": optional,
    }  # fmt: skip
    return block | ({"hint": plain(hint, FIELD)} if hint else {})


def _piece(text: str) -> str:
    if len(text) <= SECTION:
        return text
    at = text.rfind("\n", 0, SECTION)
    return text[:at] if at > SECTION // 2 else text[:SECTION]


def _range(part: Sequence[Block]) -> str:
    first, last = part[0]["text"]["text"], part[-1]["text"]["text"]
    return f"{cut(first, 30)} to {cut(last, 30)}"
