"""A message that says something else in a thread with an open question: nothing flows into the wrong place."""

from __future__ import annotations

from dataclasses import replace

from bot.steps.decide import decide
from bot.vocabulary.decisions import SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, Intent, PersonFields, Request
from crm.records import RegistrationState, Stage
from tests.builders import contact, deal, draft, facts, reading, registration, request

ASKED = registration(state=RegistrationState.NEEDS_INFO, question="Who signs?")
ASKED_BACK = facts(
    registrations=(ASKED,), thread=ThreadContext("t", ThreadKind.QUESTION, (), "D-2001"), deals=(deal(),)
)
STILL_OPEN = "status.question"


def told(given: Facts, *requests: Request) -> list[str]:
    return [o.text for d in decide(reading(*requests), given) for o in d.outcomes]


def test_a_managers_question_stays_in_sight_while_something_else_is_answered() -> None:
    said = told(ASKED_BACK, request(Intent.ASK_TIER))
    assert said[-1] == STILL_OPEN
    assert len(said) > 1


def test_it_is_put_once_where_the_status_tells_it_already() -> None:
    said = told(ASKED_BACK, request(Intent.ASK_DEAL_STATUS, deal_ref="D-2001"))
    assert said == ["status.one", STILL_OPEN]


def test_it_is_not_put_again_once_it_is_answered() -> None:
    said = told(ASKED_BACK, request(Intent.ASK_TIER), request(Intent.PROVIDE_FIELD, contact_name="Jan Smit"))
    assert "register.answered" in said
    assert STILL_OPEN not in said


def test_the_customer_of_a_deal_that_is_won_is_no_contact_of_the_awaited_draft() -> None:
    waiting = facts(
        registrations=(draft(contact_name=""),),
        deals=(deal(),),
        thread=ThreadContext("t", ThreadKind.QUESTION, ("contact_name",), "D-3001"),
    )
    won = request(Intent.UPDATE_DEAL, customer="Acme GmbH", stage=Stage.WON)
    decisions = decide(reading(won, request(Intent.PROVIDE_FIELD, contact_name="ACME")), waiting)
    assert next(o.text for d in decisions for o in d.outcomes) == "update.done"
    assert not any(isinstance(c, SaveRegistration) for d in decisions for c in d.commands)


def test_what_was_done_is_told_before_what_is_asked() -> None:
    held = facts(
        deals=(deal(), deal(id="h-2", number="D-1043", customer="Lyra SA", customer_domain="lyra.example")),
        colleagues=(contact(), contact(id="c-2", name="Declan Moyne", email="declan@brightpath.example", main=False)),
    )
    left = Request(Intent.OTHER, PersonFields("Declan"), finer=Finer.PERSON_LEFT)
    said = told(held, left, request(Intent.UPDATE_DEAL, customer="Lyra SA", stage=Stage.ON_HOLD))
    assert said == ["update.done", "people.shall_we_close"]


def test_that_the_message_was_passed_on_is_not_said_beside_what_of_it_was() -> None:
    said = told(facts(), request(Intent.OTHER), request(Intent.DISPUTE_COMMISSION))
    assert said == ["handed_over.to_manager"]


def test_a_company_that_is_no_customer_may_be_the_answer_to_a_manager() -> None:
    wish = request(Intent.PROVIDE_FIELD, customer="Northwind", customer_domain="northwind.example")
    decisions = decide(reading(wish), replace(ASKED_BACK, words="The competitor is Northwind."))
    [sent] = [c.registration for d in decisions for c in d.commands if isinstance(c, SaveRegistration)]
    assert (sent.state, sent.customer) == (RegistrationState.SUBMITTED, ASKED.customer)
    assert "The competitor is Northwind." in sent.notes


def test_another_customer_of_the_partners_is_no_answer_to_a_manager() -> None:
    assert "register.answered" not in told(ASKED_BACK, request(Intent.PROVIDE_FIELD, customer="Acme GmbH", quantity=5))
