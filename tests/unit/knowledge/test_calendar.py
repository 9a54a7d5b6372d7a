"""Quarters follow the fiscal year, and a vendor may be closed on days of its own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.business_days import add_business_days, is_business_day
from knowledge.calendar import Calendar
from knowledge.program import Program

_DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
_MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("starts", "day", "year", "number", "start"),
    [
        (1, date(2026, 11, 27), 2026, 4, date(2026, 10, 1)),
        (1, date(2026, 1, 1), 2026, 1, date(2026, 1, 1)),
        (2, date(2026, 1, 31), 2026, 4, date(2025, 11, 1)),
        (2, date(2026, 2, 1), 2027, 1, date(2026, 2, 1)),
        (4, date(2026, 3, 31), 2026, 4, date(2026, 1, 1)),
        (12, date(2026, 12, 24), 2027, 1, date(2026, 12, 1)),
    ],
)
def test_quarters_run_from_the_month_in_which_the_fiscal_year_starts(
    starts: int, day: date, year: int, number: int, start: date
) -> None:
    quarter = Calendar(fiscal_year_starts=starts).quarter(day)
    assert (quarter.year, quarter.number, quarter.start) == (year, number, start)
    assert str(quarter) == f"{year}-Q{number}"


@given(_MONTHS, _DAYS)
def test_every_day_is_in_one_quarter_and_quarters_touch(starts: int, day: date) -> None:
    calendar = Calendar(fiscal_year_starts=starts)
    quarter = calendar.quarter(day)
    assert day in quarter
    assert (quarter.start.month - starts) % 3 == 0
    assert 89 <= (quarter.after - quarter.start).days <= 92
    following = calendar.quarter(quarter.after)
    assert following.start == quarter.after
    assert (following.year, following.number) == (
        (quarter.year, quarter.number + 1) if quarter.number < 4 else (quarter.year + 1, 1)
    )
    assert calendar.quarter(quarter.after - timedelta(days=1)) == quarter


def test_a_day_on_which_the_vendor_is_closed_is_no_business_day(program: Program) -> None:
    calendar = Calendar(closed_on=(date(2026, 12, 28),), closed_each_year=((12, 24),))
    vendor = replace(program.vendor, calendar=calendar)
    assert is_business_day(date(2026, 12, 24), program.vendor)
    assert not any(is_business_day(day, vendor) for day in (date(2026, 12, 24), date(2027, 12, 24), date(2026, 12, 28)))
    assert is_business_day(date(2027, 12, 28), vendor)
    # Friday the 25th is a holiday, and the weekend and Monday are closed.
    assert add_business_days(date(2026, 12, 23), 1, vendor) == date(2026, 12, 29)
