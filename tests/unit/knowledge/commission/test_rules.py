"""Triggers, bases, modes and schedules that the sample program does not use, each to the cent by a small plan."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm.records import AmountBasis, DealPartner, Milestone, MilestoneKind, PartnerType, Stage
from crm.records import Attribution as By
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said
from tests.unit.knowledge.commission.accounts import (
    CORE,
    ONBOARDING,
    ONE_OFF,
    RENEWAL,
    START,
    Desk,
    money,
    paying,
    rates,
)

CASH: dict[str, Any] = {"rule": "cash_collected"}
GO_LIVE, CSAT, USAGE, STAGE = MilestoneKind.GO_LIVE, MilestoneKind.CSAT, MilestoneKind.USAGE, MilestoneKind.STAGE


def percent(number: int) -> dict[str, Any]:
    return {"rule": "percent", "percent": number}


def on(desk: Desk) -> list[tuple[str, int]]:
    """Each line's amount, and its day since the start."""
    return [(str(line.amount.amount), (line.earned_on - START).days) for line in desk.earnings().lines]


def plan(**element: object) -> Desk:
    return Desk(program=paying({"rate": percent(10), **element}))


def test_a_deal_that_is_won_earns_its_amount_at_once() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "deal_amount"})
    desk.deal("24000.30", day=4)
    assert on(desk) == [("2400.03", 4)]


def test_without_an_amount_a_won_deal_counts_at_list_prices() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "deal_amount"})
    desk.deal(None, CORE, ONBOARDING, quantity=10)
    assert on(desk) == [("1238.00", 0)]  # 2,880 of seats and 9,500 of onboarding


def test_a_stage_earns_on_its_day_before_anything_is_won_and_once_only() -> None:
    desk = plan(trigger={"rule": "stage_reached", "stage": "Demo done"}, rate={"rule": "flat", "sum": "EUR 200"})
    deal = desk.deal("24000", won_on=None, stage=Stage.PROPOSAL)
    desk.happens(STAGE, deal, 3, subject="Proposal sent")
    desk.happens(STAGE, deal, 5, subject="demo done")
    desk.happens(STAGE, deal, 9, subject="Demo Done")
    assert on(desk) == [("200.00", 5)]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("first_year_arr", "1200.00"),
        ("total_contract_value", "3600.00"),
        ("mrr", "100.00"),
        ("deal_amount", "3600.00"),
    ],
)
def test_bases_of_a_moment(base: str, expected: str) -> None:
    desk = plan(trigger={"rule": "go_live"}, base={"rule": base})
    deal = desk.deal("36000", basis=AmountBasis.TOTAL, term_months=36)
    assert on(desk) == []
    desk.happens(GO_LIVE, deal, 20)
    assert on(desk) == [(expected, 20)]


def test_a_contract_value_counts_what_is_sold_once() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "total_contract_value"})
    desk.deal("1000", CORE, ONBOARDING, basis=AmountBasis.MONTHLY, term_months=24)
    assert on(desk) == [("3350.00", 0)]


@pytest.mark.parametrize(("csat", "expected"), [("4.19", []), ("4.2", [("1200.00", 30)])])
def test_a_satisfaction_that_is_reached(csat: str, expected: list[tuple[str, int]]) -> None:
    desk = plan(trigger={"rule": "csat_reached", "at_least": 4}, base={"rule": "first_year_arr"})
    trigger = {"rule": "csat_reached", "at_least": money("4.2").amount, "after_go_live": False}
    desk.program = paying({"trigger": trigger, "base": {"rule": "first_year_arr"}, "rate": percent(10)})
    desk.happens(CSAT, desk.deal("12000"), 30, csat)
    assert on(desk) == expected


def test_a_usage_that_is_reached_earns_a_month() -> None:
    desk = plan(trigger={"rule": "usage_reached", "metric": "Active users", "at_least": 100}, base={"rule": "mrr"})
    deal = desk.deal("12000")
    desk.happens(USAGE, deal, 10, "99.9", "active users")
    desk.happens(USAGE, deal, 20, "500", "API calls")
    assert on(desk) == []
    desk.happens(USAGE, deal, 40, "100", "active users")
    assert on(desk) == [("100.00", 40)]


def test_every_renewal_earns_where_no_number_is_set() -> None:
    desk = plan(trigger={"rule": "renewals"})
    deal = desk.deal("1000")
    for year in (1, 2, 3):
        desk.pay(deal, "1000", 365 * year, kind=RENEWAL)
    assert desk.amounts() == ["100.00"] * 3


