"""A deal goes by the program of its registration; one that is older than its plan by the plan's first version."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from crm.records import Partner, PartnerType
from knowledge.commission.account import DoubtKind
from knowledge.commission.derivation import Derivation
from knowledge.commission.earning import earn
from knowledge.commission.expecting import expect
from knowledge.commission.holding import holding
from knowledge.program import Program
from knowledge.programs import Programs
from tests.unit.knowledge.commission.accounts import START, TODAY, Desk, sample

BEGINS = date(2026, 1, 1)
BEFORE = date(2025, 8, 18)


def program(older: Literal["first_version", "person"] = "first_version") -> Program:
    rules = sample().commission
    assert rules
    return replace(sample(), commission=replace(rules, older_deals=older))


def older_sale(desk: Desk, plan: str = "") -> Desk:
    desk.sale("24000")
    desk.deals[0] = replace(desk.deals[0], created_on=BEFORE, plan=plan)
    return desk


def test_an_older_deal_earns_under_the_first_version_of_its_plan() -> None:
    found = older_sale(Desk(program=program())).earnings()
    assert [(line.version, line.amount.amount) for line in found.lines] == [("2026.1", Decimal("3600.00"))]
    assert found.doubts == ()
    (told,) = (step for step in found.lines[0].steps if step.rule == "plan")
    assert told.values["on"] == BEGINS


def test_a_program_may_leave_older_deals_to_a_person_who_chooses_the_plan() -> None:
    (doubt,) = older_sale(Desk(program=program("person"))).earnings().doubts
    assert doubt.kind is DoubtKind.NO_PLAN
    assert "2025-08-18" in doubt.text
    assert older_sale(Desk(program=program("person")), plan="referral-2026").earnings().doubts == ()


def test_the_same_holds_for_what_an_open_deal_would_bring() -> None:
    desk = Desk(program=program())
    old = replace(desk.deal("24000"), created_on=BEFORE)
    found = expect(Programs((program(),)), desk.account, old, desk.exchange, TODAY)
    assert isinstance(found, Derivation)
    assert found.version == "2026.1"


def test_nothing_is_paid_by_a_plan_that_has_not_begun() -> None:
    held = holding(Programs((program(),)), Desk().partner, "", BEFORE, BEGINS - timedelta(days=1))
    assert held.plans == ()
    assert holding(Programs((program(),)), Desk().partner, "", BEFORE, BEGINS).day == BEGINS


def test_a_plan_that_came_with_a_later_program_is_found_in_it_and_not_in_a_still_later_one() -> None:
    without = replace(sample(), plans=(), valid_from=date(2024, 1, 1), version="2024")
    first, second = (replace(sample(), valid_from=date(year, 1, 1), version=str(year)) for year in (2026, 2027))
    programs = Programs((without, first, second))
    assert holding(programs, Desk().partner, "", BEFORE, TODAY).program is first
    assert holding(programs, Desk().partner, "", date(2027, 3, 1), TODAY).program is second


def test_a_deal_of_a_plans_own_days_is_left_as_it_is() -> None:
    """Of a partner with two types, the plan that held earns; the one that came later does not."""
    later = tuple(
        replace(plan, valid_from=date(2026, 9, 1)) if PartnerType.SERVICES in plan.types else plan
        for plan in sample().plans
    )
    programs = Programs((replace(program(), plans=later),))
    both = Partner("p1", "Both", (PartnerType.REFERRAL, PartnerType.SERVICES), "Registered")
    assert [plan.id for plan in holding(programs, both, "", START, TODAY).plans] == ["referral-2026"]


def test_a_posted_older_deal_earns_nothing_again() -> None:
    desk = older_sale(Desk(program=program()))
    assert desk.post()
    assert earn(Programs((desk.program,)), desk.account, desk.exchange, TODAY).lines == ()
