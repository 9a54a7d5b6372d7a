"""Business days of the vendor: Monday to Friday without its country's public holidays and its own closing days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import EntityLoader

from knowledge.program import DealRules, Vendor

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_business_day(day: date, vendor: Vendor) -> bool:
    if day.weekday() >= _SATURDAY or vendor.calendar.closed(day):
        return False
    return day not in _public_holidays(vendor.holidays, day.year)


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
    return add_business_days(vendors_day(received, vendor), rules.decision_business_days, vendor)


def business_deadline(start: datetime, days: int, vendor: Vendor) -> datetime:
    """The first moment after the business day that comes `days` after `start`, which is aware.

    What comes at the weekend or on a holiday counts as come when the next business day begins.
    """
    return end_of(add_business_days(vendors_day(start, vendor), days, vendor), vendor)


def business_share(start: datetime, end: datetime, percent: int, vendor: Vendor) -> datetime:
    """The moment at which `percent` of the business time between two aware moments is over.

    Business days count whole, from midnight to midnight; the night in which clocks are changed counts as long as it is.
    Where no business time lies between them it is `end`.
    """
    stretches = _business_stretches(start, end, vendor)
    left = sum((until - since for since, until in stretches), timedelta()) * percent / 100
    for since, until in stretches:
        if left <= until - since:
            return (since + left).astimezone(ZoneInfo(vendor.time_zone))
        left -= until - since
    return end.astimezone(ZoneInfo(vendor.time_zone))


def vendors_day(moment: datetime, vendor: Vendor) -> date:
    """The day it is then by the vendor's clock; ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZoneInfo(vendor.time_zone)).date()


def beginning_of(day: date, vendor: Vendor) -> datetime:
    """Its midnight by the vendor's clock; where clocks are put on at midnight, the first moment there is."""
    midnight = datetime.combine(day, time(), ZoneInfo(vendor.time_zone))
    return midnight.astimezone(UTC).astimezone(midnight.tzinfo)


def end_of(day: date, vendor: Vendor) -> datetime:
    """The first moment that is no longer this day by the vendor's clock."""
    return beginning_of(day + _DAY, vendor)


def protected_until(accepted_on: date, rules: DealRules) -> date:
    """The last protected day."""
    return accepted_on + timedelta(days=rules.protection_days)


def extended_until(protected: date, rules: DealRules) -> date:
    """The last protected day after the one extension: counted from the old end, not from the day it is granted."""
    return protected + timedelta(days=rules.extension_days)


def _business_stretches(start: datetime, end: datetime, vendor: Vendor) -> list[tuple[datetime, datetime]]:
    """Business time between two moments, day by day, in UTC: differences within a zone with a summer time lie."""
    stretches = []
    day = vendors_day(start, vendor)
    while day <= vendors_day(end, vendor):
        since = max(start.astimezone(UTC), beginning_of(day, vendor).astimezone(UTC))
        until = min(end.astimezone(UTC), end_of(day, vendor).astimezone(UTC))
        if since < until and is_business_day(day, vendor):
            stretches.append((since, until))
        day += _DAY
    return stretches


def has_calendar(country: str) -> bool:
    """Whether the public holidays of an ISO country are known; asked of the registry, no calendar is loaded for it."""
    return country in EntityLoader.get_country_codes()


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