def test_payments_for_one_year_are_one_renewal() -> None:
    desk = plan(trigger={"rule": "renewals", "first": 1})
    deal = desk.deal("1000")
    for month in range(13):
        start = date(2027 + month // 12, month % 12 + 1, 1)
        end = start + timedelta(days=27)
        desk.pay(deal, "100", kind=RENEWAL, received_on=start, period_start=start, period_end=end)
    assert desk.amounts() == ["10.00"] * 12 + ["0.00"]


def test_a_margin_earns_and_is_never_told() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "net_margin"})
    desk.deal("24000", margin=money("4321.10"))
    (line,) = desk.earnings().lines
    assert line.amount == money("432.11")
    assert line.base == money(0)
    assert "4321" not in repr([(step.sentence, step.values, step.inputs) for step in line.steps[:-1]])


def test_of_each_payment_as_much_is_margin_as_of_the_contract() -> None:
    desk = plan(trigger=CASH, base={"rule": "net_margin"})
    deal = desk.deal("20000", margin=money("5000"))
    desk.pay(deal, "8000")
    desk.pay(deal, "12000", 1)
    desk.pay(deal, "9999", 2)  # beyond the contract
    assert desk.amounts() == ["200.00", "300.00", "0.00"]


def test_a_loss_earns_nothing_and_a_margin_that_is_not_known_is_asked_for() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "net_margin"})
    desk.deal("24000", margin=money("-500"))
    assert desk.earnings().lines == ()
    desk.deal("24000")
    assert [doubt.kind.value for doubt in desk.earnings().doubts] == ["no_margin"]


def test_an_upsell_pays_on_the_increase_for_three_years() -> None:
    desk = Desk(
        program=paying(
            {
                "trigger": CASH, "base": {"rule": "net_new_mrr"}, "rate": percent(20),
                "schedules": [{"rule": "first_months", "months": 36}],
            }
        )
    )  # fmt: skip
    deal = desk.deal("2000", basis=AmountBasis.MONTHLY, term_months=48, replaces_mrr=money(800))
    for month in range(37):
        start = date(2026 + (6 + month) // 12, (6 + month) % 12 + 1, 1)
        desk.pay(deal, "2000", received_on=start, period_start=start, period_end=start + timedelta(days=27))
    assert desk.amounts() == ["240.00"] * 36 + ["0.00"]


def test_an_increase_at_once_is_of_one_month_and_a_decrease_earns_nothing() -> None:
    desk = plan(trigger={"rule": "won"}, base={"rule": "net_new_mrr"})
    desk.deal("2000", basis=AmountBasis.MONTHLY, replaces_mrr=money(800))
    assert on(desk) == [("120.00", 0)]
    desk.deal("500", basis=AmountBasis.MONTHLY, replaces_mrr=money(800))
    assert on(desk) == [("120.00", 0)]


@pytest.mark.parametrize(("day", "expected"), [(15, "61.94"), (0, "120.00"), (30, "3.87")])
def test_a_month_that_begins_late_is_a_part_by_its_days(day: int, expected: str) -> None:
    desk = Desk(
        program=paying(
            {
                "trigger": {"rule": "go_live"}, "base": {"rule": "mrr"}, "rate": percent(10),
                "proration": {"rule": "days_of_month"},
            }
        )
    )  # fmt: skip
    desk.happens(GO_LIVE, desk.deal("1200", basis=AmountBasis.MONTHLY), day)
    assert on(desk) == [(expected, day)]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("marginal", ["9500.00", "12000.00", "13500.00"]),
        ("rate_before", ["9000.00", "12000.00", "12000.00"]),
        ("rate_after", ["12000.00", "12000.00", "15000.00"]),
        ("whole_retro", ["12000.00", "12000.00", "21000.00"]),
        ("per_deal", ["9500.00", "9500.00", "9500.00"]),
    ],
)
def test_the_modes_of_bands(mode: str, expected: list[str]) -> None:
    desk = Desk(kind=PartnerType.RESELLER, program=banded(mode))
    for day in range(3):
        desk.sale("60000", day=day)
    assert desk.amounts() == expected


def banded(mode: str, **more: object) -> Any:
    edges = [("0", "50000", 15), ("50000", "150000", 20), ("150000", None, 25)]
    bands = [{"from": f"EUR {a}", "percent": p} | ({"to": f"EUR {b}"} if b else {}) for a, b, p in edges]
    rate = {"rule": mode, "bands": bands}
    return paying({"series": "partner_quarter", "trigger": CASH, "rate": rate, **more})


@pytest.mark.parametrize("mode", ["marginal", "rate_before", "rate_after", "whole_retro", "per_deal"])
def test_in_every_mode_a_refund_of_everything_leaves_nothing(mode: str) -> None:
    desk = Desk(kind=PartnerType.RESELLER, program=banded(mode))
    paid = [desk.sale("60000.01", day=day) for day in range(3)]
    for day, payment in enumerate((paid[1], paid[0], paid[2])):
        desk.refund(payment, "60000.01", 10 + day)
    assert sum(line.amount.amount for line in desk.earnings().lines) == 0


