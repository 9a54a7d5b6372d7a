"""When a copy may go: at the time that was chosen, by the clock that was meant, and never while people rest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.vocabulary.announcing import Timing, Zone
from knowledge.program import Vendor
from knowledge.working_hours import Place, awake, shown_on


def planned(timing: Timing, now: datetime, place: Place, vendor: Vendor) -> datetime:
    """The moment (UTC) from which on a copy may go there: the chosen one, never before `now`, and with `keep_quiet` the
    first from then on at which people work. `now` is aware.

    An hour that clocks skip is the one after it; of an hour that comes twice the first one is meant.
    """
    chosen = now
    if timing.at is not None:
        chosen = shown_on(timing.at, place.zone if timing.zone is Zone.PARTNER else ZoneInfo(vendor.time_zone))
    start = max(chosen, now).astimezone(UTC)
    return awake(start, place, vendor) if timing.keep_quiet else start


def is_past(timing: Timing, now: datetime, places: Collection[Place], vendor: Vendor) -> bool:
    """Whether the chosen time is over wherever it is meant."""
    if timing.at is None:
        return False
    zones = {place.zone for place in places} if timing.zone is Zone.PARTNER else set()
    return all(shown_on(timing.at, zone) < now for zone in zones or {ZoneInfo(vendor.time_zone)})
