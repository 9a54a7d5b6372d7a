"""A yes or no goes to whoever asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.intents import answer_question
from bot.intents.table import decider
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, Intent, NoFields, Request
from crm.records import ContactRight, Lead, LeadSource, LeadState, RegistrationState
from tests.builders import ANNOUNCEMENT, contact, deal, draft, facts, registration, request

YES = Request(Intent.OTHER, NoFields(), finer=Finer.CONFIRM)
NO = Request(Intent.OTHER, NoFields(), finer=Finer.DENY)
WHOLE = draft(currency="EUR", close_date=date(2027, 3, 31))


def asked(*names: str, about: str = "D-3001") -> Facts:
    return facts(registrations=(WHOLE,), thread=ThreadContext("t", ThreadKind.QUESTION, names, about))


def states(decision: Decision | None) -> list[RegistrationState]:
    assert decision is not None
    return [c.registration.state for c in decision.commands if isinstance(c, SaveRegistration)]


@pytest.mark.parametrize(("said", "state"), [(YES, RegistrationState.SUBMITTED), (NO, RegistrationState.WITHDRAWN)])
def test_a_bare_yes_or_no_answers_the_open_question(said: Request, state: RegistrationState) -> None:
    decision = decider(said)(said, asked(Question.REGISTER))
    assert states(decision) == [state]
    assert AwaitFields("D-3001", ()) in decision.commands


@pytest.mark.parametrize("answer", ["maybe", None])
def test_an_answer_that_is_neither_leaves_the_question_open(answer: str | None) -> None:
    decision = answer_question.decide(request(Intent.ANSWER_ANNOUNCEMENT, answer=answer), asked(Question.REGISTER))
    assert decision is not None
    assert decision.commands == ()
    assert [o.text for o in decision.outcomes] == ["question.unclear"]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_what_only_may_be_an_answer_does_nothing(answer: str) -> None:
    perhaps = replace(request(Intent.ANSWER_ANNOUNCEMENT, answer=answer), ask=True)
    decision = answer_question.decide(perhaps, asked(Question.REGISTER))
    assert decision is not None
    assert decision.commands == ()
    assert [o.text for o in decision.outcomes] == ["question.unclear"]


def test_a_yes_where_nothing_was_asked_is_decided_as_its_label() -> None:
    decision = decider(YES)(YES, facts())
    assert isinstance(decision.commands[0], HandOver)


def test_a_yes_to_what_was_settled_meanwhile_changes_nothing() -> None:
    settled = replace(WHOLE, state=RegistrationState.APPROVED)
    decision = decider(YES)(YES, replace(asked(Question.REGISTER), registrations=(settled,)))
    assert states(decision) == []


def test_in_an_announcements_thread_the_question_that_came_last_is_answered() -> None:
    known = replace(asked(Question.REGISTER), announcement=ANNOUNCEMENT)
    yes = request(Intent.ANSWER_ANNOUNCEMENT, answer="yes")
    assert states(decider(yes)(yes, known)) == [RegistrationState.SUBMITTED]


OFFERED = Lead("L-12345678", LeadSource.VENDOR, LeadState.OFFERED, partner_id="p-1", customer="Globex")
LAPSING = registration(number="D-3001", state=RegistrationState.APPROVED, protected_until=date(2026, 12, 10))
WON = '{"deal": "D-1042", "fields": {"stage": ["qualified", "won"]}}'
READER = contact(id="c-2", main=False, rights=(ContactRight.SEE_DEALS,))
OPEN = {
    Question.REGISTER: asked(Question.REGISTER),
    Question.WITHDRAW: asked(Question.WITHDRAW),
    Question.EXTEND: replace(asked(Question.EXTEND), registrations=(LAPSING,)),
    Question.LEAD: replace(asked(Question.LEAD, about="L-12345678"), leads=(OFFERED,)),
    Question.UPDATE: facts(
        deals=(deal(),), thread=ThreadContext("t", ThreadKind.QUESTION, (Question.UPDATE,), "D-1042", proposal=WON)
    ),
}


@pytest.mark.parametrize("said", [YES, NO])
@pytest.mark.parametrize("question", list(OPEN))
def test_who_may_not_answer_settles_nothing_and_leaves_the_question_to_a_colleague(
    question: Question, said: Request
) -> None:
    decision = decider(said)(said, replace(OPEN[question], contact=READER, colleagues=(contact(), READER)))
    assert decision.commands == ()
    assert decision.outcomes[0].text == "rights.register"


@pytest.mark.parametrize("question", list(OPEN))
def test_who_may_answer_it_still_does(question: Question) -> None:
    assert decider(YES)(YES, OPEN[question]).commands
