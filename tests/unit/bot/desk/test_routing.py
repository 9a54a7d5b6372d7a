"""Before which manager a registration comes, and which customers look like one another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.alike import resembles
from bot.desk.rights import may_not_decide
from bot.desk.routing import chain_of, decider, has_no_say, next_to_decide
from bot.vocabulary.web_domains import web_domain
from crm.records import AmountBasis, Partner, Registration
from knowledge.program import ApprovalChain, Manager, Program
from tests.builders import euro, partner, program, registration
from tests.unit.bot.desk.house import with_rules

NOOR, JONAS = program().managers
ANNA = Manager("Anna Berg", "anna@lumora.example", regions=("DACH",), approves_up_to=euro(500_000))
ZOE = Manager("Zoe Vos", "zoe@lumora.example", approves=False)
MANY = replace(program(), managers=(ZOE, NOOR, JONAS, ANNA))
DACH, BENELUX = partner(region="DACH", manager_email=""), partner(region="Benelux", manager_email="")


@pytest.mark.parametrize(
    ("owner", "changes", "expected"),
    [
        (replace(DACH, manager_email="Noor@Lumora.example"), {}, NOOR),  # the partner's own, whoever else may
        (replace(DACH, manager_email=ZOE.email), {}, JONAS),  # its own decides nothing: the nearest limit in the region
        (DACH, {"amount": Decimal(100_001)}, ANNA),
        (DACH, {"amount": Decimal(500_001)}, NOOR),
        (DACH, {"currency": "USD"}, NOOR),
        (DACH, {"amount_basis": AmountBasis.PER_SEAT_MONTH, "quantity": None}, NOOR),
        (BENELUX, {}, NOOR),
        (replace(BENELUX, manager_email=JONAS.email), {}, NOOR),  # its own has another region
    ],
)
def test_the_right_manager_by_partner_region_and_amount(
    owner: Partner, changes: dict[str, Any], expected: Manager
) -> None:
    assert decider(MANY, owner, registration(**changes)) == expected


@given(
    amount=st.none() | st.decimals(0, 10**9, places=2),
    region=st.sampled_from(["DACH", "Benelux", ""]),
    managers=st.lists(st.sampled_from(MANY.managers), min_size=1, unique=True),
)
def test_there_is_always_somebody_and_whoever_may_comes_before_whoever_may_not(
    amount: Decimal | None, region: str, managers: list[Manager]
) -> None:
    some: Program = replace(MANY, managers=tuple(managers))
    owner, wanted = replace(BENELUX, region=region), registration(amount=amount)
    chosen = decider(some, owner, wanted)
    assert chosen in managers
    if may_not_decide(chosen, owner, wanted):
        assert all(may_not_decide(m, owner, wanted) for m in managers)


def test_the_highest_chain_that_applies_counts_and_its_approvers_come_in_turn() -> None:
    low = ApprovalChain(euro(10_000), (NOOR.email,))
    high = ApprovalChain(euro(40_000), (JONAS.email, NOOR.email))
    chained = with_rules(chains=(low, high))
    wanted = registration(amount=Decimal(45_000))
    assert chain_of(chained, wanted) == high
    assert chain_of(chained, registration(amount=Decimal(40_000))) == low
    assert chain_of(chained, registration(amount=Decimal(10_000))) is None
    assert chain_of(chained, registration(amount=None)) == high  # what nobody knows is not small
    assert next_to_decide(chained, BENELUX, wanted) == JONAS
    assert next_to_decide(chained, BENELUX, wanted, (JONAS.email,)) == NOOR
    assert not has_no_say(chained, JONAS, BENELUX, wanted)
    assert has_no_say(program(), JONAS, BENELUX, wanted)


def named(customer: str, domain: str) -> Registration:
    return registration(customer=customer, customer_domain=domain)


@pytest.mark.parametrize(
    ("name", "domain", "alike"),
    [
        ("Vega Foods GmbH", "vegafoods.example", True),  # the same name, another domain
        ("Vega Food BV", "other.example", True),  # a letter missing
        ("Another BV", "vega.de", True),  # the same domain under another ending
        ("Vega Foods BV", "shop.vega.nl", False),  # the same key: no likeness, the same customer
        ("Orion AG", "orion.example", False),
        ("Vegan Restaurants", "vegan.nl", False),
        ("V\u0435g\u0430 F\u043e\u043eds BV", "other.example", True),  # letters of another alphabet
        ("Another BV", web_domain("v\u0435ga.com"), True),  # the domain in such letters
        ("Vega F00ds", "other.example", True),  # figures for letters
        ("Vega Foods EMEA", "vega-emea.example", True),  # goes on where the other one ends
        ("Another BV", "vega-group.nl", True),
        ("Foods", "foods.example", False),  # a last word is anybody's
        ("", "", False),
    ],
)
def test_similar_names_and_endings_look_alike_and_one_key_is_one_customer(
    name: str, domain: str, *, alike: bool
) -> None:
    assert resembles(named("Vega Foods BV", "vega.nl"), name, domain, "") is alike


def test_short_labels_of_domains_say_nothing() -> None:
    assert not resembles(named("Alpha One", "ab.nl"), "Beta Two", "ab.de", "")


@pytest.mark.parametrize("word", ["0", "\u0441\u0441\u0441\u0420", "rn", "\U0001d54f", "x" * 5_000])
def test_whatever_a_name_is_made_of_it_looks_like_itself_under_another_domain(word: str) -> None:
    assert resembles(named(word, "one.example"), word, "two.example", "")
