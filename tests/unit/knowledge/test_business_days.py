"""Business days are the vendor's own: its week, its holidays, its clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.business_days import (
    add_business_days,
    business_deadline,
    business_share,
    decide_by,
    extended_until,
    is_business_day,
    protected_until,
    vendors_day,
)
from knowledge.program import Program

_ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "UTC")
_moments = st.integers(0, 6 * 365 * 86_400).map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (datetime(2026, 11, 26, 10, tzinfo=UTC), date(2026, 11, 30)),  # Thursday to Monday
        (datetime(2026, 11, 27, 10, tzinfo=UTC), date(2026, 12, 1)),  # Friday to Tuesday
        (datetime(2026, 11, 28, 10, tzinfo=UTC), date(2026, 12, 2)),  # Saturday counts as Monday
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), date(2026, 12, 2)),  # Sunday, 23:59 in Brussels
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), date(2026, 12, 2)),  # already Monday in Brussels
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), date(2026, 12, 1)),  # already Friday in Brussels
        (datetime(2026, 12, 24, 12, tzinfo=UTC), date(2026, 12, 29)),  # over Christmas
        (datetime(2026, 7, 20, 12, tzinfo=UTC), date(2026, 7, 23)),  # over Belgium's national day
    ],
)
def test_a_registration_is_answered_within_two_business_days(
    program: Program, received: datetime, expected: date
) -> None:
    assert decide_by(received, program.deal_rules, program.vendor) == expected


def test_a_time_without_a_zone_is_refused(program: Program) -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide_by(datetime(2026, 11, 26, 10), program.deal_rules, program.vendor)  # noqa: DTZ001


def test_weekends_and_holidays_are_no_business_days(program: Program) -> None:
    assert not is_business_day(date(2026, 11, 28), program.vendor)
    assert not is_business_day(date(2026, 11, 11), program.vendor)
    assert is_business_day(date(2026, 11, 12), program.vendor)
    assert add_business_days(date(2026, 11, 10), 1, program.vendor) == date(2026, 11, 12)


def test_protection_and_its_extension_end_on_their_last_day(program: Program) -> None:
    assert protected_until(date(2026, 11, 18), program.deal_rules) == date(2027, 2, 16)
    assert extended_until(date(2027, 2, 16), program.deal_rules) == date(2027, 4, 17)


@pytest.mark.parametrize(
    ("start", "deadline"),
    [
        ("2026-11-26T10:00+00:00", "2026-12-01T00:00+01:00"),  # Thursday: Friday and Monday are left
        ("2026-11-28T10:00+00:00", "2026-12-03T00:00+01:00"),  # Saturday counts as Monday
        ("2026-03-27T10:00+00:00", "2026-04-01T00:00+02:00"),  # over the night in which clocks are put on
    ],
)
def test_a_deadline_is_the_end_of_the_second_business_day_by_the_vendors_clock(
    program: Program, start: str, deadline: str
) -> None:
    found = business_deadline(datetime.fromisoformat(start), 2, program.vendor)
    assert found == datetime.fromisoformat(deadline)
    assert found.tzinfo == ZoneInfo(program.vendor.time_zone)


@pytest.mark.parametrize(
    ("start", "percent", "expected"),
    [
        ("2026-11-23T23:00+00:00", 75, "2026-11-26T06:00+01:00"),  # of three whole days, the last quarter is 18 hours
        ("2026-11-26T11:00+00:00", 50, "2026-11-27T18:00+01:00"),  # 12 + 24 + 24 hours over a weekend: 30 of 60
        ("2026-11-26T11:00+00:00", 75, "2026-11-30T09:00+01:00"),  # 45 of 60: nine hours into Monday
        ("2026-11-28T11:00+00:00", 0, "2026-11-30T00:00+01:00"),  # a weekend is no time
        ("2026-11-26T11:00+00:00", 100, "2026-12-01T00:00+01:00"),
    ],
)
def test_a_share_of_the_time_leaves_out_what_is_no_business_day(
    program: Program, start: str, percent: int, expected: str
) -> None:
    begun = datetime.fromisoformat(start)
    end = business_deadline(begun, 2, program.vendor)
    assert business_share(begun, end, percent, program.vendor) == datetime.fromisoformat(expected)


def test_where_no_business_time_lies_between_the_share_is_the_end(program: Program) -> None:
    saturday, sunday = datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 29, 10, tzinfo=UTC)
    assert business_share(saturday, sunday, 75, program.vendor) == sunday


@given(start=_moments, days=st.integers(0, 12), zone=st.sampled_from(_ZONES))
def test_a_deadline_ends_the_day_that_was_promised(program: Program, start: datetime, days: int, zone: str) -> None:
    vendor = replace(program.vendor, time_zone=zone)
    rules = replace(program.deal_rules, decision_business_days=days)
    deadline = business_deadline(start, days, vendor)
    last = vendors_day(deadline.astimezone(UTC) - timedelta(seconds=1), vendor)
    assert deadline.astimezone(UTC) > start
    assert last == decide_by(start, rules, vendor)
    assert is_business_day(last, vendor)
    assert vendors_day(deadline, vendor) == last + timedelta(days=1)


@given(
    start=_moments,
    length=st.timedeltas(timedelta(0), timedelta(days=20)),
    percents=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
    zone=st.sampled_from(_ZONES),
)
def test_shares_lie_in_order_between_start_and_end(
    program: Program, start: datetime, length: timedelta, percents: list[int], zone: str
) -> None:
    vendor = replace(program.vendor, time_zone=zone)
    lower, upper = (business_share(start, start + length, p, vendor).astimezone(UTC) for p in percents)
    assert start <= lower <= upper <= start + length
