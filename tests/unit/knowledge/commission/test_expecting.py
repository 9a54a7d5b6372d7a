"""What a deal would bring if it closed as entered, under every plan, by the rules that pay."""

from datetime import date

import pytest

from crm.records import AmountBasis, Attribution, DealPartner, MilestoneKind, PartnerType, Stage
from knowledge.commission.account import Awaits
from knowledge.commission.derivation import Derivation, NoQuote, Reason, Said
from knowledge.commission.expecting import expect
from knowledge.commission.worth import DealLike
from knowledge.programs import Programs
from tests.unit.knowledge.commission.accounts import (
    ASSIST,
    CORE,
    INSIGHTS,
    ONBOARDING,
    ONE_OFF,
    RECURRING,
    START,
    Desk,
    money,
    paying,
    rates,
)

TOTAL, ANNUAL, MONTHLY = AmountBasis.TOTAL, AmountBasis.ANNUAL, AmountBasis.MONTHLY
RESELLER, SERVICES = PartnerType.RESELLER, PartnerType.SERVICES
TODAY = date(2026, 9, 20)


def expected(desk: Desk, deal: DealLike, today: date = TODAY) -> Derivation:
    found = expect(Programs((desk.program,)), desk.account, deal, desk.exchange, today)
    assert isinstance(found, Derivation), found
    return found


@pytest.mark.parametrize(
    ("desk", "deal", "result"),
    [
        (Desk("Select"), DealLike((CORE,), 80), "4032.00"),
        (Desk(kind=RESELLER), DealLike((CORE,), 80), "3456.00"),
        (Desk(kind=RESELLER), DealLike((CORE,), None, money("60000"), ANNUAL, 36), "9500.00"),
        (Desk(kind=RESELLER), DealLike((CORE,), None, money("60000"), TOTAL, 36), "9500.00"),
        (Desk(kind=RESELLER), DealLike((CORE, ASSIST), None, money("39000"), ANNUAL), "6300.00"),
        (Desk(kind=RESELLER), DealLike((CORE, ONBOARDING), 50), "3585.00"),
        (Desk("Elite", SERVICES), DealLike((ONBOARDING,)), "1615.00"),
        (Desk(kind=SERVICES), DealLike((), None, money("41666.58"), TOTAL), "4999.99"),
        (Desk(plan="growth-2026"), DealLike((CORE,), None, money("1000"), MONTHLY, 36), "4200.00"),
        (Desk(plan="growth-2026"), DealLike((CORE,), None, money("72000"), TOTAL, 36), "8400.00"),
        (Desk(plan="growth-2026"), DealLike((CORE,), None, money("1000"), MONTHLY, 60), "4200.00"),
        (Desk("Elite"), DealLike((CORE,), 100, attribution=Attribution.INFLUENCED), "1440.00"),
        (Desk("Elite", RESELLER), DealLike((CORE,), 100, attribution=Attribution.INFLUENCED), "1440.00"),
    ],
)
def test_every_plan_gives_a_figure(desk: Desk, deal: DealLike, result: str) -> None:
    assert expected(desk, deal).result == money(result)


def test_a_quarter_counts_what_it_has_already_and_says_so() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("40000", day=70)
    desk.sale("90000", day=-10)  # of the quarter before
    found = expected(desk, DealLike((CORE,), None, money("20000"), ANNUAL))
    assert found.result == money("3500.00")
    (volume,) = [step for step in found.steps if step.sentence is Said.VOLUME]
    assert volume.values == {"before": money("40000"), "after": money("60000")}
    assert expected(desk, DealLike((CORE,), None, money("20000"), ANNUAL), date(2026, 10, 1)).result == money("3000.00")


def test_a_deal_on_file_does_not_count_twice() -> None:
    desk = Desk(kind=RESELLER)
    paid = desk.sale("40000", day=70)
    (deal,) = desk.deals
    found = expect(Programs((desk.program,)), desk.account, deal, desk.exchange, TODAY)
    assert isinstance(found, Derivation)
    assert (found.result, paid.amount) == (money("6000.00"), money("40000"))


def test_what_if_is_told_step_by_step() -> None:
    services = expected(Desk("Select", SERVICES), DealLike((ONBOARDING,)))
    assert [step.sentence for step in services.steps] == [
        Said.BASE_ONE_OFF, Said.RATE, Said.TIER_ADDS, Said.PART, Said.ROUNDED, Said.PART, Said.ROUNDED, Said.ALTOGETHER,
    ]  # fmt: skip
    growth = expected(Desk(plan="growth-2026"), DealLike((CORE,), None, money("1000"), MONTHLY, 24))
    assert [step.values["result"] for step in growth.steps if "result" in step.values][-1] == money("3600.00")


