"""What a clock on a wall shows as a moment: a day and a time in somebody's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def on_the_wall(local: datetime, zone: ZoneInfo) -> datetime | None:
    """`local` (naive) in that zone; None for a time that the clocks skip there. Of a time that they show twice it is
    the first.
    """
    at = local.replace(tzinfo=zone)
    return at if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local else None
