"""When a digest is due: the latest moment that has come, so that weeks and months that were missed count as one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.rules import DigestRules
from knowledge.business_days import next_business_day, vendors_day
from knowledge.program import Vendor

_WEEK = timedelta(weeks=1)
_LOOKED_BACK = 6  # weeks: longer than any holidays
_MORNING = time(9)


def latest_week(now: datetime, rules: DigestRules, vendor: Vendor) -> date | None:
    """The day of the managers' digest that fell due last; one that is no business day passes it on to the next.

    `now` is aware. None where the digest is off.
    """
    if rules.weekday is None:
        return None
    today = vendors_day(now, vendor)
    monday = today - timedelta(days=today.weekday())
    weeks = (monday + timedelta(days=rules.weekday) - _WEEK * back for back in range(_LOOKED_BACK))
    days = (next_business_day(day, vendor) for day in weeks)
    return next((day for day in days if _at(day, rules.at, vendor) <= now), None)


def latest_month(now: datetime, rules: DigestRules, vendor: Vendor) -> str:
    """The month, such as "2026-12", whose partners' digest fell due last; at nine by the vendor's clock."""
    today = vendors_day(now, vendor)
    month = today.replace(day=1)
    while True:
        due = next_business_day(month.replace(day=rules.partners_day), vendor)
        if _at(due, _MORNING, vendor) <= now:
            return f"{month:%Y-%m}"
        month = (month - timedelta(days=1)).replace(day=1)


def _at(day: date, clock: time, vendor: Vendor) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(vendor.time_zone))
