"""Whatever is earned, run, disputed, corrected and paid, in any order and at once: each line is paid once or waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.storage import tables
from bot.vocabulary.decisions import WithdrawDispute
from crm.money import Money
from knowledge.business_days import vendors_day
from knowledge.commission.account import Line
from knowledge.commission.closing import month_before
from knowledge.commission.statement import LineState, Statement, StatementState
from tests.builders import program
from tests.unit.bot.payouts.books import NOOR, RUN_DAY, Books

A_FEW = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example fills a database: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
acts = st.sampled_from(
    ("earn", "earn", "refund", "run", "run", "settle", "invoice", "approve", "pay", "dispute", "uphold", "correct",
     "withdraw", "block", "release", "cancel", "wait")
)  # fmt: skip
steps = st.lists(st.lists(st.tuples(acts, st.integers(0, 5)), min_size=1, max_size=3), min_size=3, max_size=10)


@dataclass
class Seen:
    """What was paid so far: lines with their amounts, statements with their sums. None of it may ever change."""

    lines: dict[str, Line] = field(default_factory=dict)
    sums: dict[str, Statement] = field(default_factory=dict)


@given(steps=steps)
@A_FEW
async def test_every_line_is_on_one_live_statement_at_most_and_what_is_paid_never_changes(
    books: Books, steps: list[list[tuple[str, int]]]
) -> None:
    await _clear(books)
    seen, number = Seen(), 0
    for at_once in steps:
        work: list[Awaitable[None]] = []
        for what, which in at_once:
            number += 1
            work.append(_act(books, what, which, number))
        await asyncio.gather(*work)
        await _check(books, seen)


async def _act(books: Books, what: str, which: int, number: int) -> None:
    today = vendors_day(books.now, program().vendor)
    match what:
        case "earn":
            await books.pay(f"m-{number}", str(100 + 700 * which), on=today - timedelta(days=7 * which))
        case "refund":
            await books.pay(f"m-{number}", str(-150 * (which + 1)), on=today)
        case "run":
            await books.close(month_before(today))
        case "wait":
            books.now += timedelta(days=9 * (which + 1))
        case "dispute" | "uphold" | "correct" | "withdraw":
            await _dispute(books, what, which)
        case _:
            if found := await books.statements():
                await _decide(books, what, found[which % len(found)], number)


async def _decide(books: Books, what: str, statement: Statement, number: int) -> object:
    match what:
        case "invoice":
            return await books.invoiced(statement, f"INV-{number}")
        case "settle":
            await books.invoiced(statement, f"INV-{number}")
            await books.desk.approve(statement.id, NOOR)
            return await _decide(books, "pay", statement, number)
        case "approve":
            return await books.desk.approve(statement.id, NOOR)
        case "pay":
            day = vendors_day(books.now, program().vendor)
            return await books.desk.pay(statement.id, NOOR, f"SEPA {number}", day)
        case "block":
            return await books.desk.block(statement.id, NOOR, "A question")
        case "release":
            return await books.desk.release(statement.id, NOOR)
        case _:
            return await books.desk.cancel(statement.id, NOOR, "A mistake")


async def _dispute(books: Books, what: str, which: int) -> object:
    if what == "dispute":
        with_lines = [one for one in await books.statements() if one.lines]
        if not with_lines:
            return None
        statement = with_lines[which % len(with_lines)]
        keys = (statement.lines[which % len(statement.lines)],)
        return await books.disputed_keys(statement, keys)
    found = await books.open_disputes()
    if not found:
        return None
    dispute = found[which % len(found)]
    match what:
        case "uphold":
            return await books.disputes.uphold(dispute.id, NOOR, "As agreed")
        case "correct":
            amount = Money(Decimal(100 * which), "EUR")
            return await books.disputes.correct(dispute.id, NOOR, amount, "As agreed")
        case _:
            return await books.steps_of(lambda steps: steps.withdraw_dispute(WithdrawDispute(dispute.id)))


async def _check(books: Books, seen: Seen) -> None:
    """What has to hold after each step."""
    posted = {one.line.key: one for one in await books.lines()}
    found = await books.statements()
    on_live = [key for one in found if one.state.live for key in one.lines]
    assert len(on_live) == len(set(on_live))
    assert not [one.number for one in found if not one.state.live and one.lines]
    for one in found:
        assert (
            one.total.amount == sum((posted[key].line.amount.amount for key in one.lines), Decimal(0)) or not one.lines
        )
        assert one.total.amount >= 50 or not one.lines
    paid = {key for one in found if one.state is StatementState.PAID for key in one.lines}
    waiting = {key for key, one in posted.items() if one.state in (LineState.EARNED, LineState.DISPUTED)}
    assert paid | (set(on_live) - paid) | waiting == set(posted)
    assert not waiting & set(on_live)
    _nothing_paid_changed(seen, {key: posted[key].line for key in paid}, found)


def _nothing_paid_changed(seen: Seen, paid: dict[str, Line], found: tuple[Statement, ...]) -> None:
    assert {key: paid.get(key) for key in seen.lines} == seen.lines
    now = {one.id: one for one in found if one.state is StatementState.PAID}
    assert {key: now.get(key) for key in seen.sums} == seen.sums
    seen.lines, seen.sums = paid, now


async def _clear(books: Books) -> None:
    """As if nothing had ever happened."""
    names = [table.name for table in tables.metadata.sorted_tables if table.name != "alembic_version"]
    async with books.storage.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))
        await connection.execute(text(f"truncate {', '.join(names)}, procrastinate_jobs cascade"))
    books.now = RUN_DAY
    await books.open()
