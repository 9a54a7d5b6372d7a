"""What holds for every account: sums foot, order and repeats change nothing, refunds undo, bands have no jumps."""

import ast
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge.commission
from crm.records import MilestoneKind, PartnerType
from knowledge.commission.bands import Bands
from knowledge.commission.rules import RATES
from knowledge.commission.series import rounded
from knowledge.commission.sharing import shared
from tests.unit.knowledge.commission.accounts import (
    ASSIST,
    CORE,
    INSIGHTS,
    ONBOARDING,
    ONE_OFF,
    RECURRING,
    START,
    Desk,
    posted,
    rates,
    total,
)

RESELLER, SERVICES = PartnerType.RESELLER, PartnerType.SERVICES
CENTS = st.integers(1, 12_000_000).map(lambda cents: Decimal(cents) / 100)
TIERS = st.sampled_from(["Registered", "Select", "Elite"])
SALES = st.lists(
    st.tuples(CENTS, st.sampled_from([CORE, INSIGHTS, ASSIST]), st.integers(0, 80)), min_size=1, max_size=8
)
TARGETS = st.sampled_from([None, "50000", "120000"])
MODES = st.sampled_from(["marginal", "rate_before", "rate_after", "whole_retro", "per_deal"])
QUICK = settings(max_examples=60, deadline=None)


def reseller(sales: list[tuple[Decimal, str, int]], tier: str = "Registered", target: str | None = None) -> Desk:
    desk = Desk(tier, RESELLER, target=target)
    for amount, product, day in sales:
        desk.sale(str(amount), product, day)
    return desk


def by_formula(sales: list[tuple[Decimal, str, int]], tier: str, target: str | None) -> Decimal:
    """The quarter's total straight from the program's words, without lines."""
    volume = sum((amount for amount, _, _ in sales), start=Decimal(0))
    edges = ((Decimal(0), "0.15"), (Decimal(50000), "0.05"), (Decimal(150000), "0.05"))
    raw = sum((max(volume - edge, Decimal(0)) * Decimal(rate) for edge, rate in edges), start=Decimal(0))
    raw += volume * {"Registered": Decimal(0), "Select": Decimal("0.025"), "Elite": Decimal("0.05")}[tier]
    raw += sum((a for a, product, _ in sales if product != CORE), start=Decimal(0)) * Decimal("0.03")
    raw += max(volume - Decimal(target), Decimal(0)) * Decimal("0.02") if target else Decimal(0)
    return rounded(min(raw, Decimal(60000)), "EUR")


@QUICK
@given(sales=SALES, tier=TIERS, target=TARGETS)
def test_the_lines_of_a_quarter_sum_up_to_its_rounded_total(
    sales: list[tuple[Decimal, str, int]], tier: str, target: str | None
) -> None:
    assert total(reseller(sales, tier, target).earnings().lines) == by_formula(sales, tier, target)


@QUICK
@given(sales=SALES, tier=TIERS, seed=st.integers(0, 99))
def test_the_order_of_records_and_of_events_in_a_quarter_changes_no_total(
    sales: list[tuple[Decimal, str, int]], tier: str, seed: int
) -> None:
    desk = reseller(sales, tier)
    whole = desk.earnings()
    Random(seed).shuffle(desk.payments)
    Random(seed + 1).shuffle(desk.deals)
    assert desk.earnings() == whole
    mixed = list(sales)
    Random(seed).shuffle(mixed)
    assert total(reseller(mixed, tier).earnings().lines) == total(whole.lines)


@QUICK
@given(sales=SALES, tier=TIERS, target=TARGETS, cuts=st.lists(st.integers(0, 80), max_size=4), seed=st.integers(0, 99))
def test_however_lines_are_posted_they_sum_up_to_the_same_and_a_repeat_posts_nothing(
    sales: list[tuple[Decimal, str, int]], tier: str, target: str | None, cuts: list[int], seed: int
) -> None:
    """Payments become known in any order, whatever their days; lines are posted in between."""
    desk = reseller(sales, tier, target)
    known = list(desk.payments)
    Random(seed).shuffle(known)
    desk.payments = []
    for number, payment in enumerate(known):
        desk.payments.append(payment)
        if number in cuts:
            desk.post()
    desk.post()
    assert desk.post() == []
    assert sum((line.amount.amount for line in desk.posted), start=Decimal(0)) == by_formula(sales, tier, target)
    assert max(Counter(line.key for line in desk.posted).values()) == 1


@QUICK
@given(
    sales=SALES,
    mode=MODES,
    seed=st.integers(0, 99),
    halves=st.booleans(),
    currencies=st.lists(st.sampled_from(["EUR", "USD", "JPY"]), min_size=8, max_size=8),
)
def test_refunding_everything_in_time_leaves_nothing_in_any_currency(
    sales: list[tuple[Decimal, str, int]], mode: str, seed: int, halves: bool, currencies: list[str]
) -> None:
    days = [START + timedelta(days=day) for day in range(0, 200, 5)]
    table = rates(*(("USD", day, f"0.9{day.day % 10}") for day in days), *(("JPY", day, "0.0061") for day in days))
    desk = Desk("Select", RESELLER, exchange=table)
    element = desk.program.plans[1].elements[0]
    bands = getattr(element.rate, "bands", ())
    rate = RATES[mode].model_construct(bands=bands)
    plan = replace(desk.program.plans[1], elements=(element.model_copy(update={"rate": rate}),))
    desk.program = replace(desk.program, plans=(desk.program.plans[0], plan, *desk.program.plans[2:]))
    paid = [
        desk.sale(str(amount.to_integral_value() if currency == "JPY" else amount), product, day, currency=currency)
        for (amount, product, day), currency in zip(sales, currencies, strict=False)
    ]
    if halves:
        desk.post(date(2026, 8, 1))
    Random(seed).shuffle(paid)
    for day, payment in enumerate(paid):
        desk.refund(payment, str(payment.amount.amount), 81 + day)
    left: dict[str, Decimal] = {}
    for amount in (*(line.amount for line in desk.posted), *(line.amount for line in desk.earnings().lines)):
        left[amount.currency] = left.get(amount.currency, Decimal(0)) + amount.amount
    assert not any(left.values())
    assert desk.earnings().doubts == ()


