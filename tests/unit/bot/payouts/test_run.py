"""A statement run takes every earned line once, whatever is repeated, interrupted, or late."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.payouts.run_report import RunReport
from bot.storage.database import Database
from bot.vocabulary.results import Done, NotDone
from crm.money import Money
from knowledge.commission.statement import LineState, StatementState, WhyCarried
from tests.builders import euro
from tests.unit.bot.payouts.books import NOOR, Books, partners, won

_ROWS = ("commission_lines", "statements", "statement_lines", "tasks", "ledger", "procrastinate_jobs", "timers")


async def test_what_was_earned_in_the_month_goes_on_a_statement_in_one_step_with_its_documents(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", on=date(2026, 10, 31))
    report = await books.close()
    assert [(i.number, i.total.amount, i.lines, i.late) for i in report.issued] == [
        ("S-2026-10", Decimal("1800.00"), 2, 0)
    ]
    (statement,) = await books.statements()
    assert statement.state is StatementState.ISSUED
    assert statement.versions == ("referral-2026@2026.1",)
    assert (statement.cut_off, statement.disputable_until) == (date(2026, 10, 31), date(2026, 12, 5))
    assert await books.documents() == [(statement.id, 1)]
    assert await books.standing() == {
        "m-1": ("900.00", LineState.ON_STATEMENT, "S-2026-10"),
        "m-2": ("900.00", LineState.ON_STATEMENT, "S-2026-10"),
    }


async def test_partners_have_statements_of_their_own_under_the_same_number(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", "8000", deal_id="h-2", partner_id="p-2")
    report = await books.close()
    assert [(p.partner, [i.total.amount for i in p.issued]) for p in report.partners] == [
        ("Brightpath", [Decimal("900.00")]),
        ("Harbour", [Decimal("1200.00")]),
    ]
    (one,), (other,) = await books.statements("p-1"), await books.statements("p-2")
    assert one.number == other.number
    assert one.id != other.id


async def test_what_came_after_the_month_is_posted_and_waits_for_the_next(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", on=date(2026, 11, 2))
    await books.close()
    assert (await books.standing())["m-2"] == ("900.00", LineState.EARNED, "")


async def test_running_again_changes_nothing(books: Books) -> None:
    await books.pay("m-1")
    await books.close()
    before = [await books.count(table) for table in _ROWS]
    again = await books.close()
    assert [await books.count(table) for table in _ROWS] == before
    assert not again.issued
    assert all(partner.nothing for partner in again.partners)


async def test_two_runs_at_once_issue_everything_once(books: Books) -> None:
    await books.enter(*partners(6), *(won(f"d-{100 + n}", f"q-{n}") for n in range(6)))
    for n in range(6):
        await books.pay(f"m-{n}", deal_id=f"d-{100 + n}", partner_id=f"q-{n}")
    reports = await asyncio.gather(*(books.close() for _ in range(3)))
    assert sum(len(report.issued) for report in reports) == 6
    assert await books.count("statements") == 6
    assert await books.count("statement_lines") == 6
    assert not any(report.faults for report in reports)


async def test_a_late_payment_of_a_closed_month_goes_on_the_next_statement(books: Books) -> None:
    await books.pay("m-1")
    await books.close()
    await books.pay("m-2", on=date(2026, 10, 20))
    again = await books.close()
    (brightpath, _) = again.partners
    assert not brightpath.issued
    assert [(draft.total.amount, len(draft.lines)) for draft in brightpath.waiting] == [(Decimal("900.00"), 1)]
    books.now += timedelta(days=30)
    report = await books.close("2026-11")
    assert [(i.number, i.total.amount, i.late) for i in report.issued] == [("S-2026-11", Decimal("900.00"), 1)]


async def test_a_sum_below_the_minimum_is_carried_until_it_is_reached(books: Books) -> None:
    await books.pay("m-1", "333.26")
    report = await books.close()
    assert not report.issued
    (carried,) = report.partners[0].carried
    assert (carried.total.amount, carried.why) == (Decimal("49.99"), WhyCarried.BELOW_MINIMUM)
    assert (await books.standing())["m-1"][1] is LineState.EARNED
    await books.pay("m-2", "133.34", on=date(2026, 11, 9))
    books.now += timedelta(days=30)
    report = await books.close("2026-11")
    assert [(i.total.amount, i.lines, i.late) for i in report.issued] == [(Decimal("69.99"), 2, 1)]


async def test_a_refund_after_the_statement_is_carried_as_a_negative_balance(books: Books) -> None:
    await books.pay("m-1")
    await books.close()
    await books.pay("m-2", "-6000", on=date(2026, 11, 9), refunds="m-1")
    books.now += timedelta(days=30)
    report = await books.close("2026-11")
    (carried,) = report.partners[0].carried
    assert (carried.total.amount, carried.why) == (Decimal("-900.00"), WhyCarried.NEGATIVE)
    assert (await books.standing())["m-1"] == ("900.00", LineState.ON_STATEMENT, "S-2026-10")


async def test_a_dry_run_shows_the_same_figures_and_writes_nothing(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", "100", deal_id="h-2", partner_id="p-2")
    before, version = [await books.count(table) for table in _ROWS], await books.version()
    dry = await books.close(dry=True)
    assert [await books.count(table) for table in _ROWS] == before
    assert await books.version() == version
    real = await books.close()
    assert dry.dry
    assert dry.totals == real.totals
    assert [(p.partner, p.posted, p.carried) for p in dry.partners] == [
        (p.partner, p.posted, p.carried) for p in real.partners
    ]
    assert [(i.number, i.total, i.lines, i.late) for i in dry.issued] == [
        (i.number, i.total, i.lines, i.late) for i in real.issued
    ]


async def test_a_process_killed_in_the_middle_leaves_whole_partners_and_the_next_run_does_the_rest(
    books: Books, database: str
) -> None:
    await books.enter(*partners(6), *(won(f"d-{100 + n}", f"q-{n}") for n in range(6)))
    for n in range(6):
        await books.pay(f"m-{n}", deal_id=f"d-{100 + n}", partner_id=f"q-{n}")
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.bot.payouts.killed_run", database, books.now.isoformat()
    )
    assert await killed.wait() == -signal.SIGKILL
    done = await books.count("statements")
    assert 0 < done < 6
    assert await books.count("statement_lines") == await books.count("commission_lines") == done
    assert len(await books.documents()) == done
    report = await books.close()
    assert len(report.issued) == 6 - done
    for table in ("statements", "statement_lines", "commission_lines"):
        assert await books.count(table) == 6
    assert len({statement_id for statement_id, _ in await books.documents()}) == 6


async def test_a_crash_in_the_middle_leaves_whole_partners_and_running_again_does_the_rest(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", deal_id="h-2", partner_id="p-2")
    await books.close(partner_id="p-1")
    async with _dying(books.storage, "p-2"):
        report = await books.close()
        assert [p.partner_id for p in report.faults] == ["p-2"]
        assert await books.lines("p-2") == ()
        assert await books.statements("p-2") == ()
    assert [i.total.amount for i in (await books.close()).issued] == [Decimal("900.00")]
    assert await books.count("statements") == 2


async def test_one_partner_beyond_computing_stops_nobody_else_and_a_manager_hears_of_it_once(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", deal_id="h-2", partner_id="p-2")
    async with _dying(books.storage, "p-1"):
        for _ in range(2):
            report = await books.close()
    assert [p.partner_id for p in report.faults] == ["p-1"]
    assert len(await books.statements("p-2")) == 1
    (task,) = await books.tasks()
    assert "no statement for 2026-10 could be made for partner p-1" in task


async def test_it_looks_at_the_crm_first_and_does_nothing_while_that_is_away(books: Books) -> None:
    await books.pay("m-1")
    books.crm_away = True
    no = await books.run("2026-10")
    assert isinstance(no, NotDone)
    assert "the CRM does not answer" in no.text
    assert await books.count("statements") == 0
    books.crm_away = False
    await books.close()
    assert books.refreshed == 1


@pytest.mark.parametrize(("period", "why"), [("2026-11", "not over"), ("2027-01", "not over"), ("10/2026", "no month")])
async def test_a_month_that_cannot_be_closed_is_refused_with_what_would_help(
    books: Books, period: str, why: str
) -> None:
    no = await books.run(period)
    assert isinstance(no, NotDone)
    assert why in no.text
    assert no.fix


async def test_progress_is_told_up_to_the_last_partner(books: Books) -> None:
    seen: list[tuple[int, int]] = []
    await books.close(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


async def test_the_partners_version_moves_so_that_an_answer_under_way_starts_again(books: Books) -> None:
    await books.pay("m-1")
    before = await books.version()
    await books.close()
    assert await books.version() > before


async def test_what_was_earned_before_the_first_day_of_statements_was_settled_elsewhere(books: Books) -> None:
    rules = books.programs.versions[0].statements
    assert rules is not None
    books.rules = replace(rules, earned_from=date(2026, 10, 15))
    await books.pay("m-1", "3000.10", on=date(2026, 9, 30))
    await books.pay("m-2", "3000.10", on=date(2026, 10, 15))
    dry = await books.close(dry=True)
    report = await books.close()
    assert [str(i.total.amount) for i in report.issued] == [str(i.total.amount) for i in dry.issued] == ["450.01"]
    assert await books.standing() == {
        "m-1": ("450.02", LineState.VOID, ""),
        "m-2": ("450.01", LineState.ON_STATEMENT, "S-2026-10"),
    }


async def test_currencies_are_apart_and_each_has_its_own_fate(books: Books) -> None:
    await books.enter(won("h-9", "p-1", amount=_usd(24_000)))
    await books.rate("USD", "0.9")
    await books.pay("m-1", "100")
    await books.pay("m-9", deal_id="h-9", currency="USD")
    report = await books.close()
    assert [(i.number, str(i.total.amount)) for i in report.issued] == [("S-2026-10-USD", "900.00")]
    assert [c.total.currency for c in report.partners[0].carried] == ["EUR"]


def _figures(report: RunReport) -> list[object]:
    return [
        (p.partner, p.posted, p.carried, [(i.number, i.total, i.lines, i.late) for i in p.issued])
        for p in report.partners
    ]


def _usd(amount: int) -> Money:
    return Money(Decimal(amount), "USD")


@asynccontextmanager
async def _dying(storage: Database, partner_id: str) -> AsyncIterator[None]:
    """The database breaks off whoever writes a statement of this partner, at the end of its transaction."""
    function = f"""
        create function broken() returns trigger language plpgsql as $$ begin
            if new.partner_id = '{partner_id}' then raise exception 'torn off'; end if; return new;
        end $$
    """
    made = (
        "create constraint trigger torn after insert on statements deferrable initially deferred"
        " for each row execute function broken()"
    )
    async with storage.begin() as connection:
        await connection.execute(text(function))
        await connection.execute(text(made))
    yield
    async with storage.begin() as connection:
        await connection.execute(text("drop trigger torn on statements"))
        await connection.execute(text("drop function broken"))


async def test_a_deal_that_changes_hands_is_not_paid_for_twice(books: Books) -> None:
    statement = await books.issued()
    moved = won("h-1", "p-2")
    await books.enter(moved)
    await books.pay("m-1", partner_id="p-2")
    await books.pay("m-2", on=date(2026, 11, 9), partner_id="p-2")
    books.now += timedelta(days=30)
    await books.close("2026-11")
    assert await books.statements("p-2") == ()
    assert any("another partner earned commission for it" in task for task in await books.tasks())
    (old,) = await books.lines()
    done = await books.disputes.adjust(old.line.key, NOOR, euro("0"), "The deal is Harbour's")
    assert isinstance(done, Done), done
    books.now += timedelta(days=31)
    await books.close("2026-12")
    assert [one.line.amount for one in await books.lines("p-2")] == [euro("900.00"), euro("900.00")]
    assert statement.total == euro("900.00")
