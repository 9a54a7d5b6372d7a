"""Registrations by the week in which they were handed in, and how they stood at the end of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import registrations
from crm.records import RegistrationState

_NEVER_DECIDED = (RegistrationState.DRAFT, RegistrationState.WITHDRAWN)
"""What is left out while nobody has decided it: it was not handed in, or taken back."""


class Standing(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class WeekCount:
    """`first` is the week's Monday in the vendor's zone."""

    first: date
    counts: Counter[Standing]


async def by_week(connection: AsyncConnection, last: date, zone: ZoneInfo, weeks: int = 8) -> tuple[WeekCount, ...]:
    """The weeks up to the one of `last`, the oldest first, as things stood at the end of that day."""
    monday = last - timedelta(days=last.weekday())
    firsts = [monday - timedelta(weeks=ago) for ago in reversed(range(weeks))]
    counted = {first: Counter[Standing]() for first in firsts}
    since = datetime.combine(firsts[0], datetime.min.time(), zone)
    doc = registrations.c.doc
    query = select(
        registrations.c.state, registrations.c.decide_by, doc["submitted_at"].astext.label("submitted"),
        doc["decided_at"].astext.label("decided"),
    ).where(registrations.c.changed_at >= since, doc["submitted_at"].astext.is_not(None))  # fmt: skip
    for row in (await connection.execute(query)).all():
        handed_in, decided = _day(row.submitted, zone), _day(row.decided, zone)
        first = handed_in - timedelta(days=handed_in.weekday()) if handed_in else None
        if first not in counted or handed_in is None or handed_in > last:
            continue
        if decided is None and row.state in _NEVER_DECIDED:
            continue
        counted[first][_standing(decided, row.decide_by, last)] += 1
    return tuple(WeekCount(first, counts) for first, counts in counted.items())


def _standing(decided: date | None, decide_by: date | None, last: date) -> Standing:
    if decided is not None and decided <= last:
        return Standing.LATE if decide_by is not None and decided > decide_by else Standing.IN_TIME
    return Standing.OVERDUE if decide_by is not None and decide_by <= last else Standing.WAITING


def _day(moment: str | None, zone: ZoneInfo) -> date | None:
    return datetime.fromisoformat(moment).astimezone(zone).date() if moment else None


def total(weeks: Sequence[WeekCount]) -> int:
    return sum(week.counts.total() for week in weeks)
