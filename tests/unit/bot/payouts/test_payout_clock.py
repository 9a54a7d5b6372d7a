"""The clock runs a month on its day, once, catches up what it missed, and posts new lines every night."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.payouts.payout_clock import PayoutClock
from bot.payouts.posting import NightlyPosting
from bot.storage import parking
from bot.storage.queue import STATEMENT_RUN
from tests.unit.bot.payouts.books import BRUSSELS, Books


def clock(books: Books) -> PayoutClock:
    nightly = NightlyPosting(books.storage, books.programs, books.clock)
    return PayoutClock(books.storage, books.queue, books.programs, books.clock, books.run, nightly)


async def asked_for(books: Books) -> list[str]:
    return [str(job["period"]) for job in await books.jobs(STATEMENT_RUN)]


async def started(books: Books, at: datetime) -> None:
    books.now = at
    await clock(books)()


async def test_months_before_the_first_start_are_for_a_person_to_run(books: Books) -> None:
    await started(books, datetime(2026, 11, 27, 10, tzinfo=BRUSSELS))
    assert await asked_for(books) == []


async def test_on_the_fifth_by_the_vendors_clock_the_month_before_is_run(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    books.now = datetime(2026, 11, 4, 23, 59, tzinfo=BRUSSELS)
    await clock(books)()
    assert await asked_for(books) == []
    books.now = datetime(2026, 11, 4, 23, 0, tzinfo=BRUSSELS).astimezone() + timedelta(hours=1)
    await clock(books)()
    assert await asked_for(books) == ["2026-10"]


async def test_however_often_it_asks_one_run_waits_and_after_it_none(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    books.now = datetime(2026, 11, 6, 10, tzinfo=BRUSSELS)
    for _ in range(3):
        await clock(books)()
    assert await asked_for(books) == ["2026-10"]
    await books.pay("m-1")
    await clock(books).run_period("2026-10")
    assert len(await books.statements()) == 1
    await books.forget_jobs()
    await clock(books)()
    assert await asked_for(books) == []


async def test_a_run_that_died_is_asked_for_again(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    books.now = datetime(2026, 11, 5, 10, tzinfo=BRUSSELS)
    await clock(books)()
    await books.forget_jobs()
    await clock(books)()
    assert await asked_for(books) == ["2026-10"]


async def test_a_run_that_the_crm_did_not_let_happen_is_asked_for_again(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    books.now = datetime(2026, 11, 5, 10, tzinfo=BRUSSELS)
    books.crm_away = True
    await clock(books).run_period("2026-10")
    await clock(books)()
    assert await asked_for(books) == ["2026-10"]


async def test_months_that_were_missed_are_run_one_after_the_other(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    await books.pay("m-1")
    await books.pay("m-2", on=date(2026, 11, 12))
    books.now = datetime(2026, 12, 20, 10, tzinfo=BRUSSELS)
    for period in ("2026-10", "2026-11"):
        await clock(books)()
        assert await asked_for(books) == [period]
        await books.forget_jobs()
        await clock(books).run_period(period)
    await clock(books)()
    assert await asked_for(books) == []
    assert [one.number for one in await books.statements()] == ["S-2026-11", "S-2026-10"]


async def test_what_a_person_ran_before_is_not_issued_twice(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    await books.pay("m-1")
    await books.close()
    await clock(books).run_period("2026-10")
    assert len(await books.statements()) == 1


async def test_lines_are_posted_at_night_and_once(books: Books) -> None:
    await books.pay("m-1")
    books.now = datetime(2026, 10, 13, 1, tzinfo=BRUSSELS)
    nightly = NightlyPosting(books.storage, books.programs, books.clock)
    assert await nightly() == 0
    books.now = datetime(2026, 10, 13, 3, tzinfo=BRUSSELS)
    assert await nightly() == 1
    await books.pay("m-2", on=date(2026, 10, 13))
    assert await nightly() == 0
    assert len(await books.lines()) == 1


async def test_no_line_is_posted_from_an_old_copy_while_the_crm_is_away(books: Books) -> None:
    """A line never changes: it waits until the CRM is heard again, in the same night or after it."""
    await books.pay("m-1")
    books.now = datetime(2026, 10, 13, 3, tzinfo=BRUSSELS)
    nightly = NightlyPosting(books.storage, books.programs, books.clock)
    async with books.storage.begin() as connection:
        await parking.park(connection, parking.CRM_CHANGES, 60, "it does not answer")
    assert await nightly() == 0
    assert await books.lines() == ()
    async with books.storage.begin() as connection:
        await parking.unpark(connection, parking.CRM_CHANGES)
    assert await nightly() == 1
    assert len(await books.lines()) == 1


async def test_a_run_that_waited_for_the_crm_pays_by_what_that_says_by_then(books: Books) -> None:
    await started(books, datetime(2026, 11, 4, 10, tzinfo=BRUSSELS))
    books.now = datetime(2026, 11, 5, 10, tzinfo=BRUSSELS)
    await books.pay("m-1", "6000")
    books.crm_away = True
    await clock(books).run_period("2026-10")
    assert not await books.lines()
    assert not await books.statements()
    await books.pay("m-1", "4000")
    books.crm_away = False
    await clock(books).run_period("2026-10")
    [statement] = await books.statements()
    assert statement.total.amount == 600


async def test_the_next_night_looks_at_partners_with_changes_only(books: Books) -> None:
    await books.pay("m-1")
    books.now = datetime.now(BRUSSELS) + timedelta(days=1)
    books.now = books.now.replace(hour=3)
    nightly = NightlyPosting(books.storage, books.programs, books.clock)
    assert await nightly() == 1
    books.now += timedelta(days=1)
    assert await nightly() == 0
    await books.age("p-1", books.now)
    await books.pay("m-2")
    await books.age("p-1", books.now)
    books.now += timedelta(days=1)
    assert await nightly() == 1
    assert len(await books.lines()) == 2
