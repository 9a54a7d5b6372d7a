"""A question about money reads the exchange rates that its account may ask for, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.storage import accounts, mirror, rates
from bot.storage.database import Database
from crm.money import Money
from crm.records import Stage
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.program import Program
from knowledge.programs import Programs
from tests.builders import deal, partner, payment, program

TODAY = date(2026, 11, 27)
FIRST = date(2026, 2, 9)
LONG_AGO = date(2019, 1, 1)


async def read(storage: Database, *currencies: str, held: Program | None = None) -> RateTable:
    """The rates that are read for a partner with one deal in each of these currencies."""
    made = [
        replace(
            deal(), id=f"d-{currency}", created_on=FIRST, stage=Stage.WON, won_on=FIRST,
            amount=Money(Decimal(900), currency),
        )
        for currency in currencies
    ]  # fmt: skip
    paid = [payment(id=f"pay-{d.id}", deal_id=d.id, amount=d.amount, received_on=FIRST) for d in made]
    kept = [
        ExchangeRate(currency, day, Decimal("0.9"), "bank")
        for currency in ("USD", "GBP", "CHF")
        for day in (LONG_AGO, FIRST, TODAY - timedelta(days=1))
    ]
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(), *made, *paid])
        await rates.store(connection, kept)
        found = await accounts.money(connection, partner().id, Programs((held or program(),)), TODAY)
    assert found is not None
    return found.rates


def known(table: RateTable, currency: str) -> list[date]:
    return [day for day in (LONG_AGO, FIRST, TODAY) if table.on(currency, day)]


async def test_a_currency_of_the_account_is_read_since_it_was_first_in_it(storage: Database) -> None:
    found = await read(storage, "EUR", "USD")
    assert known(found, "USD") == [FIRST, TODAY]
    assert known(found, "GBP") == [TODAY]


@pytest.mark.parametrize("currencies", [(), ("EUR",)])
async def test_any_currency_may_be_asked_about_today(storage: Database, currencies: tuple[str, ...]) -> None:
    found = await read(storage, *currencies)
    assert [known(found, currency) for currency in ("USD", "GBP", "CHF")] == [[TODAY]] * 3


async def test_a_currency_that_a_plan_pays_in_is_read_as_far_back_as_the_accounts_money(storage: Database) -> None:
    plans = tuple(
        replace(plan, elements=tuple(element.model_copy(update={"pays": "CHF"}) for element in plan.elements))
        for plan in program().plans
    )
    found = await read(storage, "EUR", held=replace(program(), plans=plans))
    assert known(found, "CHF") == [FIRST, TODAY]
    assert known(found, "USD") == [TODAY]
