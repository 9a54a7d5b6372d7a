"""What the clock asks for is done by a worker: the month's run, its documents, and the word to the partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.storage import instance
from bot.storage.queue import STATEMENT_RUN
from crm.money import Money
from crm.records import Payment
from tests.unit.bot.payouts.books import won
from tests.unit.bot.worker.assembled import Assembled, assembled


@pytest.mark.slow
async def test_a_month_that_is_due_ends_as_a_statement_in_the_partners_mail(database: str) -> None:
    async with assembled(database) as house:
        await house.crm.save_deal(won("h-1", "p-1"))
        await house.crm.save_payment(Payment("m-1", "h-1", "p-1", Money(Decimal(6000), "EUR"), date(2026, 10, 12)))
        await _last_run(house, "2026-09")
        await house.jobs.housekeeping("payouts")
        house.worker.start()
        await house.worked("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
        await house.worked("select count(*) from outbox where state = 'pending'")
        await house.worker.stop()

        assert await house.value("select number || ' ' || state from statements") == "S-2026-10 issued"
        assert await house.value("select count(*) from statement_lines where live") == 1
        mailed = "select count(*) from outbox where destination = 'mail' and payload ->> 'to' = :to"
        assert await house.value(mailed, to="sara@brightpath.example") == 1
        assert await house.value(mailed, to="finance@lumora.example") == 1
        async with house.database.reading() as connection:
            done = await instance.get(connection, "statements_until")
        assert done is not None
        assert done >= "2026-10"


@pytest.mark.slow
async def test_a_run_that_is_asked_for_twice_issues_once(database: str) -> None:
    async with assembled(database) as house:
        await house.crm.save_deal(won("h-1", "p-1"))
        await house.crm.save_payment(Payment("m-1", "h-1", "p-1", Money(Decimal(6000), "EUR"), date(2026, 10, 12)))
        await house.queue.nudge(STATEMENT_RUN, "first", period="2026-10")
        await house.queue.nudge(STATEMENT_RUN, "second", period="2026-10")
        house.worker.start()
        await house.worked("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
        await house.worker.stop()
        assert await house.value("select count(*) from statements") == 1


async def _last_run(house: Assembled, period: str) -> None:
    """As if the clock had run that month before."""
    async with house.database.begin() as connection:
        await instance.put(connection, "statements_until", period)
