"""What happens to a deal that a partner wants registered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import pytest

from bot.intents.register_deal import decide
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveRegistration
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import DealFields, Intent
from crm.records import AmountBasis, Channel, Registration, RegistrationState, Stage
from tests.builders import FRESH, NOW, TODAY, complete_deal, deal, draft, facts, registration, request


def saved(decision: Decision) -> Registration:
    [command] = [c for c in decision.commands if isinstance(c, SaveRegistration)]
    return command.registration


def awaited(decision: Decision) -> AwaitFields:
    [command] = [c for c in decision.commands if isinstance(c, AwaitFields)]
    return command


def texts(decision: Decision) -> list[str]:
    return [o.text for o in decision.outcomes]


def test_a_complete_deal_is_submitted_with_a_number_and_a_decision_date() -> None:
    decision = decide(complete_deal(), facts())
    kept = saved(decision)
    assert kept.number == FRESH[0]
    assert (kept.state, kept.submitted_at) == (RegistrationState.SUBMITTED, NOW)
    assert kept.decide_by == date(2026, 11, 30)  # Thursday and two business days
    assert awaited(decision).fields == ()
    assert texts(decision) == [
        "register.received",
        "register.decision_by",
        "register.counts_from",
        "register.read_back",
    ]


def test_an_incomplete_deal_stays_a_draft_and_everything_missing_is_asked_at_once() -> None:
    decision = decide(request(Intent.REGISTER_DEAL, customer="Nova Labs", amount=Decimal(36000)), facts())
    assert saved(decision).state is RegistrationState.DRAFT
    assert set(awaited(decision).fields) == {
        "customer_domain", "contact_name", "contact_email", "currency", "close_date", "products",
    }  # fmt: skip
    assert texts(decision) == ["register.draft_opened_of", "register.read_back", "register.missing"]


def test_in_slack_at_most_three_things_are_asked_at_a_time() -> None:
    decision = decide(request(Intent.REGISTER_DEAL, customer="Nova Labs"), facts(channel=Channel.SLACK))
    assert len(awaited(decision).fields) == 3


def test_a_message_that_says_nothing_of_the_deal_still_opens_a_draft() -> None:
    decision = decide(request(Intent.REGISTER_DEAL), facts())
    assert saved(decision).customer == ""
    assert texts(decision) == ["register.draft_opened", "register.missing"]


def test_the_domain_follows_from_the_contacts_address() -> None:
    assert saved(decide(complete_deal(customer_domain=None), facts())).customer_domain == "novalabs.example"


@pytest.mark.parametrize("address", ["lena@gmail.com", "lena@brightpath.example", "lena@lumora.example"])
def test_no_domain_follows_from_free_mail_the_partners_or_the_vendors_address(address: str) -> None:
    decision = decide(complete_deal(customer_domain=None, contact_email=address), facts())
    assert awaited(decision).fields == ("customer_domain",)


def test_a_free_mail_host_is_no_customers_domain() -> None:
    decision = decide(complete_deal(customer_domain="www.gmail.com", contact_email="lena@gmail.com"), facts())
    assert "problem.customer_domain" in texts(decision)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"close_date": TODAY - timedelta(days=1)}, "close_date"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1E+999999")}, "amount"),
        ({"currency": "SEK"}, "currency"),
        ({"contact_email": "lena at nova"}, "contact_email"),
        ({"products": ("Word processor",)}, "products"),
    ],
)
def test_what_cannot_be_right_is_asked_again_and_never_guessed(wrong: dict[str, object], field: str) -> None:
    decision = decide(complete_deal(**wrong), facts())
    assert saved(decision).state is RegistrationState.DRAFT
    assert awaited(decision).fields == (field,)
    assert f"problem.{field}" in texts(decision)


def test_a_missing_currency_is_asked_for() -> None:
    assert awaited(decide(complete_deal(currency=None), facts())).fields == ("currency",)


def test_a_close_today_is_not_in_the_past() -> None:
    assert saved(decide(complete_deal(close_date=TODAY), facts())).state is RegistrationState.SUBMITTED


def test_where_the_reader_would_rather_ask_the_deal_is_kept_and_not_submitted() -> None:
    decision = decide(replace(complete_deal(), ask=True), facts())
    assert saved(decision).state is RegistrationState.DRAFT
    assert awaited(decision).fields == ("confirmation",)
    assert texts(decision) == ["register.shall_we_of", "register.read_back", "register.say_yes"]


def test_a_yes_submits_the_deal_that_was_asked_about() -> None:
    asked = saved(decide(replace(complete_deal(), ask=True), facts()))
    thread = ThreadContext("t", ThreadKind.QUESTION, ("confirmation",), asked.number)
    decision = decide(request(Intent.REGISTER_DEAL), facts(registrations=(asked,), thread=thread))
    assert (saved(decision).number, saved(decision).state) == (asked.number, RegistrationState.SUBMITTED)


@pytest.mark.parametrize("state", [RegistrationState.SUBMITTED, RegistrationState.APPROVED])
@pytest.mark.parametrize("name", ["Vega Foods", "vega foods b.v.", "VEGA FOODS BV"])
def test_the_partners_own_registration_is_pointed_to_instead_of_a_second_one(
    state: RegistrationState, name: str
) -> None:
    own = registration(state=state)
    wish = complete_deal(
        customer=name, customer_domain="vega.example", contact_email="jan@vega.example", products=("Lumora Insights",)
    )
    decision = decide(wish, facts(registrations=(own,)))
    assert texts(decision)[0] == "register.exists"
    assert decision.outcomes[0].values["number"] == "D-2001"
    assert not [c for c in decision.commands if isinstance(c, SaveRegistration)]


def test_what_is_new_about_a_registration_under_review_goes_to_the_manager_as_a_note() -> None:
    wish = request(Intent.REGISTER_DEAL, customer="Vega Foods", products=("Lumora Insights",), amount=Decimal(60000))
    decision = decide(wish, facts(registrations=(registration(),)))
    [note] = [c for c in decision.commands if isinstance(c, HandOver)]
    assert "60000" in note.summary
    assert note.deal_number == "D-2001"


def test_another_product_for_the_same_customer_is_another_deal() -> None:
    wish = complete_deal(customer="Vega Foods BV", customer_domain="vega.example", products=("Lumora Core",))
    assert saved(decide(wish, facts(registrations=(registration(),)))).number == FRESH[0]


def test_the_partners_own_open_deal_is_pointed_to() -> None:
    wish = complete_deal(customer="Acme", customer_domain="acme.example")
    assert texts(decide(wish, facts(deals=(deal(),))))[0] == "register.deal_exists"


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_does_not_stand_in_the_way(stage: Stage) -> None:
    wish = complete_deal(customer="Acme", customer_domain="acme.example")
    approved = registration(number="D-1042", state=RegistrationState.APPROVED, customer="Acme GmbH",
                            customer_domain="acme.example", products=("Lumora Core",))  # fmt: skip
    held = facts(deals=(deal(stage=stage),), registrations=(approved,))
    assert saved(decide(wish, held)).state is RegistrationState.SUBMITTED


@pytest.mark.parametrize(
    "ended",
    [
        {"state": RegistrationState.DECLINED},
        {"state": RegistrationState.WITHDRAWN},
        {"state": RegistrationState.EXPIRED},
        {"state": RegistrationState.APPROVED, "protected_until": TODAY - timedelta(days=1)},
    ],
)
def test_a_registration_that_ended_does_not_stand_in_the_way(ended: dict[str, object]) -> None:
    wish = complete_deal(customer="Vega", customer_domain="vega.example")
    assert saved(decide(wish, facts(registrations=(registration(**ended),)))).number == FRESH[0]


def test_a_wish_for_a_customer_whose_draft_is_open_completes_that_draft() -> None:
    wish = request(Intent.REGISTER_DEAL, customer="Orion", currency="EUR", close_date=date(2027, 3, 31))
    decision = decide(wish, facts(registrations=(draft(),)))
    assert (saved(decision).number, saved(decision).state) == ("D-3001", RegistrationState.SUBMITTED)


def test_in_a_thread_that_waits_for_fields_a_wish_without_a_customer_continues_the_draft() -> None:
    thread = ThreadContext("t", ThreadKind.QUESTION, ("currency", "close_date"), "D-3001")
    decision = decide(request(Intent.REGISTER_DEAL, currency="USD"), facts(registrations=(draft(),), thread=thread))
    assert (saved(decision).number, saved(decision).currency) == ("D-3001", "USD")
    assert awaited(decision).fields == ("close_date",)


def test_in_that_thread_another_customer_is_another_deal_and_the_question_stays_open() -> None:
    thread = ThreadContext("t", ThreadKind.QUESTION, ("currency",), "D-3001")
    decision = decide(complete_deal(), facts(registrations=(draft(),), thread=thread))
    assert saved(decision).number == FRESH[0]
    assert not [c for c in decision.commands if isinstance(c, AwaitFields)]


def test_without_a_number_left_a_person_takes_over() -> None:
    decision = decide(complete_deal(), facts(fresh_numbers=()))
    assert isinstance(decision.commands[0], HandOver)


def test_a_draft_of_many_steps_never_becomes_a_second_registration_of_the_same_deal() -> None:
    twin = draft(number="D-3002", customer="", customer_domain="")
    thread = ThreadContext("t", ThreadKind.QUESTION, ("customer",), "D-3002")
    done = registration(customer="Orion AG", customer_domain="orion.example", products=("Lumora Core",))
    wish = request(Intent.REGISTER_DEAL, customer="Orion AG", customer_domain="orion.example", currency="EUR",
                   close_date=date(2027, 3, 31))  # fmt: skip
    decision = decide(wish, facts(registrations=(done, twin), thread=thread))
    assert saved(decision).state is RegistrationState.WITHDRAWN
    assert texts(decision) == ["register.exists", "handed_over.to_manager"]  # what the draft knew besides


def test_control_characters_and_endless_names_are_cut_before_they_are_kept() -> None:
    kept = saved(decide(complete_deal(customer="No\x00va\nLabs\u202e " + "x" * 5000), facts()))
    assert "\n" not in kept.customer
    assert "\u202e" not in kept.customer
    assert len(kept.customer) <= 200


def test_what_is_no_longer_protected_is_registered_anew_though_its_deal_is_open() -> None:
    over = registration(
        number="D-1042", state=RegistrationState.APPROVED, customer="Nova Labs", customer_domain="novalabs.example",
        products=("Lumora Core",), protected_until=TODAY - timedelta(days=1),
    )  # fmt: skip
    still_open = deal(customer="Nova Labs", customer_domain="novalabs.example", products=("Lumora Core",))
    for known in (over, replace(over, state=RegistrationState.EXPIRED)):
        decision = decide(complete_deal(), facts(registrations=(known,), deals=(still_open,)))
        assert (saved(decision).number, saved(decision).state) == (FRESH[0], RegistrationState.SUBMITTED)
        assert saved(decision).priority_at == NOW


def test_a_wrong_value_alone_adds_nothing_to_the_draft_and_says_so() -> None:
    thread = ThreadContext("t", ThreadKind.QUESTION, ("currency",), "D-3001")
    held = draft(priority_at=NOW)
    decision = decide(request(Intent.REGISTER_DEAL, currency="SEK"), facts(registrations=(held,), thread=thread))
    assert texts(decision)[0] == "register.draft_waits"
    assert "problem.currency" in texts(decision)


def test_an_address_at_an_international_domain_is_kept_as_mail_servers_write_it_and_read_back_as_people_do() -> None:
    decision = decide(complete_deal(customer_domain="Müller.example", contact_email="Lena@Müller.example"), facts())
    kept = saved(decision)
    assert (kept.customer_domain, kept.contact_email) == ("xn--mller-kva.example", "lena@xn--mller-kva.example")
    [read_back] = [o for o in decision.outcomes if o.text == "register.read_back"]
    assert "lena@müller.example" in str(read_back.values)
    assert "xn--" not in str(read_back.values)


@pytest.mark.parametrize(
    ("products", "basis"),
    [
        (("Onboarding Package",), AmountBasis.TOTAL),
        (("Onboarding Package", "Lumora Core"), AmountBasis.ANNUAL),
        (("Lumora Core",), AmountBasis.ANNUAL),
    ],
)
def test_what_is_paid_once_is_worth_the_whole_of_its_value(products: tuple[str, ...], basis: AmountBasis) -> None:
    said = cast("DealFields", complete_deal().fields)
    wish = replace(complete_deal(), fields=replace(said, products=products, amount_basis=AmountBasis.ANNUAL))
    assert saved(decide(wish, facts())).amount_basis is basis
