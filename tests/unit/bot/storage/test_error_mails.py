"""An error is told to an address once in 24 hours, whatever is wrong with what it sends."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage import error_mails
from bot.storage.database import Database
from tests.builders import NOW


async def told(storage: Database, address: str, kind: str, hours: float = 0) -> bool:
    async with storage.begin() as connection:
        return await error_mails.claim(connection, address, kind, NOW + timedelta(hours=hours))


async def test_an_error_is_told_once_in_24_hours(storage: Database) -> None:
    assert await told(storage, "ann@verbeke.example", error_mails.SHUNTED)
    assert not await told(storage, "Ann@Verbeke.example", error_mails.SHUNTED, 23.9)
    assert await told(storage, "ann@verbeke.example", error_mails.SHUNTED, 24)
    assert not await told(storage, "ann@verbeke.example", error_mails.SHUNTED, 47)


async def test_each_address_and_each_class_counts_for_itself(storage: Database) -> None:
    assert await told(storage, "ann@verbeke.example", error_mails.SHUNTED)
    assert await told(storage, "ann@verbeke.example", error_mails.NOT_VERIFIED)
    assert await told(storage, "jan@verbeke.example", error_mails.SHUNTED)


async def test_of_several_at_once_one_is_told(storage: Database) -> None:
    asked = (told(storage, "ann@verbeke.example", error_mails.SHUNTED) for _ in range(8))
    assert sum(await asyncio.gather(*asked)) == 1


async def test_what_is_rolled_back_was_not_told(storage: Database) -> None:
    async with storage.begin() as connection:
        assert await error_mails.claim(connection, "ann@verbeke.example", error_mails.SHUNTED, NOW)
        await connection.rollback()
    assert await told(storage, "ann@verbeke.example", error_mails.SHUNTED)
