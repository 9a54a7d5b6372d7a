"""How old the mirror is: told only while the CRM has been away for longer than nobody need know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, update

from bot.storage import mirror, parking
from bot.storage.database import Database
from bot.storage.tables import parked


async def test_a_crm_that_answers_needs_no_age(storage: Database) -> None:
    async with storage.begin() as connection:
        await mirror.heard(connection)
        assert await mirror.as_of(connection) is None


async def test_one_that_has_just_gone_away_needs_none_yet_and_one_that_is_long_away_does(storage: Database) -> None:
    async with storage.begin() as connection:
        await mirror.heard(connection)
        await parking.park(connection, parking.CRM_CHANGES, 30, "down")
        assert await mirror.as_of(connection) is None
        await connection.execute(update(parked).values(since=func.now() - timedelta(minutes=6)))
        found = await mirror.as_of(connection)
        assert found is not None
        assert abs(found - datetime.now(UTC)) < timedelta(minutes=1)
        await parking.unpark(connection, parking.CRM_CHANGES)
        assert await mirror.as_of(connection) is None


async def test_what_else_is_away_is_no_matter(storage: Database) -> None:
    async with storage.begin() as connection:
        await mirror.heard(connection)
        await parking.park(connection, "mail", 30, "down")
        await connection.execute(update(parked).values(since=func.now() - timedelta(hours=6)))
        assert await mirror.as_of(connection) is None


async def test_a_cursor_moves_only_from_where_it_was_seen(storage: Database) -> None:
    async with storage.begin() as connection:
        assert await mirror.move_cursor(connection, "", "one")
        assert not await mirror.move_cursor(connection, "", "two")
        assert await mirror.move_cursor(connection, "one", "one")
        assert await mirror.cursor(connection) == "one"
