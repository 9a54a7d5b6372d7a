"""What the rules make of a registration, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desk.case import Case
from bot.desk.verdict import Verdict, verdict
from bot.desk.worth import worth
from bot.vocabulary.briefs import Act
from crm.money import Money
from crm.records import AmountBasis, Deal, PartnerType, ReasonCode, Registration, RegistrationState, Stage
from knowledge.program import ApprovalChain, AutomaticRule
from tests.builders import NOW, TODAY, deal, draft, euro, partner, registration
from tests.unit.bot.desk.house import FIRST, with_rules

YESTERDAY, HOUR = NOW - timedelta(days=1), timedelta(hours=1)
AUTOMATIC = (AutomaticRule(),)


def case(rules: dict[str, Any] | None = None, registration_: dict[str, Any] | None = None, **facts: Any) -> Case:
    wanted = registration(**({"priority_at": NOW} | (registration_ or {})))
    return Case(wanted, FIRST, with_rules(**(rules or {})), NOW, **({"names": {"p-2": "Harbour"}} | facts))


def theirs(**changes: Any) -> Registration:
    given = {"number": "D-9", "partner_id": "p-2", "priority_at": NOW - HOUR, "submitted_at": NOW}
    return registration(**(given | changes))


def protection(**changes: Any) -> Registration:
    return theirs(**({"state": RegistrationState.APPROVED, "protected_until": date(2026, 12, 24)} | changes))


def open_deal(**changes: Any) -> Deal:
    return deal(**({"number": "D-8", "partner_id": "", "created_on": date(2026, 11, 25)} | changes))


def words(found: Verdict) -> str:
    return " ".join(f"{o.text} {dict(o.values)}" for o in found.told)


def test_nothing_against_it_goes_to_a_manager_with_the_suggestion_to_accept() -> None:
    found = verdict(case())
    assert (found.automatic, found.act, found.code) == (False, Act.APPROVE, None)


@pytest.mark.parametrize("owner", ["", "p-2"])
def test_an_older_open_deal_of_the_vendor_or_of_another_partner_refuses(owner: str) -> None:
    found = verdict(case(deals=(open_deal(partner_id=owner),)))
    assert (found.automatic, found.act, found.code) == (True, Act.REFUSE, ReasonCode.CUSTOMER_IN_PROGRESS)
    assert "D-8" in found.why


@pytest.mark.parametrize(
    "changes",
    [
        {"created_on": TODAY},  # of the same day, so not older
        {"created_on": TODAY + timedelta(days=3)},
        {"stage": Stage.WON},
        {"stage": Stage.LOST},
        {"partner_id": "p-1"},  # its own
    ],
)
def test_a_younger_closed_or_own_deal_is_in_nobodys_way(changes: dict[str, Any]) -> None:
    assert verdict(case(deals=(open_deal(**changes),))).act is Act.APPROVE


def test_a_held_time_counts_against_a_deal_that_came_between() -> None:
    held = {"priority_at": YESTERDAY, "submitted_at": NOW}
    assert verdict(case(registration_=held, deals=(open_deal(created_on=YESTERDAY.date()),))).act is Act.APPROVE


def test_the_day_is_the_vendors_not_that_of_the_clock_the_time_was_noted_in() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on the 26th in Brussels
    found = verdict(case(registration_={"priority_at": late}, deals=(open_deal(created_on=date(2026, 11, 25)),)))
    assert found.code is ReasonCode.CUSTOMER_IN_PROGRESS


def test_another_partners_protection_refuses() -> None:
    found = verdict(case(protections=(protection(),)))
    assert (found.automatic, found.act, found.code) == (True, Act.REFUSE, ReasonCode.ALREADY_PROTECTED)


def test_both_blockers_are_told_in_the_same_words_and_values() -> None:
    deals, protected = verdict(case(deals=(open_deal(),))), verdict(case(protections=(protection(),)))
    assert deals.told == protected.told
    assert all(secret not in words(deals) for secret in ("D-8", "D-9", "Harbour", "2026"))


def test_a_program_may_tell_which_of_the_two_it_is_and_nothing_more() -> None:
    told_apart = {"blocker_told": True}
    deals = verdict(case(told_apart, deals=(open_deal(),)))
    protected = verdict(case(told_apart, protections=(protection(),)))
    assert [o.text for o in deals.told] == ["decision.blocked_in_progress", "decision.next_steps"]
    assert [o.text for o in protected.told] == ["decision.blocked_protected", "decision.next_steps"]
    assert deals.told[0].values == protected.told[0].values


def test_who_asks_after_customer_upon_customer_is_answered_by_a_person() -> None:
    for blocker in ({"deals": (open_deal(),)}, {"protections": (protection(),)}):
        assert verdict(case(refusals=4, **blocker)).automatic
        found = verdict(case(refusals=5, **blocker))
        assert (found.automatic, found.act) == (False, Act.REFUSE)
        assert "5 such refusals" in found.why


def test_the_customers_own_choice_goes_to_a_person_whatever_stands_against_it() -> None:
    chosen = {"evidence": "We want to buy from Brightpath."}
    found = verdict(case(registration_=chosen, protections=(protection(),)))
    assert (found.automatic, found.act) == (False, Act.REFUSE)
    assert not verdict(case({"automatic": AUTOMATIC}, registration_=chosen)).automatic


@pytest.mark.parametrize(
    ("rules", "changes", "facts", "text"),
    [
        ({"territories": True}, {"customer_country": "FR"}, {}, "decision.policy_territory"),
        ({"minimum": euro(50_000)}, {}, {}, "decision.policy_minimum"),
        (
            {"existing_customers_refused": True},
            {},
            {"deals": (open_deal(stage=Stage.WON),)},
            "decision.policy_existing_customer",
        ),
    ],
)
def test_policies_are_off_and_where_on_they_quote_the_rule(
    rules: dict[str, Any], changes: dict[str, Any], facts: dict[str, Any], text: str
) -> None:
    home = replace(case(rules, changes, **facts), partner=partner(country="BE"))
    found = verdict(home)
    assert (found.automatic, found.code, found.told[0].text) == (True, ReasonCode.POLICY, text)
    assert verdict(replace(home, program=with_rules())).act is Act.APPROVE


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"territories": True}, {"customer_country": ""}),
        ({"minimum": euro(5)}, {"currency": "USD"}),
        ({"minimum": euro(5)}, {"amount_basis": AmountBasis.PER_SEAT_MONTH, "quantity": None}),
    ],
)
def test_what_a_policy_cannot_judge_a_person_does(rules: dict[str, Any], changes: dict[str, Any]) -> None:
    found = verdict(replace(case(rules | {"automatic": AUTOMATIC}, changes), partner=partner(country="BE")))
    assert (found.automatic, found.act) == (False, None)
    assert "not known" in found.why


@pytest.mark.parametrize(
    ("rival", "counts"),
    [
        (theirs(), True),
        (theirs(state=RegistrationState.NEEDS_INFO), True),
        (theirs(priority_at=NOW + HOUR), False),
        (draft(number="D-9", partner_id="p-2", priority_at=NOW - HOUR), True),
        (draft(number="D-9", partner_id="p-2", priority_at=NOW - timedelta(days=9)), False),  # holds its time no more
        (draft(number="D-9", partner_id="p-2", priority_at=None), False),
    ],
)
def test_an_earlier_rival_is_never_decided_about_by_a_rule(rival: Registration, *, counts: bool) -> None:
    assert verdict(case({"automatic": AUTOMATIC}, rivals=(rival,))).automatic is not counts


def test_the_partners_own_protection_of_the_customer_is_for_a_person() -> None:
    own = protection(partner_id="p-1")
    found = verdict(case({"automatic": AUTOMATIC}, own=(own,)))
    assert (found.automatic, found.act) == (False, None)
    assert "own D-9" in found.why


def test_of_two_at_the_same_moment_exactly_one_comes_first() -> None:
    one, other = registration(number="D-1", priority_at=NOW), theirs(number="D-2", priority_at=NOW)
    first = Case(one, FIRST, with_rules(), NOW, rivals=(other,))
    second = Case(other, FIRST, with_rules(), NOW, rivals=(one,))
    assert (first.first_to_decide(), second.first_to_decide()) == (None, one)


def test_a_similar_customer_is_shown_and_refuses_nothing() -> None:
    alike = theirs(customer="Vega Food BV", customer_domain="vega-foods.example")
    found = verdict(case({"automatic": AUTOMATIC}, alike=(alike,)))
    assert (found.automatic, found.act, found.code) == (False, None, None)
    assert "looks like Vega Food BV of D-9 (Harbour)" in found.why


@pytest.mark.parametrize(
    ("rule", "changes", "accepts"),
    [
        (AutomaticRule(), {}, True),
        (AutomaticRule(up_to=euro(45_000)), {}, True),
        (AutomaticRule(up_to=euro(44_999)), {}, False),
        (AutomaticRule(up_to=euro(90_000)), {"currency": "USD"}, False),
        (AutomaticRule(up_to=euro(90_000)), {"term_months": 36}, False),  # three years of 45,000
        (AutomaticRule(up_to=euro(90_000)), {"amount_basis": AmountBasis.PER_SEAT_MONTH, "quantity": 100}, False),
        (AutomaticRule(tiers=("select",)), {}, True),
        (AutomaticRule(tiers=("Elite",)), {}, False),
        (AutomaticRule(regions=("benelux",)), {}, True),
        (AutomaticRule(regions=("DACH",)), {}, False),
        (AutomaticRule(types=(PartnerType.RESELLER,)), {}, False),
        (AutomaticRule(products=("Lumora Insights",)), {}, True),
        (AutomaticRule(products=("Lumora Insights",)), {"products": ("Lumora Insights", "Lumora Core")}, False),
    ],
)
def test_a_rule_accepts_what_it_says_and_no_more(
    rule: AutomaticRule, changes: dict[str, Any], *, accepts: bool
) -> None:
    assert verdict(case({"automatic": (rule,)}, changes)).automatic is accepts


def test_where_several_have_to_accept_no_rule_does_it_for_them() -> None:
    rules = {"automatic": AUTOMATIC, "chains": (ApprovalChain(euro(40_000), ("noor@lumora.example",)),)}
    assert not verdict(case(rules)).automatic
    assert verdict(case(rules, {"amount": Decimal(40_000)})).automatic


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount_basis": None}, 45_000),
        ({"amount_basis": AmountBasis.TOTAL, "term_months": 36}, 45_000),
        ({"term_months": 24}, 90_000),
        ({"amount_basis": AmountBasis.MONTHLY}, 540_000),
        ({"amount": Decimal(24), "amount_basis": AmountBasis.PER_SEAT_MONTH, "quantity": 100}, 28_800),
    ],
)
def test_a_deal_is_worth_what_its_term_brings(changes: dict[str, Any], expected: int) -> None:
    assert worth(registration(**changes)) == Money(Decimal(expected), "EUR")


def test_however_many_rivals_and_look_alikes_somebody_makes_the_rest_is_still_read() -> None:
    drafts = tuple(theirs(number=f"D-{n}", state=RegistrationState.DRAFT) for n in range(200, 900))
    complete = theirs(number="D-999")
    found = verdict(
        case(
            rivals=(*drafts, complete), alike=drafts, registration_={"evidence": "They want us."},
            rules={"automatic": AUTOMATIC},
        )
    )  # fmt: skip
    assert not found.automatic
    assert found.why.startswith("D-999 of Harbour named the customer first")
    assert "There are 696 more of that kind." in found.why
    assert found.why.endswith("The customer's own choice of this partner was handed in.")
    assert len(found.why) < 2_000
