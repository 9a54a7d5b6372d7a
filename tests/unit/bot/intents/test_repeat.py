"""The same deal again for another customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.intents.repeat import decide
from bot.vocabulary.decisions import AwaitFields, Decision, SaveRegistration
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import DealFields, Finer, Intent, Request
from crm.records import AmountBasis, Registration, RegistrationState
from tests.builders import FRESH, NOW, contact, deal, facts, partner, registration

SOURCE = registration(quantity=80, term_months=24)
GLOBEX = DealFields(customer="Globex")


def again(fields: DealFields = GLOBEX, source: str = "") -> Request:
    return Request(Intent.REGISTER_DEAL, fields, finer=Finer.REPEAT, source=source)


def saved(decision: Decision) -> Registration:
    [command] = [c for c in decision.commands if isinstance(c, SaveRegistration)]
    return command.registration


def texts(decision: Decision) -> list[str]:
    return [o.text for o in decision.outcomes]


def test_what_is_the_deals_is_taken_over_and_what_is_the_customers_is_asked_for() -> None:
    decision = decide(again(), facts(registrations=(SOURCE,)))
    made = saved(decision)
    assert (made.number, made.customer, made.state) == (FRESH[0], "Globex", RegistrationState.DRAFT)
    assert (made.products, made.quantity, made.term_months) == (("Lumora Insights",), 80, 24)
    assert (made.amount, made.currency, made.amount_basis) == (Decimal(45000), "EUR", AmountBasis.ANNUAL)
    assert made.close_date == date(2027, 3, 31)
    assert (made.customer_domain, made.contact_name, made.contact_email) == ("", "", "")
    [wait] = [c for c in decision.commands if isinstance(c, AwaitFields)]
    assert set(wait.fields) == {"customer_domain", "contact_name", "contact_email"}
    assert texts(decision)[:2] == ["register.draft_opened_of", "repeat.taken_over"]
    assert "register.read_back" in texts(decision)


def test_nothing_of_its_history_is_taken_over() -> None:
    old = replace(SOURCE, state=RegistrationState.DECLINED, reason="x", notes="n", evidence="e", priority_at=NOW,
                  decided_by="noor@lumora.example")  # fmt: skip
    made = saved(decide(again(), facts(registrations=(old,))))
    assert (made.reason, made.notes, made.evidence, made.decided_by) == ("", "", "", "")
    assert (made.submitted_at, made.priority_at) == (None, None)


def test_a_close_date_that_is_over_is_asked_for() -> None:
    made = decide(again(), facts(registrations=(replace(SOURCE, close_date=date(2026, 6, 30)),)))
    assert saved(made).close_date is None
    assert "close_date" in next(c.fields for c in made.commands if isinstance(c, AwaitFields))


@pytest.mark.parametrize("said", ["D-1042", "Acme", "acme.example"])
def test_the_named_deal_is_copied_and_not_the_newest(said: str) -> None:
    made = saved(decide(again(source=said), facts(deals=(deal(),), registrations=(SOURCE,))))
    assert made.products == ("Lumora Core",)
    assert (made.amount, made.currency) == (Decimal(30000), "EUR")


def test_without_a_name_the_threads_deal_is_copied() -> None:
    thread = ThreadContext("t", subject_ref="D-1042")
    made = saved(decide(again(), facts(deals=(deal(),), registrations=(SOURCE,), thread=thread)))
    assert made.quantity == 100


def test_what_is_said_goes_before_what_is_copied_and_another_size_has_another_value() -> None:
    decision = decide(again(DealFields(customer="Globex", quantity=60)), facts(registrations=(SOURCE,)))
    assert (saved(decision).quantity, saved(decision).amount, saved(decision).currency) == (60, None, "")
    assert "amount" in next(c.fields for c in decision.commands if isinstance(c, AwaitFields))


def test_a_price_for_each_seat_holds_for_any_number_of_them() -> None:
    seats = replace(SOURCE, amount=Decimal(11), amount_basis=AmountBasis.PER_SEAT_MONTH)
    made = saved(decide(again(DealFields(customer="Globex", quantity=60)), facts(registrations=(seats,))))
    assert (made.quantity, made.amount) == (60, Decimal(11))


def test_a_new_value_takes_over_no_currency() -> None:
    made = saved(decide(again(DealFields(customer="Globex", amount=Decimal(9000))), facts(registrations=(SOURCE,))))
    assert (made.amount, made.currency, made.amount_basis) == (Decimal(9000), "", None)


def test_what_is_not_the_partners_own_is_as_unknown_as_what_does_not_exist() -> None:
    decision = decide(again(source="D-5555"), facts(registrations=(SOURCE,)))
    assert texts(decision)[0] == "repeat.no_source"
    assert saved(decision).products == ()


def test_with_nothing_to_copy_it_is_a_registration_like_any_other() -> None:
    decision = decide(again(), facts())
    assert texts(decision)[0] == "register.draft_opened_of"


def test_the_same_customer_again_is_the_same_deal() -> None:
    decision = decide(again(DealFields(customer="Vega Foods")), facts(registrations=(SOURCE,)))
    assert decision.commands == ()
    assert texts(decision) == ["register.exists"]


def test_where_the_new_contact_is_said_at_once_the_deal_is_submitted() -> None:
    whole = DealFields(customer="Globex", contact_name="Hank Scorpio", contact_email="hank@globex.example")
    decision = decide(again(whole), facts(registrations=(SOURCE,)))
    assert saved(decision).state is RegistrationState.SUBMITTED
    assert texts(decision)[1] == "repeat.taken_over"


def test_without_the_right_nothing_is_stored() -> None:
    decision = decide(
        again(), facts(contact=contact(main=False, rights=()), registrations=(SOURCE,), partner=partner())
    )
    assert decision.commands == ()


def test_what_the_message_says_itself_is_not_told_as_taken_over() -> None:
    decision = decide(again(replace(GLOBEX, quantity=50)), facts(registrations=(SOURCE,)))
    [told] = [o for o in decision.outcomes if o.text == "repeat.taken_over"]
    assert saved(decision).quantity == 50
    assert "field.products" in str(told.values["fields"])
    assert "field.quantity" not in str(told.values["fields"])
