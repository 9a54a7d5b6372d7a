"""Stored exchange rates stay what they are, unless a person means to replace them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

from bot.storage import rates
from bot.storage.database import Database
from bot.storage.rates import Storing
from knowledge.commission.exchange import ExchangeRate

DAY = date(2026, 11, 26)
USD = ExchangeRate("USD", DAY, Decimal("0.9217"), "Ledger")
GBP = ExchangeRate("GBP", DAY, Decimal("1.20307988450"), "ECB: EUR 1 = 0.8312 GBP")
OTHER = ExchangeRate("USD", DAY, Decimal("0.95"), "Corrected")


async def store(storage: Database, *given: ExchangeRate, replace: bool = False) -> Storing:
    async with storage.begin() as connection:
        return await rates.store(connection, given, replace=replace)


async def test_a_rate_comes_back_exactly_with_its_source(storage: Database) -> None:
    assert await store(storage, USD, GBP) == Storing(2, 0)
    async with storage.begin() as connection:
        found = await rates.table(connection, "EUR")
    assert (found.on("USD", DAY), found.on("GBP", DAY)) == (USD, GBP)


async def test_storing_again_changes_nothing(storage: Database) -> None:
    await store(storage, USD)
    same_number = ExchangeRate("USD", DAY, Decimal("0.92170"), "Another source")
    assert await store(storage, same_number) == Storing(0, 1)
    async with storage.begin() as connection:
        assert await rates.latest(connection) == (USD,)


async def test_another_rate_of_a_stored_day_is_refused_with_everything_beside_it(storage: Database) -> None:
    await store(storage, USD)
    refused = await store(storage, GBP, OTHER)
    assert refused.refused
    assert [(one.kept, one.other) for one in refused.differing] == [(USD, OTHER)]
    async with storage.begin() as connection:
        assert await rates.latest(connection) == (USD,)


async def test_it_is_replaced_where_that_is_meant(storage: Database) -> None:
    await store(storage, USD)
    done = await store(storage, GBP, OTHER, replace=True)
    assert (done.added, done.refused, len(done.differing)) == (1, False, 1)
    async with storage.begin() as connection:
        assert await rates.latest(connection) == (GBP, OTHER)


async def test_many_years_are_stored_at_once_and_asked_for_in_part(storage: Database) -> None:
    many = [ExchangeRate("USD", DAY - timedelta(days=n), Decimal(n + 1) / 1000, "x") for n in range(6_000)]
    assert (await store(storage, *many, GBP)).added == 6_001
    async with storage.begin() as connection:
        some = await rates.table(connection, "EUR", DAY + timedelta(days=1), {"USD": DAY - timedelta(days=30)})
        newest = await rates.of_currency(connection, "USD", 3)
    assert some.on("USD", DAY) == many[0]
    assert some.on("USD", DAY - timedelta(days=40)) is None
    assert some.on("GBP", DAY) is None
    assert list(newest) == many[:3]


async def test_two_who_store_at_once_agree_on_one(storage: Database) -> None:
    ends = await asyncio.gather(store(storage, USD), store(storage, OTHER))
    assert sorted(end.refused for end in ends) == [False, True]
