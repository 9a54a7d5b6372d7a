"""What may be pressed instead of typed: a yes or no to what is asked, one of several things, the way to a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Decision, Offer, Outcome
from bot.vocabulary.message import Question
from bot.vocabulary.reply import Style
from bot.vocabulary.requests import AnswerFields, Finer, Intent, Request

_YES = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)
_NO = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("no"), finer=Finer.DENY)


def with_yes_or_no(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions, and below the last thing that they say the answers to the question that the thread then waits
    for: nothing where it waits for none, or for words.
    """
    waits = [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]
    asking = [place for place, d in enumerate(decisions) if d.outcomes]
    if not waits or not asking:
        return tuple(decisions)
    last = decisions[asking[-1]]
    if last.privately:
        with_answers = replace(last, privately=answerable(last.privately, waits[-1]))
    else:
        with_answers = replace(last, outcomes=answerable(last.outcomes, waits[-1]))
    return tuple(with_answers if place == asking[-1] else d for place, d in enumerate(decisions))


def answerable(outcomes: tuple[Outcome, ...], wait: AwaitFields | None) -> tuple[Outcome, ...]:
    """The outcomes, the last of them with a yes and a no where that is what is waited for."""
    question = next((Question(name) for name in wait.fields if name in set(Question)), None) if wait else None
    if question is None or not outcomes:
        return outcomes
    last = outcomes[-1]
    return (*outcomes[:-1], replace(last, offers=(*last.offers, *_yes_or_no(question))))


def _yes_or_no(question: Question) -> tuple[Offer, Offer]:
    sure = Style.DANGER if question is Question.WITHDRAW else Style.PRIMARY
    yes, no = f"{question.value}_yes", f"{question.value}_no"
    return (
        Offer(text(f"choice.{yes}"), text(f"say.{yes}"), (_YES,), sure, answers=True),
        Offer(text(f"choice.{no}"), text(f"say.{no}"), (_NO,), answers=True),
    )
