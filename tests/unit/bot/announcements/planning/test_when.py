"""When a copy may go: never before it was meant to, never while people rest, and no later than that asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.announcements.planning.when import is_past, planned
from bot.vocabulary.announcing import Timing, Zone
from knowledge.program import Vendor
from knowledge.working_hours import Place, awake, is_working_day, place_of, shown_on
from tests.builders import program

VENDOR = program().vendor
ZONES = (
    "Europe/Brussels", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "Africa/Cairo", "America/St_Johns", "Asia/Tehran", "UTC",
)  # fmt: skip
COUNTRIES = ("", "BE", "DE", "US", "EG", "AE", "NZ", "XX")
HOURS = ((time(19), time(8)), (time(0), time(7)), (time(12), time(14)), (time(22, 30), time(2, 30)), (time(), time()))

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
places = st.builds(Place, st.sampled_from(ZONES).map(ZoneInfo), st.sampled_from(COUNTRIES))
vendors = st.sampled_from(HOURS).map(lambda hours: replace(VENDOR, quiet_from=hours[0], quiet_until=hours[1]))


def rests(moment: datetime, place: Place, vendor: Vendor) -> bool:
    """Said in another way than the code says it."""
    local = moment.astimezone(place.zone)
    start, end, clock = vendor.quiet_from, vendor.quiet_until, local.time()
    quiet = start <= clock < end if start <= end else not end <= clock < start
    return quiet or not is_working_day(local.date(), place.country)


@settings(max_examples=150, deadline=None)
@given(moments, places, vendors)
def test_people_work_when_a_copy_goes_and_rested_until_then(moment: datetime, place: Place, vendor: Vendor) -> None:
    at = awake(moment, place, vendor)
    assert at >= moment
    assert not rests(at, place, vendor)
    step = timedelta(minutes=15)
    between = [moment + n * step for n in range(int((at - moment) / step))]
    assert all(rests(one, place, vendor) for one in between)
    if at > moment:
        assert rests(at - timedelta(seconds=1), place, vendor)


@settings(max_examples=100, deadline=None)
@given(moments, moments, places, vendors, st.sampled_from(Zone), st.booleans())
def test_no_copy_goes_before_its_time_or_before_now(
    chosen: datetime, now: datetime, place: Place, vendor: Vendor, zone: Zone, keep_quiet: bool
) -> None:
    wall = chosen.replace(tzinfo=None)
    at = planned(Timing(wall, zone, keep_quiet=keep_quiet), now, place, vendor)
    meant = shown_on(wall, place.zone if zone is Zone.PARTNER else ZoneInfo(vendor.time_zone))
    assert at >= max(meant, now)
    if not keep_quiet:
        assert at == max(meant, now)


def at(place: str, country: str, wall: str) -> str:
    """When something goes that is to go at that time of the partner's clock, as that clock shows it."""
    where = place_of(place, country, VENDOR)
    moment = shown_on(datetime.fromisoformat(wall), where.zone)
    return f"{awake(moment, where, VENDOR).astimezone(where.zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("place", "country", "wall", "goes"),
    [
        ("Europe/Brussels", "BE", "2026-11-27 18:59", "2026-11-27 18:59"),
        ("Europe/Brussels", "BE", "2026-11-26 19:00", "2026-11-27 08:00"),
        ("Europe/Brussels", "BE", "2026-11-27 19:00", "2026-11-30 08:00"),  # over the weekend
        ("Europe/Brussels", "BE", "2026-11-27 03:00", "2026-11-27 08:00"),
        ("Europe/Berlin", "DE", "2026-12-24 20:00", "2026-12-28 08:00"),  # two holidays and a weekend
        ("Europe/London", "GB", "2026-12-24 20:00", "2026-12-29 08:00"),  # a holiday made up for on Monday
        ("America/New_York", "US", "2026-11-26 10:00", "2026-11-27 08:00"),  # Thanksgiving
        ("Africa/Cairo", "EG", "2026-11-27 10:00", "2026-11-29 08:00"),  # Fridays and Saturdays
        ("Europe/Paris", "XX", "2026-12-25 10:00", "2026-12-25 10:00"),  # a country without a calendar
    ],
)
def test_rest_ends(place: str, country: str, wall: str, goes: str) -> None:
    assert at(place, country, wall) == goes


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Brussels", "2026-03-29 02:30", "2026-03-29 01:30"),  # skipped: it is half past three
        ("Europe/Brussels", "2026-10-25 02:30", "2026-10-25 00:30"),  # twice: the first one
        ("Asia/Kathmandu", "2026-11-27 09:00", "2026-11-27 03:15"),
    ],
)
def test_an_hour_that_clocks_skip_or_repeat(zone: str, wall: str, utc: str) -> None:
    assert f"{shown_on(datetime.fromisoformat(wall), ZoneInfo(zone)):%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe/", "x\0y"])
def test_an_unknown_zone_is_the_vendors(zone: str) -> None:
    assert place_of(zone, "", VENDOR).zone == ZoneInfo(VENDOR.time_zone)


def test_a_time_is_past_where_it_is_past_for_everybody() -> None:
    now = datetime(2026, 11, 27, 10, tzinfo=UTC)
    there = [place_of(zone, "", VENDOR) for zone in ("Pacific/Auckland", "America/New_York")]
    ten = Timing(datetime.fromisoformat("2026-11-27 10:00"), Zone.PARTNER)
    assert not is_past(ten, now, there, VENDOR)
    assert is_past(ten, now, there[:1], VENDOR)
    assert is_past(replace(ten, zone=Zone.VENDOR), now, there, VENDOR)
    assert not is_past(Timing(), now, there, VENDOR)


def test_working_days_are_those_of_the_country() -> None:
    assert not is_working_day(date(2026, 7, 14), "FR")
    assert is_working_day(date(2026, 7, 14), "DE")
    assert is_working_day(date(2026, 11, 29), "EG")
