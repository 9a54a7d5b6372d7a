"""A brief as a card in Slack: what is to be decided, what is suggested and why, and a button for each act.

A button carries nothing but the id of the brief; whoever presses it, state and rights are looked up then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.slack.blocks.texts import BUTTON, FIELD, HEADER, SECTION, cut, cut_escaped, escaped, marked, plain
from bot.channels.slack.edge.interactions import COUNTER
from bot.vocabulary.briefs import Act, Brief

ACTION = "brief:"
"""What the action ids of our buttons begin with; the act follows."""
DECIDE = f"{COUNTER}decide"
"""The action id of the button that opens the form for deciding."""

_FIELDS = 10  # of a section: Slack's limit
_VALUE = 300  # characters of a fact: a card is to be taken in at a glance
_FACTS = 30
LABELS = {
    Act.APPROVE: "Approve", Act.REFUSE: "Refuse", Act.ASK: "Ask", Act.ACCEPT: "Accept", Act.REJECT: "Reject",
    Act.DECLINE: "Decline", Act.POSTPONE: "Postpone", Act.BLOCK: "Block", Act.RELEASE: "Release", Act.PAY: "Paid",
    Act.UPHOLD: "Uphold", Act.CORRECT: "Correct", Act.RETRY: "Try again",
}  # fmt: skip
_STYLES = {
    Act.APPROVE: "primary", Act.ACCEPT: "primary", Act.REFUSE: "danger", Act.REJECT: "danger", Act.DECLINE: "danger",
    Act.PAY: "primary", Act.RETRY: "primary",
}  # fmt: skip

Blocks = list[dict[str, Any]]


def card(brief: Brief, brief_id: str, how: str) -> Blocks:
    """`how` says in a line what may be typed instead of pressing a button."""
    blocks: Blocks = [{"type": "header", "text": plain(brief.title, HEADER)}]
    facts = brief.facts[:_FACTS]
    for start in range(0, len(facts), _FIELDS):
        blocks.append({"type": "section", "fields": [_fact(*fact) for fact in facts[start : start + _FIELDS]]})
    if suggested := _suggestion(brief):
        blocks.append({"type": "section", "text": marked(cut_escaped(suggested, SECTION))})
    return [*blocks, *_asking(brief.acts, brief_id, how)]


def settled(blocks: Sequence[dict[str, Any]], result: str) -> Blocks:
    """The card once it is decided: the same facts, no buttons, and what became of it."""
    kept = [block for block in blocks if block.get("type") not in ("actions", "context")]
    return [*kept, {"type": "context", "elements": [marked(cut_escaped(f"*{escaped(result)}*", SECTION))]}]


def amended(blocks: Sequence[dict[str, Any]], result: str, acts: Sequence[Act], brief_id: str, how: str) -> Blocks:
    """The card while something else is to be done about it: the same facts, what happened, and other buttons."""
    return [*settled(blocks, result), *_asking(acts, brief_id, how)]


def _asking(acts: Sequence[Act], brief_id: str, how: str) -> Blocks:
    if not acts:
        return []
    return [
        {"type": "actions", "elements": [*(_button(act, brief_id) for act in acts), _form(brief_id)]},
        {"type": "context", "elements": [marked(escaped(how))]},
    ]


def act_of(action_id: str) -> Act | None:
    """The act of one of our buttons, None for any other."""
    said = action_id.removeprefix(ACTION)
    return Act(said) if action_id.startswith(ACTION) and said in set(Act) else None


def _button(act: Act, brief_id: str) -> dict[str, Any]:
    label = plain(LABELS[act], BUTTON)
    button = {"type": "button", "action_id": f"{ACTION}{act.value}", "text": label, "value": brief_id}
    return button | ({"style": _STYLES[act]} if act in _STYLES else {})


def _form(brief_id: str) -> dict[str, Any]:
    """Opens what is known by now in a form, where what takes words is decided at once."""
    return {"type": "button", "action_id": DECIDE, "text": plain("Details …", BUTTON), "value": brief_id}


def _suggestion(brief: Brief) -> str:
    """In Slack's marks; "" where nothing is suggested."""
    parts = [f"*Suggested: {brief.suggestion.value}*"] if brief.suggestion else []
    return "\n".join([*parts, *([escaped(brief.why)] if brief.why else [])])


def _fact(label: str, value: str) -> dict[str, Any]:
    return marked(cut_escaped(f"*{escaped(label)}*\n{escaped(cut(value, _VALUE)) or '-'}", FIELD))
