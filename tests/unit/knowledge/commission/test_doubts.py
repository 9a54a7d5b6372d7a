"""What nobody can compute is never guessed: it earns nothing, and says to a person what would settle it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.records import Attribution, DealPartner, MilestoneKind, PartnerType, Registration, RegistrationState, Stage
from knowledge.commission.account import Doubt, DoubtKind, Earnings
from knowledge.commission.earning import earn
from knowledge.program import CommissionRules
from knowledge.programs import Programs
from tests.unit.knowledge.commission.accounts import (
    ASSIST,
    CORE,
    ONBOARDING,
    ONE_OFF,
    START,
    Desk,
    money,
    sample,
)


def rules() -> CommissionRules:
    found = sample().commission
    assert found
    return found


def only(found: Earnings) -> Doubt:
    assert found.lines == ()
    (doubt,) = found.doubts
    return doubt


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"others": (DealPartner("p2", Attribution.SOURCED),)}, DoubtKind.TWO_SOURCED, "2 partners are its source"),
        ({"products": ("Lumora Ghost",)}, DoubtKind.UNKNOWN_PRODUCT, "'Lumora Ghost'"),
        ({"plan": "Referral 2019"}, DoubtKind.NO_PLAN, "no plan 'Referral 2019'"),
        ({"amount": None, "quantity": None}, DoubtKind.NO_AMOUNT, "its value is not known"),
        ({"amount": money("1e40")}, DoubtKind.NO_AMOUNT, "its value is not known"),
        ({"amount": money("24000", "USD"), "paid": "USD"}, DoubtKind.NO_RATE, "USD on 2026-07-01"),
        ({"stage": Stage.PROPOSAL, "won_on": None}, DoubtKind.NOT_WON, "is not won"),
    ],
)
def test_a_doubt_says_what_would_settle_it(changes: dict[str, Any], kind: DoubtKind, words: str) -> None:
    desk = Desk()
    paid = changes.pop("paid", "EUR")
    desk.deals.append(replace(desk.deal("24000"), **changes))
    desk.pay(desk.deals.pop(0), "24000", currency=paid)
    doubt = only(desk.earnings())
    assert (doubt.kind, doubt.deal_number, doubt.blocks) == (kind, "D-1001", True)
    assert words in doubt.text
    assert "Customer 1" in doubt.text
    assert only(desk.earnings()).key == doubt.key


def test_a_partner_without_plan_or_with_an_unknown_tier() -> None:
    for desk, kind in ((Desk(plan="Gone"), DoubtKind.NO_PLAN), (Desk("Platinum"), DoubtKind.UNKNOWN_TIER)):
        desk.sale("24000")
        assert only(desk.earnings()).kind is kind


def test_two_plans_that_would_pay_for_the_same_are_left_to_a_person() -> None:
    desk = Desk()
    desk.sale("24000")
    account = replace(desk.account, partner=replace(desk.partner, types=(PartnerType.REFERRAL, PartnerType.RESELLER)))
    doubt = only(earn(Programs((sample(),)), account, desk.exchange, START))
    assert "Referral 2026, Reseller 2026" in doubt.text


def test_a_payment_in_another_currency_than_its_deal_is_not_mixed_in() -> None:
    desk = Desk()
    desk.pay(desk.deal("24000"), "24000", currency="USD")
    doubt = only(desk.earnings())
    assert doubt.kind is DoubtKind.NO_RATE
    assert "USD on a deal in EUR" in doubt.text


def test_a_quarter_goes_on_without_what_has_no_rate_and_takes_it_in_later() -> None:
    desk = Desk(kind=PartnerType.RESELLER)
    desk.sale("40000")
    desk.sale("20000", day=1, currency="USD")
    desk.sale("20000", day=2)
    assert [str(line.amount.amount) for line in desk.post()] == ["6000.00", "3500.00"]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e20", "-1e20"])
def test_an_absurd_payment_stops_nothing_else(amount: str) -> None:
    desk = Desk()
    deal = desk.deal("24000")
    desk.pay(deal, amount)
    desk.pay(deal, "6000", 1)
    found = desk.earnings()
    assert [str(line.amount.amount) for line in found.lines] == ["900.00"]
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.NO_AMOUNT]


def test_growth_needs_to_know_the_year_of_a_payment() -> None:
    desk = Desk(plan="growth-2026")
    desk.pay(desk.deal("24000"), "24000")
    assert only(desk.earnings()).kind is DoubtKind.NO_PERIOD


def test_a_refund_without_a_payment_falls_on_the_latest_and_is_shown() -> None:
    desk = Desk()
    deal = desk.deal("24000")
    desk.pay(deal, "6000")
    desk.pay(deal, "6000", 80)
    desk.pay(deal, "-7000", 100)  # 6,000 of it in time, and 1,000 of a payment long ago
    found = desk.earnings()
    assert [str(line.amount.amount) for line in found.lines] == ["900.00", "900.00", "-900.00"]
    assert [(doubt.kind, doubt.blocks) for doubt in found.doubts] == [(DoubtKind.REFUND_UNNAMED, False)]


def test_a_refund_larger_than_what_came_in_takes_back_no_more_than_was_earned() -> None:
    desk = Desk()
    desk.refund(desk.pay(desk.deal("24000"), "6000"), "99999", 5)
    assert desk.amounts() == ["900.00", "-900.00"]


def test_satisfaction_that_does_not_come_is_a_task_after_half_a_year() -> None:
    desk = Desk(kind=PartnerType.SERVICES)
    deal = desk.deal("9500", ONBOARDING)
    desk.pay(deal, "9500", kind=ONE_OFF)
    desk.happens(MilestoneKind.GO_LIVE, deal, 10)
    assert desk.earnings(START + timedelta(days=190)).doubts == ()
    (doubt,) = desk.earnings(START + timedelta(days=191)).doubts
    assert (doubt.kind, doubt.blocks) == (DoubtKind.CSAT_OVERDUE, False)


def test_products_that_earn_differently_need_parts_and_are_divided_by_list_price_until_then() -> None:
    desk = Desk(kind=PartnerType.RESELLER)
    desk.pay(desk.deal("39000", CORE, ASSIST), "39000")  # 24 and 15 a seat
    found = desk.earnings()
    assert [str(line.amount.amount) for line in found.lines] == ["6300.00"]
    assert [(doubt.kind, doubt.blocks) for doubt in found.doubts] == [(DoubtKind.PARTS_GUESSED, False)]


def registered(state: RegistrationState, protected_days: int) -> Registration:
    at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    until = START + timedelta(days=protected_days)
    return Registration("D-1001", "p1", None, state, submitted_at=at, protected_until=until)


@pytest.mark.parametrize(
    ("state", "days", "required", "earns", "doubts"),
    [
        (RegistrationState.APPROVED, 5, True, True, 0),
        (RegistrationState.EXPIRED, 0, True, True, 0),
        (RegistrationState.EXPIRED, -1, True, False, 1),
        (RegistrationState.EXPIRED, -1, False, True, 1),
        (RegistrationState.DECLINED, 5, True, False, 1),
        (None, 0, True, False, 1),
        (None, 0, False, True, 0),
    ],
)
def test_a_deal_that_was_won_without_a_registration_that_held(
    state: RegistrationState | None, days: int, required: bool, earns: bool, doubts: int
) -> None:
    demanded = replace(rules(), registration_required=required)
    desk = Desk(program=replace(sample(), commission=demanded))
    desk.sale("24000")
    desk.registrations += [registered(state, days)] if state else []
    found = desk.earnings()
    assert (bool(found.lines), len(found.doubts)) == (earns, doubts)
    assert all(doubt.kind is DoubtKind.UNREGISTERED for doubt in found.doubts)


def test_a_deal_of_nobody_else_is_nobodys_business() -> None:
    desk = Desk()
    desk.pay(desk.deal("24000", partner_id="p7"), "24000")
    assert (desk.earnings().lines, desk.earnings().doubts) == ((), ())


def test_open_deals_without_money_ask_for_nothing() -> None:
    desk = Desk()
    desk.deal(None, "Lumora Ghost", stage=Stage.PROPOSAL, won_on=None)
    assert desk.earnings() == Earnings()


def test_a_period_that_cannot_be_one_is_taken_as_not_known() -> None:
    desk = Desk(plan="growth-2026")
    deal = desk.deal("24000")
    desk.pay(deal, "24000", period_start=START, period_end=START - timedelta(days=1))
    desk.pay(deal, "24000", 1, period_start=START, period_end=START.replace(year=9999))
    assert {doubt.kind for doubt in desk.earnings().doubts} == {DoubtKind.NO_PERIOD}


def test_settings_of_the_program_decide_what_it_leaves_open() -> None:
    desk = Desk("Elite", program=replace(sample(), commission=replace(rules(), unnamed_refunds="earliest")))
    deal = desk.deal("24000")
    desk.pay(deal, "6000")
    desk.pay(deal, "6000", 80)
    desk.pay(deal, "-6000", 95)  # too late for the first one
    assert sum((line.amount.amount for line in desk.earnings().lines), start=Decimal(0)) == 2400