def test_a_tier_may_have_a_rate_of_its_own_instead_of_points() -> None:
    additions = [{"rule": "tier_rates", "percents": {"Select": 25}}]
    for tier, expected in (("Select", "250.00"), ("Elite", "100.00")):
        desk = plan(trigger=CASH, additions=additions)
        desk.tier = tier
        desk.sale("1000")
        assert desk.amounts() == [expected]


def test_a_cap_may_be_of_one_deal() -> None:
    desk = plan(trigger=CASH, cap={"rule": "most", "sum": "EUR 150"})
    deal = desk.deal("2000")
    desk.pay(deal, "1000")
    desk.pay(deal, "1000", 1)
    desk.sale("1000", day=2)
    assert desk.amounts() == ["100.00", "50.00", "100.00"]
    capped = next(line for line in desk.earnings().lines if line.event == "pay002")
    assert [s.values["cut"] for s in capped.steps if s.sentence is Said.CAPPED] == [money("50")]


def test_every_refund_may_take_commission_back_however_late() -> None:
    desk = plan(trigger=CASH, clawback={"rule": "always"})
    desk.refund(desk.sale("1000"), "1000", 900)
    assert desk.amounts() == ["100.00", "-100.00"]


def test_after_an_unpaid_period_nothing_is_earned_until_it_is_paid() -> None:
    desk = plan(trigger=CASH, schedules=[{"rule": "until_unpaid"}])
    deal = desk.deal("12000")
    for month in (7, 8, 10):
        start = date(2026, month, 1)
        end = date(2026, month + 1, 1) - timedelta(days=1)
        desk.pay(deal, "1000", received_on=start, period_start=start, period_end=end)
    assert desk.amounts() == ["100.00", "100.00", "0.00"]
    start, end = date(2026, 9, 1), date(2026, 9, 30)
    desk.pay(deal, "1000", received_on=date(2026, 11, 3), period_start=start, period_end=end)
    assert desk.amounts() == ["100.00", "100.00", "100.00", "100.00"]


def shared_with(*others: DealPartner, split: str = "by_shares") -> Desk:
    desk = plan(trigger=CASH, split={"rule": split})
    desk.pay(desk.deal("10000", others=others), "10000")
    return desk


def test_partners_that_brought_a_deal_together_share_its_commission() -> None:
    alone = shared_with(DealPartner("p2", By.SOURCED, money("0.3").amount))
    assert alone.amounts() == ["700.00"]
    assert shared_with(DealPartner("p0", By.SOURCED), DealPartner("p2", By.SOURCED), split="evenly").amounts() == [
        "333.33"
    ]
    over = shared_with(DealPartner("p2", By.SOURCED, money("1.3").amount))
    assert [doubt.kind.value for doubt in over.earnings().doubts] == ["two_sourced"]


def test_a_plan_paid_in_another_currency_is_undone_by_a_full_refund() -> None:
    desk = plan(trigger=CASH, pays="EUR")
    desk.exchange = rates(("USD", START, "0.9217"), ("USD", START + timedelta(days=30), "0.99"))
    desk.refund(desk.sale("333.33", currency="USD"), "333.33", 30)
    assert desk.amounts() == ["30.72", "-30.72"]


def test_a_prepaid_year_that_was_refunded_before_it_began_earns_nothing() -> None:
    desk = Desk(plan="growth-2026")
    deal = desk.deal("24000", basis=AmountBasis.TOTAL, term_months=24)
    paid = desk.pay(deal, "24000", period_start=START, period_end=date(2028, 6, 30))
    desk.refund(paid, "24000", 200)  # too late for the first year, which is earned, and in time for the second
    lines: tuple[Line, ...] = desk.earnings().lines
    assert [str(line.amount.amount) for line in lines] == ["2400.00", "1200.00", "-1200.00"]
    assert sum(line.amount.amount for line in lines) == money("2400").amount


def test_a_refund_before_the_go_live_counts_however_late_it_is() -> None:
    desk = Desk(kind=PartnerType.SERVICES)
    deal = desk.deal("9500", ONBOARDING)
    desk.refund(desk.pay(deal, "9500", kind=ONE_OFF), "9500", 200)
    desk.happens(GO_LIVE, deal, 300)
    assert sum(line.amount.amount for line in desk.earnings().lines) == 0


def test_a_meeting_is_rewarded_once_whatever_comes_twice() -> None:
    desk = Desk()
    desk.happens(MilestoneKind.MEETING, day=1, subject="Acme")
    desk.happens(MilestoneKind.MEETING, day=2, subject="Globex")
    desk.happens(MilestoneKind.MEETING, day=3, subject="acme")
    assert on(desk) == [("150", 1), ("150", 2)]


def test_a_reward_for_what_did_not_happen_is_taken_back() -> None:
    desk = Desk()
    meeting: Milestone = desk.happens(MilestoneKind.MEETING, day=1, subject="Acme")
    desk.post()
    desk.milestones.remove(meeting)
    (line,) = desk.post()
    assert (line.amount, line.reverses != "") == (money("-150"), True)
    assert desk.post() == []
