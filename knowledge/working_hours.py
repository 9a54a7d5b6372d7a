"""When people work: the hours, weekends and public holidays of a place, and the first moment at which one may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from knowledge.program import Vendor

_DAY = timedelta(days=1)
_LOOKED_AHEAD = 60  # days; no country rests longer
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: the clock there, and the ISO country whose weekends and public holidays are kept ("" for
    one that is not known: Saturdays, Sundays and no holidays).
    """

    zone: ZoneInfo
    country: str = ""


def place_of(time_zone: str, country: str, vendor: Vendor) -> Place:
    """Where a zone is not known, or not said, the vendor's clock counts."""
    return Place(_zone(time_zone) or ZoneInfo(vendor.time_zone), country.strip().upper())


def awake(moment: datetime, place: Place, vendor: Vendor) -> datetime:
    """`moment` (aware) itself where people work then, else the first after it at which they do, in UTC."""
    moment = moment.astimezone(UTC)
    quiet_from, quiet_until = vendor.quiet_from, vendor.quiet_until
    for _ in range(2 * _LOOKED_AHEAD):
        local = moment.astimezone(place.zone)
        ends = _rest_ends(local, place, quiet_from, quiet_until)
        if ends is None:
            return moment
        moment = _first_from(ends, moment, place.zone)
    return moment


def shown_on(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks in the zone show that time, for the first time where they do so twice."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_working_day(day: date, country: str) -> bool:
    """Neither of a weekend nor a public holiday there."""
    known = _calendar(country)
    if known is None:
        return day.weekday() not in _WEEKEND
    return day.weekday() not in known.weekend and day not in known.days(day.year)


def _rest_ends(local: datetime, place: Place, quiet_from: time, quiet_until: time) -> datetime | None:
    """What the clock there shows when the rest ends in which this moment falls; None where it is in none.

    A day off is looked at first as a whole, so that nobody is woken at its midnight.
    """
    if not is_working_day(local.date(), place.country):
        day = local.date()
        while not is_working_day(day, place.country) and (day - local.date()).days < _LOOKED_AHEAD:
            day += _DAY
        quiet_at_midnight = _quiet(time(), quiet_from, quiet_until)
        return datetime.combine(day, quiet_until if quiet_at_midnight else time())
    clock = local.time()
    if not _quiet(clock, quiet_from, quiet_until):
        return None
    over_midnight = quiet_from > quiet_until and clock >= quiet_from
    return datetime.combine(local.date() + (_DAY if over_midnight else timedelta()), quiet_until)


def _quiet(clock: time, quiet_from: time, quiet_until: time) -> bool:
    """The hours may lie across midnight; none at all where both ends are the same."""
    if quiet_from <= quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def _first_from(wall: datetime, moment: datetime, zone: ZoneInfo) -> datetime:
    """When clocks show it at or after `moment`: the second time where the first one is past."""
    first = shown_on(wall, zone)
    return first if first > moment else max(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment)


@dataclass(frozen=True, slots=True)
class _Calendar:
    country: str
    weekend: frozenset[int]

    def days(self, year: int) -> frozenset[date]:
        return _public_holidays(self.country, year)


@lru_cache(maxsize=512)
def _calendar(country: str) -> _Calendar | None:
    """None for a country whose calendar nobody knows."""
    try:
        known = holidays.country_holidays(country)
    except (NotImplementedError, KeyError, ValueError, AttributeError):
        return None
    return _Calendar(country, frozenset(known.weekend))


@lru_cache(maxsize=1024)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name.strip()) if name.strip() else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
