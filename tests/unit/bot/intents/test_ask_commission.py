"""What a partner is told it earns; every figure comes from the engine."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.intents.ask_commission import decide
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision, HandOver
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import Intent
from crm.records import AmountBasis, Channel, PartnerType, Stage
from tests.builders import deal, draft, euro, facts, partner, request


def told(decision: Decision) -> str:
    reply = say((decision,), Listener("en", Channel.EMAIL, "", "Lumora"))
    assert reply is not None
    return reply.text


def test_the_rate_of_the_plan_is_told_with_the_tiers_addition() -> None:
    text = told(decide(request(Intent.ASK_COMMISSION), facts()))
    assert "Referral 2026" in text
    assert "17.5% of the first year's recurring revenue" in text
    assert "2.5 percentage points that your tier Select adds" in text


def test_what_an_own_deal_would_earn_is_told_step_by_step() -> None:
    text = told(decide(request(Intent.ASK_COMMISSION, customer="Acme"), facts(deals=(deal(),))))
    assert "you would earn €5,250.00 on D-1042 (Acme GmbH)" in text  # 17.5 % of 30,000
    assert "rate of the plan: 15%" in text
    assert "which makes 17.5%" in text


def test_a_draft_that_was_just_opened_can_be_computed() -> None:
    held = draft(currency="EUR", amount=Decimal(2000), amount_basis=AmountBasis.ANNUAL)
    text = told(decide(request(Intent.ASK_COMMISSION, customer="Orion"), facts(registrations=(held,))))
    assert "€300.00 on D-3001 (Orion AG)" in text  # flat under 3,000


def test_it_means_the_deal_of_the_thread() -> None:
    world = facts(deals=(deal(),), thread=ThreadContext("t", subject_ref="D-1042"))
    assert decide(request(Intent.ASK_COMMISSION), world).deal_numbers == ("D-1042",)


@pytest.mark.parametrize(
    "words",
    ["What do we get for Vega?", "Wie viel Provision bekommen wir für Vega?", "Notre commission sur Vega ?"],
)
def test_a_customer_is_known_by_a_part_of_its_name(words: str) -> None:
    vega = deal(number="D-7", id="h-7", customer="Vega Foods", customer_domain="vega.example")
    world = facts(deals=(deal(), vega), words=words, thread=ThreadContext("t", subject_ref="D-1042"))
    assert decide(request(Intent.ASK_COMMISSION), world).deal_numbers == ("D-7",)
    assert decide(request(Intent.ASK_COMMISSION), facts(words=words)).log == "rates_told"
    both = "What do we get for Vega and for Acme?"
    assert decide(request(Intent.ASK_COMMISSION), facts(deals=(deal(), vega), words=both)).log == "rates_told"


def test_a_stated_sum_is_computed_without_any_deal() -> None:
    wish = request(Intent.ASK_COMMISSION, amount=Decimal(10000), currency="EUR", products=("Lumora Core",))
    assert "€1,750.00 on such a deal" in told(decide(wish, facts()))


def test_a_stated_sum_replaces_the_one_on_file() -> None:
    wish = request(Intent.ASK_COMMISSION, customer="Acme", amount=Decimal(40000), currency="EUR")
    assert "€7,000.00" in told(decide(wish, facts(deals=(deal(),))))


@pytest.mark.parametrize("currency", [None, "SEK", "euros"])
def test_a_sum_without_a_usable_currency_is_asked_back(currency: str | None) -> None:
    decision = decide(request(Intent.ASK_COMMISSION, amount=Decimal(10000), currency=currency), facts())
    assert [o.text for o in decision.outcomes] == ["commission.which_currency"]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-5", "0", "1E+400000"])
def test_a_sum_that_cannot_be_one_is_asked_back(amount: str) -> None:
    decision = decide(request(Intent.ASK_COMMISSION, amount=Decimal(amount), currency="EUR"), facts())
    assert [o.text for o in decision.outcomes] == ["commission.which_currency"]


def test_a_customer_of_somebody_else_is_as_unknown_as_one_that_does_not_exist() -> None:
    decision = decide(request(Intent.ASK_COMMISSION, customer="Zephyr"), facts(deals=(deal(),)))
    assert [o.text for o in decision.outcomes] == ["status.no_such_customer", "commission.rates"]


def test_a_deal_without_a_value_asks_for_it() -> None:
    world = facts(deals=(deal(amount=None, quantity=None),))
    decision = decide(request(Intent.ASK_COMMISSION, customer="Acme"), world)
    assert [o.text for o in decision.outcomes] == ["commission.no_amount"]


def test_a_deal_that_two_plans_would_pay_for_is_left_to_a_person_and_the_rates_are_told() -> None:
    world = facts(partner=partner(types=(PartnerType.RESELLER, PartnerType.REFERRAL)), deals=(deal(),))
    decision = decide(request(Intent.ASK_COMMISSION, customer="Acme"), world)
    assert isinstance(decision.commands[0], HandOver)
    assert [o.text for o in decision.outcomes] == [
        "commission.rates", "commission.rates", "commission.needs_person", "handed_over.to_manager",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", list(PartnerType))
def test_the_rates_of_every_kind_of_partner_can_be_said_in_every_language(kind: PartnerType) -> None:
    decision = decide(request(Intent.ASK_COMMISSION), facts(partner=partner(types=(kind,))))
    for language in ("en", "de", "fr", "nl", "es"):
        assert say((decision,), Listener(language, Channel.EMAIL, "", "Lumora"))


def test_without_a_plan_a_person_answers() -> None:
    decision = decide(request(Intent.ASK_COMMISSION), facts(partner=partner(plan="Secret plan")))
    assert isinstance(decision.commands[0], HandOver)


def test_one_off_products_earn_nothing_and_the_answer_says_so() -> None:
    world = facts(deals=(deal(products=("Lumora Core", "Onboarding Package"), amount=euro(39500)),))
    text = told(decide(request(Intent.ASK_COMMISSION, customer="Acme"), world))
    assert "one-off items earn no commission: Onboarding Package" in text
    assert "€5,250.00" in text


def test_a_value_without_its_currency_is_not_replaced_by_the_list_price() -> None:
    world = facts(registrations=(draft(quantity=80),))
    decision = decide(request(Intent.ASK_COMMISSION, customer="Orion"), world)
    assert [o.text for o in decision.outcomes] == ["commission.no_amount"]
    stated = request(Intent.ASK_COMMISSION, customer="Orion", amount=Decimal(45000), currency="EUR")
    assert "€7,875.00" in told(decide(stated, world))


def test_of_a_won_deal_it_is_told_what_it_earns_and_not_what_it_would() -> None:
    text = told(decide(request(Intent.ASK_COMMISSION, customer="Acme"), facts(deals=(deal(stage=Stage.WON),))))
    assert "which is won, you earn" in text
    assert "would" not in text


def test_a_lost_deal_earns_nothing_and_another_sum_with_that_customer_is_computed() -> None:
    world = facts(deals=(deal(stage=Stage.LOST),))
    assert "earns no commission" in told(decide(request(Intent.ASK_COMMISSION, customer="Acme"), world))
    another = request(Intent.ASK_COMMISSION, customer="Acme", amount=Decimal(10000), currency="EUR")
    assert "you would earn" in told(decide(another, world))


def test_the_first_band_of_a_margin_starts_at_no_sum_of_nothing() -> None:
    world = facts(partner=partner(types=(PartnerType.RESELLER,)))
    text = told(decide(request(Intent.ASK_COMMISSION), world))
    assert "below €50,000.00" in text
    assert "€0.00" not in text
