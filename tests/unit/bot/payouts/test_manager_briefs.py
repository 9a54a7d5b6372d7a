"""What managers read before they decide on a payout: every fact, what is in doubt, and what today's records say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk.briefing import Briefing
from bot.payouts.manager_briefs import ManagerBriefs
from bot.storage.tables import outbox
from bot.vocabulary.decisions import TakeInvoice
from bot.vocabulary.money import InvoiceRead
from crm.records import Partner
from knowledge.commission.statement import Statement
from tests.builders import euro
from tests.fakes.slack.contract import block_faults
from tests.unit.bot.payouts.books import FIRST, NOOR, Books, won

MANAGERS = "C0MANAGERS"


def asks(books: Books) -> ManagerBriefs:
    return ManagerBriefs(books.programs, Briefing("lumora.example", MANAGERS), books.clock)


async def sent(books: Books) -> tuple[dict[str, Any], dict[str, Any]]:
    """The latest mail and card."""
    async with books.storage.reading() as connection:
        rows = list(await connection.execute(select(outbox.c.destination, outbox.c.payload).order_by(outbox.c.seq)))
    by_way = {row.destination: dict(row.payload) for row in rows if row.payload.get("blocks") or row.payload.get("to")}
    assert block_faults(by_way["slack"]["blocks"]) == []
    return by_way["mail"], by_way["slack"]


async def approval(books: Books, statement: Statement, partner: Partner = FIRST) -> str:
    async with books.storage.begin() as connection:
        await asks(books).approval_wanted(connection, await books.statement(statement.id), partner)
    return str((await sent(books))[0]["text"])


async def dispute(books: Books, partner: Partner = FIRST, words: str = "Not right!") -> tuple[str, dict[str, Any]]:
    (made,) = await books.open_disputes()
    async with books.storage.begin() as connection:
        await asks(books).dispute_opened(connection, replace(made, words=words), partner)
    mail, card = await sent(books)
    return str(mail["text"]), card


async def test_an_invoice_that_fits_is_suggested_for_approval(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement, "INV-7")
    said = await approval(books, statement)
    for fact in ("waits for approval: EUR 900.00", "Invoice: INV-7", "Largest lines: Acme GmbH EUR 900.00"):
        assert fact in said
    assert "Suggested: approve. The invoice fits the statement to the cent" in said
    assert '"approve", "decline: reason", "postpone: reason" or "block: reason"' in said


async def test_what_does_not_go_together_is_shown_and_nothing_is_suggested(books: Books) -> None:
    statement = await books.issued()
    read = InvoiceRead(number="INV-7", net=statement.total, purchase_order="PO-9")
    await books.steps_of(lambda steps: steps.take_invoice(TakeInvoice("00", statement.id, read, matches=True)))
    said = await approval(books, statement, replace(FIRST, purchase_order="PO-1"))
    assert "To look at: it names the order PO-9, and the partner's is PO-1" in said
    assert "Suggested" not in said


async def test_what_the_rules_doubt_and_what_was_corrected_are_shown(books: Books) -> None:
    await books.enter(won("h-5", "p-1", products=("Lumora Quantum",)))
    await books.pay("m-5", deal_id="h-5")
    statement = await books.issued()
    (line,) = [one for one in await books.lines() if one.line.amount == euro("900.00")]
    await books.disputes.adjust(line.line.key, NOOR, euro("1000.00"), "seats")
    books.now += timedelta(days=30)
    await books.close("2026-11")
    latest = (await books.statements())[0]
    await books.invoiced(latest, "INV-8")
    said = await approval(books, latest)
    assert "In doubt: Brightpath: " in said
    assert "Lumora Quantum" in said
    assert "Corrected earlier lines: 2 line(s), EUR 100.00 together" in said
    assert "Suggested" not in said
    assert statement.id != latest.id


async def test_whoever_pays_reads_the_sum_with_its_tax(books: Books) -> None:
    statement = await books.issued()
    read = InvoiceRead(number="INV-7", issued_on=date(2026, 11, 9), net=euro(900), vat=euro(189), total=euro(1089))
    await books.steps_of(lambda steps: steps.take_invoice(TakeInvoice("00", statement.id, read, matches=True)))
    await books.desk.approve(statement.id, NOOR)
    async with books.storage.begin() as connection:
        found = await books.statement(statement.id)
        await asks(books).payment_due(connection, found, FIRST, overdue=True)
    mail, card = await sent(books)
    assert mail["subject"] == f"Overdue since {found.pay_by}: pay EUR 900.00 to Brightpath for S-2026-10"
    assert "To pay: EUR 1,089.00 as invoiced, EUR 900.00 net" in mail["text"]
    assert "Invoice: INV-7 of 2026-11-09" in mail["text"]
    assert "paid REFERENCE" in str(card["blocks"])


async def test_a_dispute_whose_records_stand_is_suggested_to_be_upheld(books: Books) -> None:
    await books.disputed(await books.issued(), "m-1")
    said, _ = await dispute(books, words="We expected EUR 1,200.00, not €900!")
    for fact in ("Sums it names: EUR 1,200.00, €900", "By today's records: the same sum", "Suggested: uphold"):
        assert fact in said
    assert "a payment of EUR 6,000.00 on 2026-10-12" in said
    assert '"uphold: reason" or "correct AMOUNT: reason"' in said


async def test_where_the_records_have_changed_the_manager_is_warned_of_paying_twice(books: Books) -> None:
    await books.disputed(await books.issued(), "m-1")
    await books.pay("m-1", "8000")
    said, _ = await dispute(books)
    assert "By today's records: EUR 1,200.00: the rules put EUR 300.00 on the next statement by themselves" in said
    assert "a correction would come on top" in said
    assert "Suggested" not in said


@pytest.mark.parametrize(
    "words", ["<!channel> approve & <https://x> " * 200, "x" * 20_000, "\n\nSuggested: correct.\n"]
)
async def test_whatever_a_partner_writes_makes_no_order_and_no_broken_card(books: Books, words: str) -> None:
    await books.disputed(await books.issued(), "m-1")
    said, card = await dispute(books, words=words)
    (suggested,) = [line for line in said.splitlines() if line.startswith("Suggested")]
    assert suggested.startswith("Suggested: uphold. Today's records come to the same sum.")
    assert "<!channel>" not in str(card["blocks"])


async def test_each_matter_is_put_once(books: Books) -> None:
    await books.disputed(await books.issued(), "m-1")
    for _ in range(3):
        await dispute(books)
    async with books.storage.reading() as connection:
        rows = await connection.scalars(select(outbox.c.kind).where(outbox.c.payload["to"].astext == NOOR))
        assert len(list(rows)) == 1
