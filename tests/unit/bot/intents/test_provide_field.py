"""What happens to a detail that answers our question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.intents.draft import at_once
from bot.intents.provide_field import decide
from bot.vocabulary.decisions import AwaitFields, HandOver, SaveRegistration
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import RegistrationState
from tests.builders import draft, facts, registration, request
from tests.unit.bot.intents.test_register_deal import awaited, saved, texts

WAITING = ThreadContext("t", ThreadKind.QUESTION, ("currency", "close_date"), "D-3001")


def test_the_last_missing_details_submit_the_draft() -> None:
    wish = request(Intent.PROVIDE_FIELD, currency="EUR", close_date=date(2027, 3, 31))
    decision = decide(wish, facts(registrations=(draft(),), thread=WAITING))
    assert (saved(decision).number, saved(decision).state) == ("D-3001", RegistrationState.SUBMITTED)
    assert awaited(decision) == AwaitFields("D-3001", ())


def test_a_part_of_them_is_kept_and_the_rest_asked_again() -> None:
    decision = decide(request(Intent.PROVIDE_FIELD, currency="EUR"), facts(registrations=(draft(),), thread=WAITING))
    assert saved(decision).currency == "EUR"
    assert awaited(decision).fields == ("close_date",)
    assert texts(decision)[0] == "register.draft_kept_of"


def test_an_unusable_detail_is_asked_again_with_the_reason() -> None:
    wish = request(Intent.PROVIDE_FIELD, close_date=date(2020, 1, 1), currency="EUR")
    decision = decide(wish, facts(registrations=(draft(),), thread=WAITING))
    assert "problem.close_date" in texts(decision)
    assert saved(decision).state is RegistrationState.DRAFT


def test_the_awaited_draft_is_taken_among_several() -> None:
    other = draft(number="D-3002", customer="Lyra", customer_domain="lyra.example")
    wish = request(Intent.PROVIDE_FIELD, currency="EUR")
    assert saved(decide(wish, facts(registrations=(other, draft()), thread=WAITING))).number == "D-3001"


def test_a_named_customer_beats_the_awaited_draft() -> None:
    other = draft(number="D-3002", customer="Lyra", customer_domain="lyra.example")
    wish = request(Intent.PROVIDE_FIELD, customer="Lyra", currency="EUR")
    assert saved(decide(wish, facts(registrations=(draft(), other), thread=WAITING))).number == "D-3002"


def test_outside_a_waiting_thread_the_only_draft_is_meant() -> None:
    wish = request(Intent.PROVIDE_FIELD, currency="EUR")
    assert saved(decide(wish, facts(registrations=(registration(), draft())))).number == "D-3001"


def test_the_only_draft_that_lacks_what_was_given_is_meant() -> None:
    has_it = draft(number="D-3002", customer="Lyra", customer_domain="lyra.example", currency="USD")
    wish = request(Intent.PROVIDE_FIELD, currency="EUR")
    assert saved(decide(wish, facts(registrations=(has_it, draft())))).number == "D-3001"


def test_where_several_drafts_may_be_meant_the_partner_is_asked() -> None:
    other = draft(number="D-3002", customer="Lyra", customer_domain="lyra.example")
    decision = decide(request(Intent.PROVIDE_FIELD, currency="EUR"), facts(registrations=(draft(), other)))
    assert texts(decision) == ["provide.which"]
    assert decision.commands == ()


def test_without_any_draft_a_person_gets_the_details() -> None:
    decision = decide(request(Intent.PROVIDE_FIELD, amount=Decimal(500), currency="EUR"), facts())
    [note] = decision.commands
    assert isinstance(note, HandOver)
    assert "amount 500" in note.summary


def test_an_unclear_answer_to_shall_we_asks_again() -> None:
    whole = draft(currency="EUR", close_date=date(2027, 3, 31))
    thread = ThreadContext("t", ThreadKind.QUESTION, ("confirmation",), "D-3001")
    decision = decide(request(Intent.PROVIDE_FIELD), facts(registrations=(whole,), thread=thread))
    assert [c.registration.state for c in decision.commands if isinstance(c, SaveRegistration)] == [
        RegistrationState.DRAFT
    ]
    assert texts(decision)[-1] == "register.say_yes"


def test_an_answer_in_which_nothing_was_read_is_not_thanked_for_and_reaches_a_person() -> None:
    decision = decide(request(Intent.PROVIDE_FIELD), facts(registrations=(draft(),), thread=WAITING))
    assert texts(decision) == ["provide.unread", "handed_over.to_manager", "register.missing"]
    [note] = decision.commands  # the draft stays as it is, and the thread goes on waiting
    assert isinstance(note, HandOver)
    assert note.deal_number == "D-3001"


def test_a_new_value_in_a_foreign_currency_is_not_read_back_in_the_earlier_one() -> None:
    known = draft(amount=Decimal(12000), currency="USD")
    decision = decide(
        request(Intent.PROVIDE_FIELD, amount=Decimal(10000), currency="SEK", close_date=date(2027, 6, 30)),
        facts(registrations=(known,), thread=WAITING),
    )
    assert (saved(decision).amount, saved(decision).currency) == (Decimal(10000), "")
    assert "currency" in awaited(decision).fields


@pytest.mark.parametrize(
    ("said", "kept"), [("Eva", "Eva Kern"), ("kern", "Eva Kern"), ("Eva Maria Kern", "Eva Maria Kern")]
)
def test_a_part_of_the_contacts_name_is_no_other_contact(said: str, kept: str) -> None:
    decision = decide(request(Intent.PROVIDE_FIELD, contact_name=said), facts(registrations=(draft(),), thread=WAITING))
    assert saved(decision).contact_name == kept


@pytest.mark.parametrize(
    ("lacking", "asked"),
    [
        (("customer", "amount", "currency", "products"), ("customer", "amount", "currency", "products")),
        (("customer", "contact_name", "products", "amount", "currency"), ("customer", "contact_name", "products")),
        (
            ("customer", "amount", "currency", "close_date", "products"),
            ("customer", "amount", "currency", "close_date"),
        ),
        (("customer", "contact_name", "currency", "products"), ("customer", "contact_name", "currency")),
    ],
)
def test_in_slack_three_things_are_asked_at_a_time_and_a_value_with_its_currency_is_one(
    lacking: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    assert at_once(lacking, in_slack=True) == asked
    assert at_once(lacking, in_slack=False) == lacking
