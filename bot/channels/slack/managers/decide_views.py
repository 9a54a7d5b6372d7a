"""The form for deciding: what is known, what is suggested and why, what may be done, and the words it takes."""

from __future__ import annotations

from bot.channels.slack.blocks.cards import LABELS
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.frames import Block, View, facts, heading, line, one, said, small, told, window
from bot.channels.slack.managers.ports import CaseShown
from bot.vocabulary.briefs import Act

TITLE = "Decide"
ACT, WORDS = "act", "words"
_FACTS = 40
_LONGEST = 1_000
_WANTS = {
    Act.REFUSE: "the reason",
    Act.ASK: "your question",
    Act.DECLINE: "the reason",
    Act.POSTPONE: "the reason",
    Act.BLOCK: "the reason",
    Act.PAY: "the payment's reference, such as SEPA 4711 on 2026-11-30",
    Act.UPHOLD: "the reason",
    Act.CORRECT: "the right sum and the reason, such as EUR 1234.50: reason",
}


def decide_view(form: str, found: CaseShown) -> View:
    choices = [(act.value, _choice(act)) for act in found.acts]
    suggested = found.suggestion.value if found.suggestion in found.acts and found.suggestion else ""
    blocks = [
        *_known(found),
        one(ACT, "What is to be done?", choices, suggested),
        line(WORDS, "Your words", most=_LONGEST, optional=True, long_=True, hint=_hint(found.acts)),
    ]
    return window(TITLE, blocks, callback=actions.DECISION, meta=form, submit="Do it", close="Cancel")


def settled_view(found: CaseShown) -> View:
    """What is known, and why there is nothing to decide."""
    return told(TITLE, more=[*_known(found), said(found.standing or "There is nothing to decide about it.")])


def _known(found: CaseShown) -> list[Block]:
    blocks = [heading(found.title), *facts(found.facts[:_FACTS])]
    why = f"Suggested: {found.suggestion.value}. {found.why}" if found.suggestion else found.why
    return [*blocks, small(why)] if why else blocks


def _choice(act: Act) -> str:
    wants = _WANTS.get(act, "").partition(",")[0]
    return f"{LABELS[act]} (takes {wants})" if wants else LABELS[act]


def _hint(acts: tuple[Act, ...]) -> str:
    needed = [f"{LABELS[act]}: {_WANTS[act]}" for act in acts if act in _WANTS]
    return f"{'; '.join(needed)}. The partner reads it as you write it." if needed else ""
