"""A yes or no to the question that is open in the thread: whoever asked it says what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.intents import answer_lead, extend, people, register_deal, update_deal, withdraw
from bot.intents.rights import NO_RIGHT
from bot.vocabulary.decisions import AwaitFields, Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import AnswerFields, Finer, Request

ANSWERED: Mapping[Question, Callable[[bool, Facts], Decision | None]] = MappingProxyType(
    {
        Question.REGISTER: register_deal.answered,
        Question.UPDATE: update_deal.answered,
        Question.EXTEND: extend.answered,
        Question.WITHDRAW: withdraw.answered,
        Question.LEAD: answer_lead.answered,
        Question.CONTACT: people.answered,
    }
)
"""What follows from a yes (True) or no to each question; None where what it was about is gone."""


def decide(request: Request, facts: Facts) -> Decision | None:
    """What the answer settles, or None where no question is open that it could answer.

    A question that is answered is awaited no longer; what is neither yes nor no, or only perhaps, leaves it open, and
    so does whoever may not answer it: a colleague still may.
    """
    question = facts.thread.question
    answered = ANSWERED.get(question) if question else None
    if answered is None:
        return None
    yes = _says_yes(request)
    if yes is None:
        return Decision((), (Outcome("question.unclear"),), "answer_asked")
    return _settled(answered(yes, facts), facts)


def _says_yes(request: Request) -> bool | None:
    said = request.fields.answer if isinstance(request.fields, AnswerFields) else None
    if request.finer in (Finer.CONFIRM, Finer.DENY):
        return request.finer is Finer.CONFIRM
    return None if request.ask or said not in ("yes", "no") else said == "yes"


def _settled(decision: Decision | None, facts: Facts) -> Decision | None:
    if decision is None or decision.log == NO_RIGHT or any(isinstance(c, AwaitFields) for c in decision.commands):
        return decision
    return replace(decision, commands=(*decision.commands, AwaitFields(facts.thread.subject_ref, ())))
