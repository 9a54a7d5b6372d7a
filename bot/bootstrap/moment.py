"""Now, and the vendor's date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from knowledge.program import Program


def now() -> datetime:
    return datetime.now(UTC)


def today(program: Program, clock: Callable[[], datetime] = now) -> date:
    """The vendor's date."""
    return clock().astimezone(ZoneInfo(program.vendor.time_zone)).date()
