"""Where deals stand: the partner's own, the safelist only, and nothing about anybody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.intents.ask_deal_status import decide
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import AwaitFields, Decision
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import Channel, RegistrationState, Stage
from tests.builders import NOW, TODAY, contact, deal, draft, facts, registration, request


def told(decision: Decision) -> str:
    reply = say((decision,), Listener("en", Channel.EMAIL, "Sara Lind", "Lumora"))
    assert reply is not None
    return reply.text


@pytest.mark.parametrize("said", ["D-1042", "d-1042", "D 1042", "1042", "#1042", "deal D-1042"])
def test_a_deal_is_found_by_its_number_however_it_is_written(said: str) -> None:
    decision = decide(request(Intent.ASK_DEAL_STATUS, deal_ref=said), facts(deals=(deal(), deal(number="D-1"))))
    assert decision.deal_numbers == ("D-1042",)


@pytest.mark.parametrize("said", ["Acme", "acme gmbh", "ACME", "Acmé", "acme.example"])
def test_a_deal_is_found_by_its_customer(said: str) -> None:
    decision = decide(request(Intent.ASK_DEAL_STATUS, customer=said), facts(deals=(deal(),)))
    assert decision.deal_numbers == ("D-1042",)


def test_a_slip_of_the_pen_finds_the_customer_and_another_name_does_not() -> None:
    world = facts(registrations=(registration(customer="Helios Logistics", customer_domain=""),))
    slip = decide(request(Intent.ASK_DEAL_STATUS, customer="Helios Logistcs"), world)
    other = decide(request(Intent.ASK_DEAL_STATUS, customer="Helvetia Logistik"), world)
    assert slip.deal_numbers == ("D-2001",)
    assert other.outcomes[0].text == "status.no_such_customer"


def test_who_names_the_own_company_asks_for_all_deals() -> None:
    world = facts(deals=(deal(), deal(number="D-1043")))
    decision = decide(request(Intent.ASK_DEAL_STATUS, customer=world.partner.name), world)
    assert set(decision.deal_numbers) == {"D-1042", "D-1043"}


def test_a_foreign_and_a_made_up_number_get_the_same_answer() -> None:
    world = facts(deals=(deal(),))
    foreign = decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-9999"), world)
    made_up = decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-8888"), world)
    assert told(foreign).replace("D-9999", "D-8888") == told(made_up)
    assert foreign.log == made_up.log
    assert foreign.deal_numbers == made_up.deal_numbers == ()


def test_only_the_safelist_is_shown() -> None:
    approved = registration(number="D-1042", state=RegistrationState.APPROVED, protected_until=date(2027, 2, 16))
    text = told(
        decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"), facts(deals=(deal(),), registrations=(approved,)))
    )
    for shown in (
        "Acme GmbH",
        "negotiation",
        "€30,000.00",
        "31 January 2027",
        "16 February 2027",
        "Contract with legal",
    ):
        assert shown in text
    for hidden in ("margin", "champion", "h-1", "p-1"):
        assert hidden not in text


def test_all_deals_come_open_first_and_each_once() -> None:
    won = deal(number="D-1", id="h-9", stage=Stage.WON, created_on=date(2026, 11, 20))
    world = facts(deals=(won, deal()), registrations=(registration(), registration(number="D-1042"), draft()))
    assert _listed(decide(request(Intent.ASK_DEAL_STATUS), world)) == ("D-3001", "D-2001", "D-1042", "D-1")


def test_a_list_of_all_is_about_what_is_open() -> None:
    won = deal(number="D-1", id="h-9", stage=Stage.WON)
    assert decide(request(Intent.ASK_DEAL_STATUS), facts(deals=(won, deal()))).deal_numbers == ("D-1042",)
    assert decide(request(Intent.ASK_DEAL_STATUS), facts(deals=(won,))).deal_numbers == ("D-1",)


@pytest.mark.parametrize(
    ("words", "only_open"),
    [
        ("Which deals do we have open at the moment?", True),
        ("Show me our open deals, please", True),
        ("Welche Deals haben wir gerade offen?", True),
        ("Was sind unsere laufenden Registrierungen?", True),
        ("Quelles affaires avons-nous en cours en ce moment ?", True),
        ("Welke deals hebben we op dit moment open staan?", True),
        ("¿Qué oportunidades tenemos abiertas?", True),
        ("Where do all our deals stand?", False),
        ("Wo stehen unsere Deals?", False),
    ],
)
def test_who_asks_for_the_open_ones_gets_no_others(words: str, only_open: bool) -> None:
    won = deal(number="D-1", id="h-9", stage=Stage.WON)
    world = facts(deals=(won, deal(), deal(id="h-2", number="D-1043")))
    said = told(decide(request(Intent.ASK_DEAL_STATUS), replace(world, words=words)))
    assert ("your 2 open deals" in said) is only_open
    assert ("D-1," not in said) is only_open


def test_who_asks_for_open_ones_and_has_none_gets_all() -> None:
    won = deal(number="D-1", id="h-9", stage=Stage.WON)
    world = facts(deals=(won,), words="Which of our deals are open?")
    assert "D-1" in told(decide(request(Intent.ASK_DEAL_STATUS), world))


@pytest.mark.parametrize(
    "said", ["Acme and Vega Foods", "Acme und Vega Foods", "Acme, Vega Foods", "Acme et Vega Foods"]
)
def test_customers_that_are_named_together_are_each_looked_for(said: str) -> None:
    vega = deal(number="D-7", id="h-7", customer="Vega Foods", customer_domain="vega.example")
    world = facts(deals=(deal(), vega))
    assert set(decide(request(Intent.ASK_DEAL_STATUS, customer=said), world).deal_numbers) == {"D-1042", "D-7"}
    alone = facts(deals=(deal(),))
    assert decide(request(Intent.ASK_DEAL_STATUS, customer=said), alone).log == "status_unknown"


def _listed(decision: Decision) -> tuple[str, ...]:
    return tuple(re.findall(r"\bD-\d+", told(decision)))


def test_a_withdrawn_registration_is_no_longer_shown() -> None:
    world = facts(registrations=(registration(state=RegistrationState.WITHDRAWN),))
    assert decide(request(Intent.ASK_DEAL_STATUS), world).outcomes[0].text == "status.none"


def test_a_deal_whose_registration_was_withdrawn_is_protected_no_more() -> None:
    gone = registration(number="D-1042", state=RegistrationState.WITHDRAWN, protected_until=date(2027, 2, 25))
    world = facts(deals=(deal(),), registrations=(gone,))
    assert "25 February 2027" not in told(decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"), world))
    held = facts(deals=(deal(),), registrations=(replace(gone, state=RegistrationState.APPROVED),))
    assert "25 February 2027" in told(decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"), held))


def test_asked_for_by_its_number_even_a_withdrawn_registration_is_told() -> None:
    world = facts(registrations=(registration(state=RegistrationState.WITHDRAWN),))
    assert "withdrawn" in told(decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-2001"), world))


@pytest.mark.parametrize(
    ("ended", "shown"),
    [
        ({"state": RegistrationState.DECLINED, "decided_at": NOW - timedelta(days=30)}, True),
        ({"state": RegistrationState.DECLINED, "decided_at": NOW - timedelta(days=31)}, False),
        ({"state": RegistrationState.EXPIRED, "protected_until": TODAY - timedelta(days=30)}, True),
        ({"state": RegistrationState.EXPIRED, "protected_until": TODAY - timedelta(days=31)}, False),
        ({"state": RegistrationState.EXPIRED, "decided_at": NOW - timedelta(days=31)}, False),
    ],
)
def test_what_was_refused_or_expired_is_listed_for_a_month_below_what_is_open(
    ended: dict[str, Any], shown: bool
) -> None:
    won = deal(number="D-1", id="h-9", stage=Stage.WON)
    gone = registration(number="D-9", **ended)
    world = facts(deals=(deal(), won), registrations=(gone,))
    listed = ("D-1042", "D-9", "D-1") if shown else ("D-1042", "D-1")
    assert _listed(decide(request(Intent.ASK_DEAL_STATUS), world)) == listed
    assert decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-9"), world).deal_numbers == ("D-9",)
    assert decide(request(Intent.ASK_DEAL_STATUS, customer="Vega Foods"), world).deal_numbers == ("D-9",)


def test_whoever_may_not_see_deals_is_told_who_may() -> None:
    world = facts(deals=(deal(),), contact=contact(main=False, rights=()), colleagues=(contact(name="Ines Lind"),))
    decision = decide(request(Intent.ASK_DEAL_STATUS), world)
    assert decision.log == "no_right"
    assert decision.deal_numbers == ()
    assert "Ines Lind" in told(decision)
    assert "Acme" not in told(decision)


def test_in_the_thread_of_a_deal_that_deal_is_meant() -> None:
    world = facts(deals=(deal(), deal(number="D-7", id="h-7")), thread=ThreadContext("t", subject_ref="D-7"))
    assert decide(request(Intent.ASK_DEAL_STATUS), world).deal_numbers == ("D-7",)


def test_a_thread_about_a_statement_narrows_nothing() -> None:
    world = facts(deals=(deal(),), thread=ThreadContext("t", subject_ref="S-1042"))
    assert decide(request(Intent.ASK_DEAL_STATUS), world).outcomes[0].text == "status.one"


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(deal(number=f"D-{n}", id=f"h-{n}") for n in range(100, 160))
    mail = decide(request(Intent.ASK_DEAL_STATUS), facts(deals=many))
    slack = decide(request(Intent.ASK_DEAL_STATUS), facts(deals=many, channel=Channel.SLACK))
    assert len(mail.deal_numbers) == 25
    assert len(slack.deal_numbers) == 10
    assert "25 of your 60 deals" in told(mail)


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_of_a_closed_deal_neither_its_protection_nor_a_next_step_is_told(stage: Stage) -> None:
    approved = registration(number="D-1042", state=RegistrationState.APPROVED, protected_until=date(2026, 10, 1))
    world = facts(deals=(deal(stage=stage),), registrations=(approved,))
    text = told(decide(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"), world))
    assert f"stage: {stage.value}" in text
    for history in ("protected", "registration", "next step"):
        assert history not in text


def test_of_one_that_waits_for_us_the_day_of_the_decision_is_told() -> None:
    decision = decide(request(Intent.ASK_DEAL_STATUS, customer="Vega"), facts(registrations=(registration(),)))
    assert "30 November 2026" in told(decision)


def test_of_one_draft_it_is_told_what_is_missing_and_it_may_be_given_there() -> None:
    decision = decide(request(Intent.ASK_DEAL_STATUS, customer="Orion"), facts(registrations=(draft(),)))
    assert "- expected close date" in told(decision)
    assert decision.commands == (AwaitFields("D-3001", ("currency", "close_date")),)


def test_a_thread_that_waits_for_something_else_goes_on_doing_so() -> None:
    thread = ThreadContext("t", ThreadKind.QUESTION, ("close_date",), "D-4001")
    wish = request(Intent.ASK_DEAL_STATUS, customer="Orion")
    assert decide(wish, facts(registrations=(draft(),), thread=thread)).commands == ()


def test_of_one_that_we_asked_about_the_question_is_told() -> None:
    asked = registration(state=RegistrationState.NEEDS_INFO, question="Who signs?")
    decision = decide(request(Intent.ASK_DEAL_STATUS, customer="Vega"), facts(registrations=(asked,)))
    assert "Our question about registration D-2001 (Vega Foods BV) is still open: Who signs?" in told(decision)
    assert decision.commands == (AwaitFields("D-2001", ()),)


@pytest.mark.parametrize(
    ("words", "several"),
    [
        ("Where do our deals stand?", True),
        ("Wo stehen unsere Registrierungen?", True),
        ("Where does it stand?", False),
        ("Où en est l'affaire ?", False),
    ],
)
def test_in_the_thread_of_one_deal_who_asks_for_several_gets_all(words: str, several: bool) -> None:
    world = facts(deals=(deal(), deal(id="h-2", number="D-1043")), thread=ThreadContext("t", subject_ref="D-1042"))
    decision = decide(request(Intent.ASK_DEAL_STATUS), replace(world, words=words))
    assert (len(decision.deal_numbers) == 2) is several
