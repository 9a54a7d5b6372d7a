"""To whom a lead is offered next: the order of the rules holds, nobody is asked twice, and it comes to an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.records import Lead, LeadSource, LeadState
from knowledge.lead_rules import Candidate, next_partner
from knowledge.program import LeadRules, Program
from tests.builders import NOW, partner, program

TIERS, REGIONS = ("Registered", "Select", "Elite"), ("Benelux", "DACH", "Iberia", "")
LEAD = Lead("L-12345678", LeadSource.VENDOR, LeadState.OFFERED, customer="Globex", region="DACH")


def ruled(order: tuple[str, ...] = ("region", "tier", "round_robin"), tiers: tuple[str, ...] = ()) -> Program:
    return replace(program(), lead_rules=LeadRules(2, order, tiers))


def candidate(name: str, days_ago: int | None = None, **changes: Any) -> Candidate:
    last = None if days_ago is None else NOW - timedelta(days=days_ago)
    return Candidate(partner(id=name, name=name, **({"region": "DACH", "tier": "Select"} | changes)), last)


def chosen(*candidates: Candidate, asked: tuple[str, ...] = (), rules: Program | None = None) -> str | None:
    found = next_partner(LEAD, candidates, asked, rules or ruled())
    return found.id if found else None


def test_the_leads_own_region_comes_first() -> None:
    assert chosen(candidate("a", region="Benelux", tier="Elite"), candidate("b", tier="Registered")) == "b"


def test_another_region_is_asked_when_nobody_of_the_own_one_is_left() -> None:
    assert chosen(candidate("a", region="Benelux"), candidate("b"), asked=("b",)) == "a"


def test_the_highest_tier_comes_first_within_a_region() -> None:
    assert chosen(candidate("a", tier="Registered"), candidate("b", tier="Elite"), candidate("c")) == "b"


def test_whoever_was_asked_the_longest_ago_comes_first_and_who_never_was_before_him() -> None:
    assert chosen(candidate("a", 3), candidate("b", 9), candidate("c", 1)) == "b"
    assert chosen(candidate("a", 3), candidate("b", 9), candidate("c")) == "c"


def test_the_order_is_the_programs() -> None:
    far = candidate("far", 30, region="Benelux")
    near = candidate("near", 1)
    assert chosen(far, near, rules=ruled(("round_robin", "region"))) == "far"
    assert chosen(far, near, rules=ruled(("region", "round_robin"))) == "near"


def test_tiers_that_take_no_part_are_never_asked() -> None:
    rules = ruled(tiers=("elite",))
    assert chosen(candidate("a"), rules=rules) is None
    assert chosen(candidate("a"), candidate("b", tier="Elite"), rules=rules) == "b"


def test_a_lead_without_a_region_is_for_everybody() -> None:
    anywhere = replace(LEAD, region="")
    found = next_partner(anywhere, (candidate("a", region="Benelux", tier="Elite"), candidate("b")), (), ruled())
    assert found is not None
    assert found.id == "a"


def test_the_shipped_program_offers_leads_to_its_highest_tier_alone() -> None:
    assert chosen(candidate("a"), candidate("b", tier="Elite"), rules=program()) == "b"


@pytest.mark.parametrize("nobody", [(), (candidate("a"),)])
def test_nobody_is_left_where_everybody_was_asked(nobody: tuple[Candidate, ...]) -> None:
    assert chosen(*nobody, asked=("a",)) is None


_last = st.none() | st.integers(0, 400).map(lambda days: NOW - timedelta(days=days))
_fields = st.tuples(st.sampled_from(REGIONS), st.sampled_from((*TIERS, "Gone")), _last)
_orders = st.lists(st.sampled_from(("region", "tier", "round_robin")), unique=True).map(tuple)


def _made(drawn: list[tuple[str, str, datetime | None]]) -> list[Candidate]:
    return [
        Candidate(partner(id=f"p-{at}", region=region, tier=tier), last)
        for at, (region, tier, last) in enumerate(drawn)
    ]


@given(drawn=st.lists(_fields, max_size=12), order=_orders, tiers=st.sets(st.sampled_from(TIERS)).map(tuple))
def test_nobody_is_asked_twice_and_everybody_who_takes_part_is_asked(
    drawn: list[tuple[str, str, datetime | None]], order: tuple[str, ...], tiers: tuple[str, ...]
) -> None:
    candidates, rules = _made(drawn), ruled(order, tiers)
    asked: list[str] = []
    while (found := next_partner(LEAD, candidates, asked, rules)) is not None:
        assert found.id not in asked
        asked.append(found.id)
    part = {c.partner.id for c in candidates if not tiers or c.partner.tier in tiers}
    assert set(asked) == part


@given(drawn=st.lists(_fields, min_size=1, max_size=12), order=_orders)
def test_who_is_chosen_is_behind_nobody_by_the_rule_that_decides_first(
    drawn: list[tuple[str, str, datetime | None]], order: tuple[str, ...]
) -> None:
    candidates = _made(drawn)
    found = next_partner(LEAD, candidates, (), ruled(order))
    assert found is not None
    first = order[0] if order else ""
    if first == "region":
        assert found.region == LEAD.region or all(c.partner.region != LEAD.region for c in candidates)
    if first == "tier":
        known = [TIERS.index(c.partner.tier) for c in candidates if c.partner.tier in TIERS]
        assert not known or TIERS.index(found.tier) == max(known)
    if first == "round_robin":
        mine = next(c.last_offer for c in candidates if c.partner.id == found.id)
        others = [c.last_offer for c in candidates]
        assert mine is None or (None not in others and mine == min(x for x in others if x))


@given(drawn=st.lists(_fields, max_size=12), order=_orders, seed=st.randoms())
def test_the_choice_does_not_hang_on_the_order_in_which_partners_are_listed(
    drawn: list[tuple[str, str, datetime | None]], order: tuple[str, ...], seed: Any
) -> None:
    candidates = _made(drawn)
    shuffled = list(candidates)
    seed.shuffle(shuffled)
    assert next_partner(LEAD, candidates, (), ruled(order)) == next_partner(LEAD, shuffled, (), ruled(order))
