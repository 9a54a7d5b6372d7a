"""When digests fall due: on their day by the vendor's clock, after a holiday, and once for what was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.digests.rules import DigestRules, rules_of
from bot.digests.when import latest_month, latest_week
from tests.builders import program

_VENDOR = program().vendor
_MONDAYS = DigestRules(partners_day=5)


def _at(day: str, clock: str = "10:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(_VENDOR.time_zone))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (_at("2026-11-30", "08:00"), "2026-11-30"),
        (_at("2026-11-30", "07:59"), "2026-11-23"),
        (_at("2026-12-06"), "2026-11-30"),
        (_at("2027-03-29", "23:00"), "2027-03-22"),  # Easter Monday
        (_at("2027-03-30", "08:00"), "2027-03-30"),
    ],
    ids=["on the minute", "a minute before", "on Sunday", "on a holiday", "the day after it"],
)
def test_the_weeks_digest_is_due_on_monday_at_eight_or_on_the_next_business_day(now: datetime, due: str) -> None:
    assert latest_week(now, _MONDAYS, _VENDOR) == date.fromisoformat(due)


def test_another_day_and_time_may_be_set_and_none_at_all() -> None:
    rules = rules_of("wednesday", "16:30", 60, "asked", 5)
    assert latest_week(_at("2026-12-02", "16:29"), rules, _VENDOR) == date(2026, 11, 25)
    assert latest_week(_at("2026-12-02", "16:30"), rules, _VENDOR) == date(2026, 12, 2)
    assert latest_week(_at("2026-12-02"), rules_of("off", "08:00", 60, "asked", 5), _VENDOR) is None


@pytest.mark.parametrize(
    ("now", "month"),
    [("2026-12-04", "2026-11"), ("2026-12-06", "2026-11"), ("2026-12-07", "2026-12"), ("2027-01-01", "2026-12")],
    ids=["before its day", "on a Saturday", "the Monday after", "on New Year's Day"],
)
def test_the_months_overview_is_due_on_its_day_or_the_business_day_after(now: str, month: str) -> None:
    assert latest_month(_at(now), replace(_MONDAYS), _VENDOR) == month