def test_the_one_who_closes_and_the_one_who_is_asked_agree() -> None:
    for kind, product in ((PartnerType.REFERRAL, CORE), (RESELLER, INSIGHTS), (SERVICES, ONBOARDING)):
        desk = Desk("Elite", kind)
        guess = expected(desk, DealLike((product,), None, money("50000.30"), ANNUAL))
        deal = desk.deal("50000.30", product, day=81)
        desk.pay(deal, "50000.30", 81, kind=ONE_OFF if product == ONBOARDING else RECURRING)
        desk.happens(MilestoneKind.GO_LIVE, deal, 81)
        desk.happens(MilestoneKind.CSAT, deal, 81, "5")
        earned = sum((line.amount for line in desk.earnings().lines), start=money(0))
        assert guess.result == earned


@pytest.mark.parametrize(
    ("desk", "deal", "reason"),
    [
        (Desk(kind=RESELLER), DealLike((CORE,)), Reason.NO_AMOUNT),
        (Desk(kind=RESELLER), DealLike((CORE,), None, money("100", "USD"), ANNUAL), Reason.NO_RATE),
        (Desk(plan="Gone"), DealLike((CORE,), 5), Reason.NO_PLAN),
        (Desk("Platinum"), DealLike((CORE,), 5), Reason.UNKNOWN_TIER),
        (
            Desk(kind=RESELLER),
            DealLike((CORE, ONBOARDING), 5, money("9", "USD"), MONTHLY),
            Reason.ONE_OFF_SHARE_UNKNOWN,
        ),
    ],
)
def test_no_figure_where_something_is_missing(desk: Desk, deal: DealLike, reason: Reason) -> None:
    found = expect(Programs((desk.program,)), desk.account, deal, desk.exchange, TODAY)
    assert isinstance(found, NoQuote)
    assert found.reason is reason


def test_a_foreign_deal_counts_at_todays_rate() -> None:
    desk = Desk(kind=RESELLER, exchange=rates(("USD", TODAY, "0.90")))
    assert expected(desk, DealLike((CORE,), None, money("60000", "USD"), ANNUAL)).result == money("9222.22", "USD")


def test_a_shared_deal_on_file_is_shared() -> None:
    plan = paying(
        {"trigger": {"rule": "won"}, "base": {"rule": "deal_amount"}, "rate": {"rule": "percent", "percent": 10},
         "split": {"rule": "by_shares"}}
    )  # fmt: skip
    desk = Desk(program=plan)
    deal = desk.deal(
        "10000", others=(DealPartner("p2", Attribution.SOURCED, money("0.4").amount),), stage=Stage.PROPOSAL
    )
    found = expect(Programs((plan,)), desk.account, deal, desk.exchange, TODAY)
    assert isinstance(found, Derivation)
    assert found.result == money("600.00")


def coming(desk: Desk, today: date = TODAY) -> list[tuple[str, Awaits, date | None]]:
    return [(str(item.amount.amount), item.awaits, item.on) for item in desk.earnings(today).to_come]


def test_a_won_deal_waits_for_what_the_customer_has_not_paid() -> None:
    desk = Desk()
    deal = desk.deal("24000")
    assert coming(desk) == [("3600.00", Awaits.PAYMENT, None)]
    desk.pay(deal, "6000")
    assert coming(desk) == [("2700.00", Awaits.PAYMENT, None)]
    desk.pay(deal, "18000", 1)
    assert coming(desk) == []


def test_parts_of_work_wait_for_their_moments() -> None:
    desk = Desk(kind=SERVICES)
    deal = desk.deal("9500", ONBOARDING)
    assert {awaits for _, awaits, _ in coming(desk)} == {Awaits.PAYMENT}
    desk.pay(deal, "9500", kind=ONE_OFF)
    assert coming(desk) == [("684.00", Awaits.GO_LIVE, None), ("456.00", Awaits.GO_LIVE, None)]
    desk.happens(MilestoneKind.GO_LIVE, deal, 20)
    assert coming(desk) == [("684.00", Awaits.CSAT, None)]


def test_later_years_of_growth_are_to_come() -> None:
    desk = Desk(plan="growth-2026")
    deal = desk.deal("72000", basis=TOTAL, term_months=36)
    desk.pay(deal, "24000", period_start=START, period_end=date(2027, 6, 30))
    assert [(amount, awaits) for amount, awaits, _ in coming(desk)] == [
        ("2400.00", Awaits.PAYMENT),
        ("1200.00", Awaits.PAYMENT),
    ]


def test_a_sale_of_a_reseller_waits_on_top_of_the_quarter() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("40000", day=70)
    desk.deal("20000")
    assert coming(desk) == [("3500.00", Awaits.PAYMENT, None)]


def test_open_and_lost_deals_have_nothing_to_come() -> None:
    desk = Desk()
    desk.deal("24000", stage=Stage.PROPOSAL, won_on=None)
    desk.deal("24000", stage=Stage.LOST, won_on=None)
    assert coming(desk) == []


def test_a_flat_sum_that_was_paid_leaves_nothing_to_come() -> None:
    desk = Desk()
    desk.pay(desk.deal("2400"), "200")
    assert coming(desk) == []


def test_a_product_is_known_by_its_other_names_for_deals_that_were_entered_before_it_was_renamed() -> None:
    by_name, by_alias = (expected(Desk(), DealLike((name,), 80)) for name in (INSIGHTS, "analytics add-on"))
    assert by_name == by_alias