@QUICK
@given(
    amounts=st.lists(CENTS, min_size=1, max_size=12),
    back=st.lists(st.integers(0, 11), max_size=6, unique=True),
    tier=TIERS,
    year=CENTS,
)
def test_referral_earns_the_rate_of_what_is_left_of_the_first_year(
    amounts: list[Decimal], back: list[int], tier: str, year: Decimal
) -> None:
    first_year = max(year, Decimal(3000))
    desk = Desk(tier)
    deal = desk.deal(str(first_year))
    paid = [desk.pay(deal, amount, day) for day, amount in enumerate(amounts)]
    for place in back:
        if place < len(paid):
            desk.refund(paid[place], str(amounts[place]), 20)
    left = sum((a for place, a in enumerate(amounts) if place not in back), start=Decimal(0))
    rate = Decimal("0.15") + desk.program.tier(tier).added_points / 100
    assert total(desk.earnings().lines) == rounded(min(left, first_year) * rate, "EUR")


@QUICK
@given(amounts=st.lists(CENTS, min_size=1, max_size=6), tier=TIERS, live=st.integers(0, 30), csat=st.integers(0, 30))
def test_parts_of_work_sum_up_to_the_whole_whenever_their_moments_are(
    amounts: list[Decimal], tier: str, live: int, csat: int
) -> None:
    desk = Desk(tier, SERVICES)
    deal = desk.deal(str(sum(amounts)), ONBOARDING)
    for day, amount in enumerate(amounts):
        desk.pay(deal, amount, day * 5, kind=ONE_OFF)
    desk.happens(MilestoneKind.GO_LIVE, deal, live)
    desk.happens(MilestoneKind.CSAT, deal, csat, "4.2")
    rate = Decimal("0.12") + desk.program.tier(tier).added_points / 100
    assert total(desk.earnings().lines) == rounded(sum(amounts, start=Decimal(0)) * rate, "EUR")


BANDS: Bands = RATES["marginal"].model_validate(
    {"bands": [{"from": "EUR 0", "to": "EUR 50000", "percent": 15}, {"from": "EUR 50000", "percent": 25}]}
)


@given(low=CENTS, more=CENTS, cut=st.integers(0, 100))
def test_marginal_bands_rise_without_a_jump_and_fall_as_they_rose(low: Decimal, more: Decimal, cut: int) -> None:
    high, middle = low + more, low + more * cut / 100
    whole, _ = BANDS.marginal(low, high, "EUR", None)
    assert 0 < whole <= more * Decimal("0.25")
    assert BANDS.marginal(low, middle, "EUR", None)[0] + BANDS.marginal(middle, high, "EUR", None)[0] == whole
    assert BANDS.marginal(high, low, "EUR", None)[0] == -whole


@given(
    units=st.integers(-(10**9), 10**9),
    weights=st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 99).map(Decimal), min_size=1, max_size=6),
)
def test_a_split_loses_no_unit_and_no_part_is_off_by_one(units: int, weights: dict[str, Decimal]) -> None:
    parts = shared(Decimal(units) / 100, weights, Decimal("0.01"))
    assert sum(parts.values()) == Decimal(units) / 100
    whole = sum(weights.values())
    for name, part in parts.items():
        assert abs(part * 100 - units * weights[name] / whole) < 1


def test_the_callers_decimal_context_changes_nothing() -> None:
    desk = reseller([(Decimal("60000.01"), INSIGHTS, 1), (Decimal("33333.33"), CORE, 2)], "Select")
    usual = desk.earnings()
    with localcontext() as context:
        context.prec = 6
        assert desk.earnings() == usual


def test_cost_grows_with_the_lines_and_not_faster() -> None:
    """Counted in steps of the interpreter, which no other load on the machine changes."""
    small, large = (_calls(count) for count in (40, 160))
    assert large < 5 * small


def _calls(count: int) -> int:
    desk = reseller([(Decimal(100 + n), CORE, n % 80) for n in range(count)])
    first = desk.earnings()
    desk.posted = [posted(line) for line in first.lines[: count // 2]]
    counted = 0

    def count_call(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count_call)
    try:
        desk.earnings()
    finally:
        sys.setprofile(None)
    return counted


SOURCES = sorted(Path(knowledge.commission.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_float_anywhere(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
        assert not (isinstance(node, ast.Name) and node.id == "float"), path


def test_payments_and_refunds_of_one_day_have_no_order() -> None:
    desk = Desk()
    deal = desk.deal("24000")
    paid = desk.pay(deal, "6000", id="z")
    desk.refund(paid, "6000", 0, id="a")
    assert total(desk.earnings().lines) == 0
    assert RECURRING is paid.kind
