"""What may be pressed instead of typed: a yes or no to what is asked, one of several things, the way to a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Decision, Offer, Outcome, Value
from bot.vocabulary.message import Question
from bot.vocabulary.reply import Style
from bot.vocabulary.requests import (
    AnswerFields,
    DisputeDetails,
    Finer,
    Intent,
    NoFields,
    PayoutFields,
    Request,
)

_YES = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)
_NO = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("no"), finer=Finer.DENY)
_OFFERED = ("lead.offer", "lead.offer_plain", "lead.shall_we_assign")


def how_for_deal(called: Value, number: str) -> Offer:
    """The way to what a deal earns."""
    request = Request(Intent.ASK_COMMISSION, DisputeDetails(deal_refs=(number,)), finer=Finer.WHY_COMMISSION)
    return _how(called, text("say.how_of_deal", deal=called), request)


def how_for_statement(number: str) -> Offer:
    """The way to the amounts on a statement."""
    request = Request(Intent.ASK_PAYOUT, PayoutFields(statement_ref=number), finer=Finer.WHY_COMMISSION)
    return _how(number, text("say.how_of_statement", statement=number), request)


def how_for_tier() -> Offer:
    """The way to what the figures of the tier are made of."""
    request = Request(Intent.ASK_TIER, NoFields(), finer=Finer.WHY_TIER)
    return Offer(text("choice.how_tier"), text("say.how_of_tier"), (request,), alone=text("choice.how"))


def _how(called: Value, words: Mapping[str, Value], request: Request) -> Offer:
    return Offer(text("choice.how_of", deal=called), words, (request,), alone=text("choice.how"))


def register_rows() -> Offer:
    """The rows of a table that came without a word; read like the same words when somebody writes them."""
    return Offer(text("choice.register_rows"), text("say.register_rows"), style=Style.PRIMARY)


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
    taken = last.text in _OFFERED and question is Question.LEAD
    labels = ("take", "leave") if taken else (f"{question.value}_yes", f"{question.value}_no")
    return (*outcomes[:-1], replace(last, offers=(*last.offers, *_yes_or_no(question, *labels))))


def _yes_or_no(question: Question, yes: str, no: str) -> tuple[Offer, Offer]:
    sure = Style.DANGER if question is Question.WITHDRAW else Style.PRIMARY
    return (
        Offer(text(f"choice.{yes}"), text(f"say.{question.value}_yes"), (_YES,), sure, answers=True),
        Offer(text(f"choice.{no}"), text(f"say.{question.value}_no"), (_NO,), answers=True),
    )
