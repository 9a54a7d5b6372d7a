"""Registrations by week, as they stood at the end of a day in the vendor's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.storage import registrations
from bot.storage.database import Database
from bot.storage.registration_weeks import Standing, by_week, total
from crm.records import RegistrationState
from tests.builders import registration

ZONE = ZoneInfo("Europe/Brussels")
THURSDAY = date(2026, 11, 26)
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


async def kept(storage: Database, number: int, **facts: Any) -> None:
    made = registration(number=f"D-{number}", **({"state": RegistrationState.SUBMITTED} | facts))
    async with storage.begin() as connection:
        await registrations.adopt(connection, made)


async def counts(storage: Database, weeks: int = 8) -> dict[date, dict[Standing, int]]:
    async with storage.begin() as connection:
        found = await by_week(connection, THURSDAY, ZONE, weeks)
    return {week.first: dict(week.counts) for week in found if week.counts}


async def test_each_counts_in_the_week_it_was_handed_in_by_how_it_stands(storage: Database) -> None:
    due, earlier = date(2026, 11, 25), date(2026, 11, 18)
    await kept(storage, 1, submitted_at=at(MONDAY), decide_by=due, decided_at=at(due), state=RegistrationState.APPROVED)
    await kept(storage, 2, submitted_at=at(MONDAY), decide_by=due, decided_at=at(THURSDAY))
    await kept(storage, 3, submitted_at=at(MONDAY), decide_by=due)
    await kept(storage, 4, submitted_at=at(MONDAY), decide_by=date(2026, 11, 27))
    await kept(storage, 5, submitted_at=at(earlier), decide_by=None, decided_at=None)
    assert await counts(storage) == {
        MONDAY: {Standing.IN_TIME: 1, Standing.LATE: 1, Standing.OVERDUE: 1, Standing.WAITING: 1},
        date(2026, 11, 16): {Standing.WAITING: 1},
    }


async def test_what_happened_after_that_day_is_left_out(storage: Database) -> None:
    friday = date(2026, 11, 27)
    await kept(storage, 1, submitted_at=at(friday))
    await kept(storage, 2, submitted_at=at(MONDAY), decide_by=friday, decided_at=at(friday))
    assert await counts(storage) == {MONDAY: {Standing.WAITING: 1}}


async def test_a_day_is_the_vendors(storage: Database) -> None:
    await kept(storage, 1, submitted_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC), decide_by=None)
    assert list(await counts(storage)) == [MONDAY]


async def test_what_was_never_handed_in_or_taken_back_undecided_is_not_counted(storage: Database) -> None:
    await kept(storage, 1, submitted_at=None, state=RegistrationState.DRAFT)
    await kept(storage, 2, submitted_at=at(MONDAY), decided_at=None, state=RegistrationState.WITHDRAWN)
    await kept(storage, 3, submitted_at=at(date(2026, 8, 3)))
    assert await counts(storage) == {}


async def test_there_is_a_week_for_each_even_where_nothing_came(storage: Database) -> None:
    async with storage.begin() as connection:
        found = await by_week(connection, THURSDAY, ZONE, 3)
    assert [week.first for week in found] == [date(2026, 11, 9), date(2026, 11, 16), MONDAY]
    assert total(found) == 0
