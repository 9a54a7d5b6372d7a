"""Lines are posted once and come back exactly; the database holds each on one live statement at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import lines, statements
from bot.storage.database import Database
from bot.storage.statements import StatementFile
from crm.money import Money
from knowledge.commission.statement import LineState, StatementState
from tests.builders import NOW
from tests.unit.bot.payouts.made import line, statement

END = date(2026, 10, 31)


async def test_a_line_comes_back_exactly_with_every_decimal_of_its_derivation(storage: Database) -> None:
    hostile = line(customer="Acme | “GmbH” \u202e, {}", rate=None, amount="-0.10", reverses="k-0")
    async with storage.begin() as connection:
        assert await lines.insert_new(connection, [line("k-0"), hostile]) == 2
        found = await lines.stated(connection, "p-1")
    assert [one.line for one in found] == [line("k-0"), hostile]
    (step,) = [one for one in found[0].line.steps if one.name == "rate"]
    assert step.result == Decimal("0.15")
    assert isinstance(step.values["rate"], Decimal)
    assert step.inputs == {"plan": "Referral"}


async def test_a_line_whose_customer_no_database_takes_is_posted_all_the_same(storage: Database) -> None:
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line(customer="A\0cme \ud800")])
        (found,) = await lines.stated(connection, "p-1")
    assert found.line.customer == "A\ufffdcme \ufffd"


async def test_the_same_key_again_changes_nothing(storage: Database) -> None:
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("k-1", "900.00")])
        assert await lines.insert_new(connection, [line("k-1", "1.00"), line("k-2", "2.00")]) == 1
        posted = await lines.posted(connection, "p-1")
    assert [(one.key, one.amount.amount) for one in posted] == [("k-1", Decimal("900.00")), ("k-2", Decimal("2.00"))]


async def test_many_lines_are_posted_in_their_order(storage: Database) -> None:
    many = [line(f"k-{place}") for place in range(4_500)]
    async with storage.begin() as connection:
        assert await lines.insert_new(connection, many) == 4_500
        assert [one.key for one in await lines.posted(connection, "p-1")] == [one.key for one in many]


async def test_free_are_earned_lines_up_to_the_day_on_no_live_statement_and_nobody_elses(storage: Database) -> None:
    late = line("late", earned_on=date(2024, 1, 31))
    held, after = line("held"), line("after", earned_on=date(2026, 11, 1))
    bound, foreign = line("bound"), line("foreign", partner_id="p-2")
    async with storage.begin() as connection:
        await lines.insert_new(connection, [bound, late, held, after, foreign, line("free")])
        await lines.set_state(connection, "held", LineState.EARNED, LineState.DISPUTED)
        assert await statements.issue(connection, statement(bound))
        free = await lines.free(connection, "p-1", END)
    assert [(one.key, one.version) for one in free] == [
        ("late", "referral-2026@2026.1"),
        ("free", "referral-2026@2026.1"),
    ]


async def test_where_a_line_stands_follows_from_its_live_statement(storage: Database) -> None:
    made = statement(line("on"))
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("on"), line("free")])
        await statements.issue(connection, made)
        assert await _standing(connection) == {
            "on": (LineState.ON_STATEMENT, "S-2026-10"),
            "free": (LineState.EARNED, ""),
        }
        await statements.save(connection, replace(made, state=StatementState.PAID))
        assert (await _standing(connection))["on"] == (LineState.PAID, "S-2026-10")


async def _standing(connection: AsyncConnection) -> dict[str, tuple[LineState, str]]:
    return {one.line.key: (one.state, one.statement) for one in await lines.stated(connection, "p-1")}


async def test_a_void_statement_lets_its_lines_go(storage: Database) -> None:
    made = statement(line("on"))
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("on")])
        await statements.issue(connection, made)
        await statements.save(connection, replace(made, state=StatementState.VOID))
        assert [one.key for one in await lines.free(connection, "p-1", END)] == ["on"]
        again = statement(line("on"), number="S-2026-11", period="2026-11")
        assert await statements.issue(connection, again)


async def test_the_database_refuses_a_line_on_a_second_live_statement(storage: Database) -> None:
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("on")])
        await statements.issue(connection, statement(line("on")))
    with pytest.raises(IntegrityError):
        async with storage.begin() as connection:
            await statements.issue(connection, statement(line("on"), number="S-2026-11", period="2026-11"))
    async with storage.begin() as connection:
        assert [one.number for one in await statements.of_partner(connection, "p-1")] == ["S-2026-10"]


async def test_a_partner_has_one_statement_a_month_and_currency(storage: Database) -> None:
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("a"), line("b"), line("c", currency="USD")])
        assert await statements.issue(connection, statement(line("a")))
        assert not await statements.issue(connection, statement(line("b")))
        dollars = statement(number="S-2026-10-USD", total=Money(Decimal(900), "USD"), lines=("c",))
        assert await statements.issue(connection, dollars)
        assert await statements.currencies_of(connection, "p-1", "2026-10") == {"EUR", "USD"}
        assert [one.lines for one in await statements.of_partner(connection, "p-1")] == [("a",), ("c",)]


async def test_a_statement_comes_back_as_it_was_with_its_lines_in_order(storage: Database) -> None:
    made = statement(line("b"), line("a"), note="Bitte warten", before=StatementState.APPROVED, approved_at=NOW)
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("a"), line("b")])
        await statements.issue(connection, made)
        assert await statements.find(connection, made.id, lock=True) == made
        assert await statements.numbered(connection, "s-2026-10") == (made,)
        assert await statements.numbered(connection, "S-2026-10", "p-2") == ()
        await statements.take_off(connection, made.id, ["b"])
        found = await statements.find(connection, made.id)
    assert found is not None
    assert found.lines == ("a",)


async def test_a_document_that_was_sent_is_never_replaced(storage: Database) -> None:
    made = statement(line("a"))
    file = StatementFile(made.id, 1, "pdf", "S-2026-10.pdf", "00", b"first")
    async with storage.begin() as connection:
        await lines.insert_new(connection, [line("a")])
        await statements.issue(connection, made)
        await statements.keep_file(connection, file)
        await statements.keep_file(connection, replace(file, content=b"second"))
        assert await statements.files_of(connection, made.id) == (file,)
        revised = replace(file, revision=2, content=b"revised")
        await statements.keep_file(connection, revised)
        assert await statements.files_of(connection, made.id) == (revised,)
        assert await statements.files_of(connection, made.id, 1) == (file,)
