"""Months of service: how long a period is, which part of it lies in which span, and part of a month by its days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

YEAR = 12
_DAY = timedelta(days=1)
_LAST_YEAR = 9000  # terms and periods that begin by then end before the calendar does


def is_near(day: date) -> bool:
    """Whether months can be counted on from that day; one beyond is a slip of the pen."""
    return day.year <= _LAST_YEAR


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    years, month = divmod(start.month - 1 + months, YEAR)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to before `end`; 0 where `end` comes first."""
    months = (end.year - start.year) * YEAR + end.month - start.month
    if months > 0 and months_after(start, months) > end:
        months -= 1
    return max(months, 0)


def length(start: date, end: date) -> Decimal:
    """Months from `start` to `end`, both inclusive: whole ones, and days by those of the month that they begin in."""
    after = end + _DAY
    if after <= start:
        return Decimal(0)
    months = months_between(start, after)
    begun = months_after(start, months)
    rest = (after - begun).days
    return Decimal(months) if not rest else months + Decimal(rest) / monthrange(begun.year, begun.month)[1]


def days_used(start: date, end: date) -> tuple[int, int]:
    """Days from `start` to `end`, both inclusive and in one month, and the days of that month."""
    return (end - start).days + 1, monthrange(start.year, start.month)[1]


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def by_spans(
    amount: Decimal, start: date, end: date, anchor: date, months: int = YEAR
) -> tuple[tuple[int, date, Decimal], ...]:
    """`amount` for a service period, as (number, first day, part) by spans of so many months since `anchor`.

    The first span has number 1, and what lies before `anchor` counts to it. The parts sum up to the amount.
    """
    number = months_between(anchor, start) // months + 1
    first, cuts = start, list[tuple[int, date, date]]()
    while (following := months_after(anchor, number * months)) <= end:
        cuts.append((number, first, following - _DAY))
        first, number = following, number + 1
    if not cuts:
        return ((number, start, amount),)
    cuts.append((number, first, end))
    return _shared(amount, cuts)


def _shared(amount: Decimal, cuts: list[tuple[int, date, date]]) -> tuple[tuple[int, date, Decimal], ...]:
    """By the length of each cut; the last one takes what remains, so that nothing is lost."""
    lengths = [length(first, last) for _, first, last in cuts]
    whole, left, parts = sum(lengths), amount, list[tuple[int, date, Decimal]]()
    for (number, first, _), months in zip(cuts[:-1], lengths[:-1], strict=True):
        part = amount * months / whole
        left -= part
        parts.append((number, first, part))
    parts.append((cuts[-1][0], cuts[-1][1], left))
    return tuple(parts)
