"""The vendor's year: when its quarters begin, and on which days it is closed beside the public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_MONTHS = 12
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the fiscal year: `number` 1 to 4 of the year that is named after the calendar year it ends in."""

    year: int
    number: int
    start: date
    after: date

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.after


@dataclass(frozen=True, slots=True)
class Calendar:
    """`fiscal_year_starts` is a month, 1 to 12; quarters of tiers and plans run from it. `closed_on` are days without
    business, for a company holiday; `closed_each_year` the same every year as (month, day).
    """

    fiscal_year_starts: int = 1
    closed_on: tuple[date, ...] = ()
    closed_each_year: tuple[tuple[int, int], ...] = ()

    def quarter(self, day: date) -> Quarter:
        """The quarter of that day."""
        months = (day.month - self.fiscal_year_starts) % _MONTHS
        first = _months(date(day.year, day.month, 1), -(months % _QUARTER))
        begun = _months(date(day.year, day.month, 1), -months)
        ends_in = _months(begun, _MONTHS - 1).year
        return Quarter(ends_in, months // _QUARTER + 1, first, _months(first, _QUARTER))

    def closed(self, day: date) -> bool:
        """Whether the vendor has named that day as one without business."""
        return day in self.closed_on or (day.month, day.day) in self.closed_each_year


def _months(first: date, count: int) -> date:
    """The first of the month that many months later."""
    months = first.year * _MONTHS + first.month - 1 + count
    return date(months // _MONTHS, months % _MONTHS + 1, 1)
