"""Business days of the vendor: Monday to Friday without its country's public holidays, in its own time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from knowledge.program import DealRules, Vendor

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_business_day(day: date, vendor: Vendor) -> bool:
    return day.weekday() < _SATURDAY and day not in _public_holidays(vendor.holidays, day.year)


def next_business_day(day: date, vendor: Vendor) -> date:
    """`day` itself if it is one, else the first after it."""
    while not is_business_day(day, vendor):
        day += _DAY
    return day


def add_business_days(day: date, count: int, vendor: Vendor) -> date:
    """The business day that comes `count` business days after `day`, which counts from the next one if it is none."""
    day = next_business_day(day, vendor)
    for _ in range(count):
        day = next_business_day(day + _DAY, vendor)
    return day


def decide_by(received: datetime, rules: DealRules, vendor: Vendor) -> date:
    """The last day on which an answer is promised. `received` is aware.

    What comes at the weekend or on a holiday, by the vendor's clock, counts as come on the next business day.
    """
    if received.tzinfo is None:
        raise ValueError("received needs a time zone")
    return add_business_days(
        received.astimezone(ZoneInfo(vendor.time_zone)).date(), rules.decision_business_days, vendor
    )


def protected_until(accepted_on: date, rules: DealRules) -> date:
    """The last protected day."""
    return accepted_on + timedelta(days=rules.protection_days)


def extended_until(protected: date, rules: DealRules) -> date:
    """The last protected day after the one extension: counted from the old end, not from the day it is granted."""
    return protected + timedelta(days=rules.extension_days)


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
