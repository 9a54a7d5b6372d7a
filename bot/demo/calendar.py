"""Days counted from today: the quarters of a demo's history, and what of them is past."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_DAYS = 90  # of the shortest quarter


def quarter_start(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_starts(today: date, count: int) -> tuple[date, ...]:
    """The first days of the last `count` quarters, oldest first; the last is the running one."""
    starts = [quarter_start(today)]
    while len(starts) < count:
        starts.insert(0, quarter_start(starts[0] - timedelta(days=1)))
    return tuple(starts)


def in_quarter(start: date, day: int, today: date) -> date:
    """The `day`-th of 90 days of a quarter; the running quarter's are pressed together into its past part."""
    past = min((today - start).days, _DAYS)
    return start + timedelta(days=day * past // _DAYS)


def last_month(today: date) -> date:
    """The first day of the month before."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
