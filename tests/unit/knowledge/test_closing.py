"""Closing a period: what becomes a statement, what is carried on and why, and how statements are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.money import Money
from knowledge.commission.closing import (
    Draft,
    PeriodError,
    close,
    cut_off,
    due_period,
    minimum,
    next_period,
    number_of,
)
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.commission.statement import Carried, WhyCarried
from knowledge.program import StatementRules

RULES = StatementRules(5, 30, 30, Money(Decimal(50), "EUR"))
NO_RATES = RateTable("EUR")
DOLLARS = RateTable.of("EUR", [ExchangeRate("USD", date(2026, 10, 30), Decimal("0.90"), "ECB")])
PERIOD = "2026-10"


@dataclass(frozen=True)
class Earned:
    key: str
    amount: Money
    earned_on: date = date(2026, 10, 12)
    version: str = "referral-2026@2026.1"


def earned(*amounts: str, currency: str = "EUR", on: date = date(2026, 10, 12)) -> list[Earned]:
    return [Earned(f"{currency}{place}@{on}", Money(Decimal(a), currency), on) for place, a in enumerate(amounts)]


def test_a_sum_below_the_minimum_rolls_over_and_is_paid_with_what_comes_later() -> None:
    first = close(PERIOD, earned("49.99"), RULES, NO_RATES)
    assert not first.drafts
    assert [(c.total.amount, c.why, c.lines) for c in first.carried] == [
        (Decimal("49.99"), WhyCarried.BELOW_MINIMUM, ("EUR0@2026-10-12",))
    ]
    later = close("2026-11", [*earned("49.99"), *earned("20.00", on=date(2026, 11, 3))], RULES, NO_RATES)
    assert [(d.total.amount, d.lines) for d in later.drafts] == [
        (Decimal("69.99"), ("EUR0@2026-10-12", "EUR0@2026-11-03"))
    ]


def test_exactly_the_minimum_is_paid() -> None:
    (draft,) = close(PERIOD, earned("50.00"), RULES, NO_RATES).drafts
    assert draft.total == Money(Decimal("50.00"), "EUR")


def test_a_negative_balance_is_carried_and_nothing_is_paid() -> None:
    closing = close(PERIOD, earned("228.00", "150.00", "-2700.00"), RULES, NO_RATES)
    assert not closing.drafts
    (carried,) = closing.carried
    assert (carried.total.amount, carried.why) == (Decimal("-2322.00"), WhyCarried.NEGATIVE)
    assert len(carried.lines) == 3


def test_lines_that_cancel_each_other_out_make_no_statement_even_where_there_is_no_minimum() -> None:
    none = StatementRules(5, 30, 30, Money(Decimal(0), "EUR"))
    (carried,) = close(PERIOD, earned("100.00", "-100.00"), none, NO_RATES).carried
    assert carried.why is WhyCarried.BELOW_MINIMUM
    (draft,) = close(PERIOD, earned("0.01"), none, NO_RATES).drafts
    assert draft.total.amount == Decimal("0.01")


def test_late_lines_are_taken_and_those_after_the_end_of_the_month_are_not() -> None:
    lines = [
        *earned("60", on=date(2024, 1, 31)),
        *earned("70", on=date(2026, 10, 31)),
        *earned("80", on=date(2026, 11, 1)),
    ]
    (draft,) = close(PERIOD, lines, RULES, NO_RATES).drafts
    assert draft.total.amount == Decimal(130)


def test_each_currency_has_a_statement_of_its_own_the_programs_own_first() -> None:
    lines = [*earned("100", currency="USD"), *earned("100"), *earned("100", currency="CHF")]
    drafts = close(PERIOD, lines, RULES, DOLLARS).drafts
    assert [d.number for d in drafts] == ["S-2026-10", "S-2026-10-CHF", "S-2026-10-USD"]


def test_the_minimum_is_converted_at_the_stored_rate_of_the_last_day() -> None:
    assert minimum("USD", cut_off(PERIOD), RULES, DOLLARS) == Money(Decimal("55.56"), "USD")
    assert close(PERIOD, earned("55.55", currency="USD"), RULES, DOLLARS).carried
    assert close(PERIOD, earned("55.56", currency="USD"), RULES, DOLLARS).drafts


def test_where_no_rate_is_stored_the_bare_figure_is_the_minimum() -> None:
    assert minimum("GBP", cut_off(PERIOD), RULES, DOLLARS) == Money(Decimal("50.00"), "GBP")


def test_a_statement_names_the_versions_of_the_plans_it_rests_on_once() -> None:
    a, b = Earned("a", Money(Decimal(60), "EUR")), Earned("b", Money(Decimal(60), "EUR"), version="growth-2026@2026.1")
    (draft,) = close(PERIOD, [b, a, Earned("c", Money(Decimal(1), "EUR"))], RULES, NO_RATES).drafts
    assert draft.versions == ("growth-2026@2026.1", "referral-2026@2026.1")


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=-5000, max_value=5000, places=2), st.sampled_from(("EUR", "USD", "JPY")),
            st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_every_line_up_to_the_end_is_drafted_or_carried_once_and_sums_foot(
    given_lines: list[tuple[Decimal, str, date]],
) -> None:
    lines = [
        Earned(str(place), Money(amount, currency), on) for place, (amount, currency, on) in enumerate(given_lines)
    ]
    closing = close(PERIOD, lines, RULES, DOLLARS)
    parts: list[Draft | Carried] = [*closing.drafts, *closing.carried]
    taken = [key for part in parts for key in part.lines]
    assert sorted(taken) == sorted(line.key for line in lines if line.earned_on <= cut_off(PERIOD))
    amounts = {line.key: line.amount.amount for line in lines}
    for part in parts:
        assert part.total.amount == sum(amounts[key] for key in part.lines)
    assert all(
        draft.total.amount >= minimum(draft.total.currency, cut_off(PERIOD), RULES, DOLLARS).amount
        for draft in closing.drafts
    )


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 11, 4), "2026-09"),
        (date(2026, 11, 5), "2026-10"),
        (date(2026, 12, 4), "2026-10"),
        (date(2027, 1, 5), "2026-12"),
        (date(2027, 1, 1), "2026-11"),
    ],
)
def test_a_month_is_due_on_the_fifth_of_the_next(today: date, due: str) -> None:
    assert due_period(today, RULES) == due


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    late = StatementRules(31, 30, 30, Money(Decimal(50), "EUR"))
    assert due_period(date(2027, 2, 28), late) == "2027-01"
    assert due_period(date(2027, 2, 27), late) == "2026-12"


@pytest.mark.parametrize(("period", "last"), [("2026-10", date(2026, 10, 31)), ("2028-02", date(2028, 2, 29))])
def test_a_period_ends_with_its_month(period: str, last: date) -> None:
    assert cut_off(period) == last


@pytest.mark.parametrize("wrong", ["2026-13", "2026-1", "October", "", "2026-10-01", "2026/10", "0000-01"])
def test_what_is_no_month_is_refused_with_how_one_looks(wrong: str) -> None:
    with pytest.raises(PeriodError, match="2026-10"):
        cut_off(wrong)


def test_periods_follow_each_other_over_the_year() -> None:
    assert next_period("2026-12") == "2027-01"
    assert number_of("2026-12", "EUR", "EUR") == "S-2026-12"
