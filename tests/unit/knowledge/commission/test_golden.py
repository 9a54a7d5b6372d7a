"""The worked examples of the program to the cent; ids are their numbers.

46 to 48 are of statements and invoices and stand with those.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.records import AmountBasis, Attribution, MilestoneKind, PartnerType
from knowledge.commission.derivation import Said
from knowledge.commission.periods import days_used, months_after
from knowledge.commission.series import rounded
from knowledge.commission.sharing import shared
from tests.unit.knowledge.commission.accounts import (
    ASSIST,
    CONNECT,
    CORE,
    INSIGHTS,
    ONBOARDING,
    ONE_OFF,
    RECURRING,
    RENEWAL,
    START,
    Desk,
    history,
    money,
    parts,
    paying,
    rates,
    total,
)

RESELLER, SERVICES = PartnerType.RESELLER, PartnerType.SERVICES
GO_LIVE, CSAT = MilestoneKind.GO_LIVE, MilestoneKind.CSAT


def in_turn(amount: str, count: int, tier: str = "Registered") -> Desk:
    desk = Desk(tier)
    deal = desk.deal(str(Decimal(amount) * count))
    for day in range(count):
        desk.pay(deal, amount, day)
    return desk


@pytest.mark.parametrize(
    ("tier", "each"), [("Registered", "900.00"), ("Select", "1050.00"), ("Elite", "1200.00")], ids=["1", "2 S", "2 E"]
)
def test_1_2_referral_in_four_payments(tier: str, each: str) -> None:
    assert in_turn("6000", 4, tier).amounts() == [each] * 4


def test_3_services_earn_nothing_under_referral() -> None:
    desk = Desk()
    deal = desk.deal(None, CORE, ONBOARDING, quantity=50)
    desk.pay(deal, "23900", parts=parts((CORE, "14400", RECURRING), (ONBOARDING, "9500", ONE_OFF)))
    assert desk.amounts() == ["2160.00"]


def test_4_a_prepaid_sum_earns_on_its_first_year_only() -> None:
    desk = Desk()
    deal = desk.deal("43200", basis=AmountBasis.TOTAL, term_months=36)
    desk.pay(deal, "43200", period_start=START, period_end=date(2029, 6, 30))
    desk.pay(deal, "14400", 1100, kind=RENEWAL)
    assert desk.amounts() == ["2160.00", "0.00"]


def test_4_the_same_where_no_period_is_known() -> None:
    desk = Desk()
    deal = desk.deal("43200", basis=AmountBasis.TOTAL, term_months=36)
    desk.pay(deal, "43200")
    desk.pay(deal, "14400", 1)
    assert desk.amounts() == ["2160.00", "0.00"]


@pytest.mark.parametrize(
    ("seats", "products", "paid", "tier", "expected"),
    [
        pytest.param(10, (CORE,), "2880", "Registered", "300.00", id="5 R"),
        pytest.param(10, (CORE,), "2880", "Elite", "300.00", id="5 E"),
        pytest.param(11, (CORE,), "3168", "Registered", "475.20", id="5"),
        pytest.param(10, (CORE, CONNECT), "3840", "Registered", "576.00", id="7"),
    ],
)
def test_5_7_seats(seats: int, products: tuple[str, ...], paid: str, tier: str, expected: str) -> None:
    desk = Desk(tier)
    desk.pay(desk.deal(None, *products, quantity=seats), paid)
    assert desk.amounts() == [expected]


@pytest.mark.parametrize(
    ("amount", "tier", "expected"),
    [
        pytest.param("2999.99", "Registered", "300.00", id="6"),
        pytest.param("3000.00", "Registered", "450.00", id="6 exactly"),
        pytest.param("5000.30", "Registered", "750.05", id="9"),
        pytest.param("3000.20", "Select", "525.04", id="9 S"),
    ],
)
def test_6_9_limits_and_half_cents(amount: str, tier: str, expected: str) -> None:
    desk = Desk(tier)
    desk.sale(amount)
    assert desk.amounts() == [expected]


def test_8_lines_sum_up_to_the_rounded_total() -> None:
    desk = Desk()
    deal = desk.deal("10000")
    for day, amount in enumerate(["833.33"] * 11 + ["833.37"]):
        desk.pay(deal, amount, day)
    assert desk.amounts() == ["125.00"] * 10 + ["124.99", "125.01"]


@pytest.mark.parametrize(("amount", "back"), [("1000.10", "-150.02"), ("5000.30", "-750.05")])
def test_10_a_refund_in_time(amount: str, back: str) -> None:
    desk = Desk()
    desk.refund(desk.sale("5000.30"), amount, 10)
    assert desk.amounts() == ["750.05", back]


@pytest.mark.parametrize(("day", "back"), [(60, "-2700.00"), (90, "-2700.00"), (91, "0.00")])
def test_11_a_refund_counts_for_ninety_days(day: int, back: str) -> None:
    desk = Desk()
    desk.refund(desk.sale("24000"), "18000", day)
    assert desk.amounts() == ["3600.00", back]


@pytest.mark.parametrize(("amount", "back"), [("2400", "-300.00"), ("1200", "0.00")])
def test_12_a_flat_sum_is_lost_only_with_everything(amount: str, back: str) -> None:
    desk = Desk()
    desk.refund(desk.sale("2400"), amount, 30)
    assert desk.amounts() == ["300.00", back]


def test_13_a_renewal_earns_nothing_under_referral() -> None:
    desk = Desk()
    desk.sale("24000", kind=RENEWAL)
    assert desk.amounts() == ["0.00"]


def test_14_the_tier_is_that_of_the_win() -> None:
    desk = Desk("Select", tiers=history((date(2026, 1, 1), "Registered"), (date(2026, 10, 1), "Select")))
    deal = desk.deal("24000", won_on=date(2026, 9, 28))
    desk.pay(deal, "6000", received_on=date(2026, 10, 12))
    assert desk.amounts() == ["900.00"]


@pytest.mark.parametrize(("amount", "expected"), [("24000", "1200.00"), ("2400", "120.00")])
def test_15_influenced(amount: str, expected: str) -> None:
    desk = Desk("Elite")
    desk.pay(desk.deal(amount, attribution=Attribution.INFLUENCED), amount)
    assert desk.amounts() == [expected]


@pytest.mark.parametrize(
    ("tier", "target", "sales", "expected"),
    [
        pytest.param("Registered", None, ["49999.99"], ["7500.00"], id="16 below"),
        pytest.param("Registered", None, ["50000.00"], ["7500.00"], id="16 at"),
        pytest.param("Registered", None, ["50000.03"], ["7500.01"], id="16 above"),
        pytest.param("Registered", None, ["50000", "10000"], ["7500.00", "2000.00"], id="17"),
        pytest.param("Registered", None, ["10000"] * 6, ["1500.00"] * 5 + ["2000.00"], id="17 six"),
        pytest.param("Registered", None, ["150000.00"], ["27500.00"], id="18"),
        pytest.param("Registered", None, ["150000.02"], ["27500.01"], id="18 above"),
        pytest.param("Registered", None, ["60000"] * 3, ["9500.00", "12000.00", "13500.00"], id="19"),
        pytest.param("Select", None, ["60000"] * 3, ["11000.00", "13500.00", "15000.00"], id="20 S"),
        pytest.param("Elite", None, ["60000"] * 3, ["12500.00", "15000.00", "16500.00"], id="20 E"),
        pytest.param("Registered", "120000", ["60000"] * 3, ["9500.00", "12000.00", "14700.00"], id="21"),
        pytest.param("Registered", "100000", ["60000"] * 3, ["9500.00", "12400.00", "14700.00"], id="21 within"),
        pytest.param("Registered", None, ["300000"], ["60000.00"], id="24"),
        pytest.param("Registered", "250000", ["300000"], ["60000.00"], id="24 with a target"),
        pytest.param("Registered", None, ["280000"], ["60000.00"], id="25"),
        pytest.param("Elite", None, ["180000", "70000"], ["44000.00", "16000.00"], id="26"),
    ],
)
def test_16_to_26_a_quarter_of_a_reseller(tier: str, target: str | None, sales: list[str], expected: list[str]) -> None:
    desk = Desk(tier, RESELLER, target=target)
    for day, amount in enumerate(sales):
        desk.sale(amount, day=day)
    assert desk.amounts() == expected


@pytest.mark.parametrize(
    ("tier", "rows", "expected"),
    [
        pytest.param("Registered", [(INSIGHTS, "60000")], "11300.00", id="22 Insights"),
        pytest.param("Registered", [(CORE, "40000"), (ASSIST, "20000")], "10100.00", id="22 R"),
        pytest.param("Elite", [(CORE, "40000"), (ASSIST, "20000")], "13100.00", id="22 E"),
    ],
)
def test_22_points_of_products(tier: str, rows: list[tuple[str, str]], expected: str) -> None:
    desk = Desk(tier, RESELLER)
    deal = desk.deal("60000", *(product for product, _ in rows))
    desk.pay(deal, "60000", parts=parts(*((product, amount, RECURRING) for product, amount in rows)))
    assert desk.amounts() == [expected]


def test_23_everything_at_once() -> None:
    desk = Desk("Select", RESELLER, target="150000")
    desk.sale("120000")
    deal = desk.deal("80000", CORE, INSIGHTS)
    desk.pay(deal, "80000", 1, parts=parts((CORE, "50000", RECURRING), (INSIGHTS, "30000", RECURRING)))
    assert desk.amounts() == ["24500.00", "22400.00"]


def test_27_refunds_under_the_cap() -> None:
    desk = Desk("Elite", RESELLER)
    desk.sale("180000")
    second = desk.sale("70000", day=1)
    desk.refund(second, "10000", 2)
    desk.refund(second, "30000", 3)
    assert desk.amounts() == ["44000.00", "16000.00", "0.00", "-7000.00"]


@pytest.mark.parametrize(
    ("first", "late", "expected"),
    [
        pytest.param(["40000", "30000"], "20000", "4000.00", id="28"),
        pytest.param(["270000"], "20000", "2500.00", id="29 at the cap"),
    ],
)
def test_28_29_what_comes_late_posts_the_difference(first: list[str], late: str, expected: str) -> None:
    desk = Desk(kind=RESELLER)
    for amount in first:
        desk.sale(amount, day=20)
    desk.post(date(2026, 10, 5))
    desk.sale(late, day=3)
    (line,) = desk.post(date(2026, 11, 5))
    assert (str(line.amount.amount), line.earned_on) == (expected, START + timedelta(days=3))
    assert desk.post(date(2026, 12, 5)) == []


def test_30_a_refund_after_the_quarter_was_paid() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("40000", day=60)
    second = desk.sale("30000", day=61)
    assert str(total(desk.post(date(2026, 10, 5)))) == "11500.00"
    desk.refund(second, "20000", 100)
    (line,) = desk.post(date(2026, 11, 5))
    assert str(line.amount.amount) == "-4000.00"


def test_31_the_tier_changes_within_the_quarter() -> None:
    desk = Desk("Select", RESELLER, tiers=history((START, "Registered"), (START + timedelta(days=5), "Select")))
    desk.sale("40000")
    desk.sale("40000", day=9)
    assert desk.amounts() == ["6000.00", "8500.00"]


def test_32_what_is_sold_once_counts_for_a_reseller() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("45000")
    desk.sale("9500", ONBOARDING, 1, kind=ONE_OFF)
    assert desk.amounts() == ["6750.00", "1650.00"]


def project(tier: str = "Registered", value: str = "9500", product: str = ONBOARDING) -> Desk:
    desk = Desk(tier, SERVICES)
    deal = desk.deal(value, product) if product else desk.deal(value, products=())
    desk.pay(deal, value, kind=ONE_OFF)
    return desk


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        pytest.param("Registered", "684.00 + 456.00", id="33 R"),
        pytest.param("Select", "826.50 + 551.00", id="33 S"),
        pytest.param("Elite", "969.00 + 646.00", id="33 E"),
    ],
)
def test_33_services_in_two_parts(tier: str, expected: str) -> None:
    desk = project(tier)
    desk.happens(GO_LIVE, desk.deals[0], 5)
    desk.happens(CSAT, desk.deals[0], 9, "4.5")
    assert desk.amounts() == [expected]


def test_34_the_second_part_waits_for_satisfaction_and_both_for_the_go_live() -> None:
    for csat, expected in (("4.20", "684.00 + 456.00"), ("4.19", "456.00")):
        desk = project()
        desk.happens(GO_LIVE, desk.deals[0], 5)
        desk.happens(CSAT, desk.deals[0], 9, csat)
        assert desk.amounts() == [expected]
    early = project()
    early.happens(CSAT, early.deals[0], 2, "4.5")
    assert early.earnings().lines == ()
    early.happens(GO_LIVE, early.deals[0], 30)
    assert early.amounts() == ["684.00 + 456.00"]
    assert {line.earned_on for line in early.earnings().lines} == {START + timedelta(days=30)}


def test_35_work_with_a_half_cent() -> None:
    desk = project(value="41666.58", product="")
    desk.happens(GO_LIVE, desk.deals[0], 5)
    desk.happens(CSAT, desk.deals[0], 9, "4.5")
    assert desk.amounts() == ["2999.99 + 2000.00"]


def test_36_parts_follow_the_cash() -> None:
    desk = Desk(kind=SERVICES)
    deal = desk.deal("9500", ONBOARDING)
    desk.pay(deal, "4750", kind=ONE_OFF)
    desk.pay(deal, "4750", 40, kind=ONE_OFF)
    desk.happens(GO_LIVE, deal, 5)
    assert desk.amounts() == ["228.00", "228.00"]


@pytest.mark.parametrize(
    ("tier", "csat", "expected"),
    [
        pytest.param("Registered", "4.2", ["480.00", "480.00", "0.00"], id="37 R"),
        pytest.param("Select", "4.2", ["1080.00", "1080.00", "0.00"], id="37 S"),
        pytest.param("Registered", "4.1", ["0.00", "0.00", "0.00"], id="37 below"),
    ],
)
def test_37_renewals_while_satisfied(tier: str, csat: str, expected: list[str]) -> None:
    desk = Desk(tier, SERVICES)
    deal = desk.deal("9500", ONBOARDING)
    desk.happens(GO_LIVE, deal, 5)
    desk.happens(CSAT, deal, 9, csat)
    for year in (1, 2, 3):
        desk.pay(deal, "24000", 365 * year, kind=RENEWAL)
    assert desk.amounts() == expected


def growing(tier: str, months: int) -> Desk:
    desk = Desk(tier, plan="growth-2026")
    deal = desk.deal("1000", basis=AmountBasis.MONTHLY, term_months=36)
    for month in range(months):
        start, end = months_after(START, month), months_after(START, month + 1) - timedelta(days=1)
        desk.pay(deal, "1000", period_start=start, period_end=end, received_on=start)
    return desk


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        pytest.param("Registered", "4200.00", id="38 R"),
        pytest.param("Select", "5100.00", id="38 S"),
        pytest.param("Elite", "6000.00", id="38 E"),
    ],
)
def test_38_growth_over_three_years(tier: str, expected: str) -> None:
    assert str(total(growing(tier, 36).earnings().lines)) == expected


def test_39_growth_by_the_months_paid_and_not_after_the_third_year() -> None:
    assert str(total(growing("Registered", 20).earnings().lines)) == "3200.00"
    assert growing("Registered", 37).amounts()[-1] == "0.00"


def test_40_years_that_are_prepaid_earn_when_they_begin() -> None:
    desk = Desk(plan="growth-2026")
    deal = desk.deal("72000", basis=AmountBasis.TOTAL, term_months=36)
    desk.pay(deal, "72000", period_start=START, period_end=date(2029, 6, 30))
    lines = desk.earnings().lines
    assert [(str(line.amount.amount), line.earned_on) for line in lines] == [
        ("4800.00", START),
        ("2400.00", date(2027, 7, 1)),
        ("1200.00", date(2028, 7, 1)),
    ]
    first = desk.earnings(date(2026, 12, 1))
    assert [str(line.amount.amount) for line in first.lines] == ["4800.00"]
    assert [(str(item.amount.amount), item.on) for item in first.to_come] == [
        ("2400.00", date(2027, 7, 1)),
        ("1200.00", date(2028, 7, 1)),
    ]


@pytest.mark.parametrize(
    ("start", "end", "base", "expected"),
    [
        pytest.param(date(2026, 9, 16), date(2026, 9, 30), "600.00", "120.00", id="41 of 30"),
        pytest.param(date(2026, 7, 16), date(2026, 7, 31), "619.35", "123.87", id="41 of 31"),
    ],
)
def test_41_a_part_of_a_month_by_its_own_days(start: date, end: date, base: str, expected: str) -> None:
    days, whole = days_used(start, end)
    amount = rounded(Decimal(1200) * days / whole, "EUR")
    assert str(amount) == base
    desk = Desk(plan="growth-2026")
    desk.pay(desk.deal("1200", basis=AmountBasis.MONTHLY), amount, period_start=start, period_end=end)
    assert desk.amounts() == [expected]


def test_42_splits_lose_nothing() -> None:
    thirds = dict.fromkeys(("a", "b", "c"), Decimal(1))
    cent = Decimal("0.01")
    assert [str(part) for part in shared(Decimal("1000.00"), thirds, cent).values()] == ["333.34", "333.33", "333.33"]
    uneven = {"a": Decimal("0.7"), "b": Decimal("0.3")}
    assert [str(part) for part in shared(Decimal("750.05"), uneven, cent).values()] == ["525.04", "225.01"]
    assert [str(part) for part in shared(Decimal(100), thirds, Decimal(1)).values()] == ["34", "33", "33"]


def test_43_currencies_without_cents_and_with_three_digits() -> None:
    day = START
    for currency, amount, expected in (("JPY", "1234590", "185189"), ("KWD", "10000.130", "1500.020")):
        desk = Desk(exchange=rates((currency, day, "0.9")))
        desk.sale(amount, currency=currency)
        assert desk.amounts() == [expected]


def test_44_foreign_sums_count_at_the_rate_of_their_day() -> None:
    desk = Desk(kind=RESELLER, exchange=rates(("USD", START, "0.90")))
    desk.sale("60000", currency="USD")
    assert desk.amounts() == ["9222.22"]
    mixed = Desk(kind=RESELLER, exchange=rates(("USD", START, "0.90")))
    mixed.sale("40000")
    mixed.sale("20000", day=1, currency="USD")
    assert mixed.amounts() == ["6000.00", "3444.44"]


def test_a_foreign_line_tells_the_way_into_the_programs_currency_and_back() -> None:
    desk = Desk(kind=RESELLER, exchange=rates(("USD", START, "0.90")))
    desk.sale("60000", currency="USD")
    (line,) = desk.earnings().lines
    told = {one.sentence: one.values for one in line.steps}
    assert told[Said.AT_RATE]["result"] == money("54000.00")
    assert told[Said.CONVERTED_BACK]["amount"] == money("8300.00")
    assert line.amount == money("9222.22", "USD")


def test_45_a_plan_that_pays_in_another_currency_rounds_once() -> None:
    plan = paying({"trigger": {"rule": "cash_collected"}, "rate": {"rule": "percent", "percent": 15}, "pays": "EUR"})
    desk = Desk(program=plan, exchange=rates(("USD", START, "0.9217")))
    desk.sale("333.33", currency="USD")
    assert desk.earnings().lines[0].amount == money("46.08")


@pytest.mark.parametrize(("opportunities", "expected"), [("3", "750"), ("2", "0")])
def test_49_an_event_by_its_opportunities(opportunities: str, expected: str) -> None:
    desk = Desk()
    desk.happens(MilestoneKind.EVENT, day=3, value=opportunities, subject="Cloud Day")
    assert str(total(desk.earnings().lines)) == expected


def test_49_a_persons_second_certificate_earns_nothing() -> None:
    desk = Desk()
    desk.happens(MilestoneKind.CERTIFICATION, day=3, subject="Mia Berg")
    desk.happens(MilestoneKind.CERTIFICATION, day=50, subject=" mia  berg")
    assert [str(line.amount.amount) for line in desk.post()] == ["100"]
    assert desk.post() == []
