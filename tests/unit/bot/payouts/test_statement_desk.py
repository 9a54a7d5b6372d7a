"""Managers take statements through their legal steps, each once; partners hear what concerns them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.payouts.statement_facts import facts_of
from bot.storage import outbox
from bot.storage.outbox import Destination
from bot.vocabulary.money import InvoiceRead
from bot.vocabulary.results import Done, NotDone
from knowledge.commission.statement import LineState, Shown, Statement, StatementState
from tests.builders import contact, euro
from tests.unit.bot.payouts.books import FIRST, JONAS, NOOR, OF_FIRST, OF_SECOND, Books

PAID_ON = date(2026, 11, 5)


async def test_an_invoice_that_fits_waits_for_approval_and_a_manager_is_asked_once(books: Books) -> None:
    statement = await books.issued()
    assert await books.invoiced(statement) == ""
    assert await books.fall_due() == 1
    assert await books.fall_due() == 0
    assert books.asked.matters == [("approve", "S-2026-10")]
    found = await books.statement(statement.id)
    assert (found.shown, found.invoice_number) == (Shown.PENDING_APPROVAL, "INV-7")


async def test_approved_it_is_paid_within_thirty_days_and_the_partner_hears_by_when(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement)
    done = await books.desk.approve(statement.id, NOOR)
    assert isinstance(done, Done), done
    found = await books.statement(statement.id)
    assert (found.state, found.pay_by) == (StatementState.APPROVED, date(2026, 12, 5))
    assert "We will pay your invoice by 5 December 2026" in await books.said()
    assert "statement_approved" in await books.to_crm()


async def test_paid_it_settles_its_lines_and_the_partner_hears_amount_and_reference(books: Books) -> None:
    statement = await _approved(books)
    done = await books.desk.pay(statement, NOOR, "  SEPA  4711 ", PAID_ON)
    assert isinstance(done, Done), done
    assert (await books.standing())["m-1"] == ("900.00", LineState.PAID, "S-2026-10")
    said = await books.said()
    assert "€900.00 net on 5 November 2026. Our payment reference is SEPA 4711." in said


async def test_each_step_happens_once_wherever_it_is_ordered(books: Books) -> None:
    statement = await _approved(books)
    before = len(await books.to_crm())
    results = await asyncio.gather(*(books.desk.pay(statement, NOOR, "SEPA 1", PAID_ON) for _ in range(4)))
    assert sum(isinstance(result, Done) for result in results) == 1
    assert all("paid already" in result.text for result in results if isinstance(result, NotDone))
    assert len(await books.to_crm()) == before + 1


async def test_of_two_statements_paid_under_one_reference_at_once_one_is_refused(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", deal_id="h-2", partner_id="p-2")
    await books.close()
    both = [(await books.statements(partner_id))[0] for partner_id in ("p-1", "p-2")]
    for statement, by in zip(both, (OF_FIRST, OF_SECOND), strict=True):
        await books.invoiced(statement, by=by)
        done = await books.desk.approve(statement.id, NOOR)
        assert isinstance(done, Done), done
    paid = await asyncio.gather(*(books.desk.pay(one.id, NOOR, "SEPA 4711", PAID_ON) for one in both))
    assert sorted(isinstance(one, Done) for one in paid) == [False, True]


async def test_what_is_paid_stays_paid(books: Books) -> None:
    statement = await _approved(books)
    await books.desk.pay(statement, NOOR, "SEPA 1", PAID_ON)
    for order in (
        books.desk.cancel(statement, NOOR, "wrong"),
        books.desk.block(statement, NOOR, "wrong"),
        books.desk.fail(statement, NOOR, "wrong"),
        books.desk.release(statement, NOOR),
        books.desk.approve(statement, NOOR),
    ):
        assert isinstance(await order, NotDone)
    assert (await books.statement(statement)).state is StatementState.PAID


async def test_a_reference_stands_for_one_statement_unless_it_is_shared(books: Books) -> None:
    first = await _approved(books)
    await books.pay("m-2", deal_id="h-2", partner_id="p-2")
    await books.close()
    (second,) = await books.statements("p-2")
    await books.invoiced(second, by=OF_SECOND)
    await books.desk.approve(second.id, NOOR)
    await books.desk.pay(first, NOOR, "SEPA 1", PAID_ON)
    no = await books.desk.pay(second.id, NOOR, "sepa 1", PAID_ON)
    assert isinstance(no, NotDone)
    assert "S-2026-10 of partner p-1 was paid under sepa 1 already" in no.text
    assert isinstance(await books.desk.pay(second.id, NOOR, "sepa 1", PAID_ON, shared=True), Done)


async def test_nothing_is_paid_without_a_reference_before_its_day_or_without_approval(books: Books) -> None:
    statement = await books.issued()
    assert isinstance(await books.desk.pay(statement.id, NOOR, "SEPA 1", PAID_ON), NotDone)
    no = await books.desk.approve(statement.id, NOOR)
    assert isinstance(no, NotDone)
    assert "waiting for the partner's invoice" in no.text
    await books.invoiced(statement)
    await books.desk.approve(statement.id, NOOR)
    assert isinstance(await books.desk.pay(statement.id, NOOR, "  ", PAID_ON), NotDone)
    assert isinstance(await books.desk.pay(statement.id, NOOR, "SEPA 1", PAID_ON + timedelta(days=1)), NotDone)
    assert (await books.statement(statement.id)).state is StatementState.APPROVED


@pytest.mark.parametrize("how", ["postpone", "block"])
async def test_what_is_stopped_returns_to_where_it_stood(books: Books, how: str) -> None:
    statement = await _approved(books)
    done = await getattr(books.desk, how)(statement, NOOR, "Your bank account is being checked")
    assert isinstance(done, Done), done
    stopped = await books.statement(statement)
    assert stopped.before is StatementState.APPROVED
    assert "Your bank account is being checked" in await books.said()
    assert isinstance(await books.desk.pay(statement, NOOR, "SEPA 1", PAID_ON), NotDone)
    assert isinstance(await books.desk.release(statement, NOOR), Done)
    released = await books.statement(statement)
    assert (released.state, released.before, released.note) == (StatementState.APPROVED, None, "")


async def test_an_invoice_that_comes_while_a_statement_is_stopped_counts_once_it_is_released(books: Books) -> None:
    statement = await books.issued()
    await books.desk.block(statement.id, NOOR, "A question is open")
    await books.invoiced(statement)
    assert (await books.statement(statement.id)).state is StatementState.BLOCKED
    await books.fall_due()
    assert books.asked.matters == []
    await books.desk.release(statement.id, NOOR)
    await books.fall_due()
    assert books.asked.matters == [("approve", "S-2026-10")]


async def test_a_declined_statement_comes_back_with_another_invoice(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement)
    await books.desk.decline(statement.id, NOOR, "The invoice lacks your VAT ID")
    assert "The invoice lacks your VAT ID" in await books.said()
    books.now += timedelta(hours=1)
    await books.invoiced(statement, "INV-8")
    found = await books.statement(statement.id)
    assert (found.state, found.invoice_number, found.note) == (StatementState.INVOICE_RECEIVED, "INV-8", "")
    assert isinstance(await books.desk.approve(statement.id, NOOR), Done)


async def test_a_payment_that_failed_can_be_made_again(books: Books) -> None:
    statement = await _approved(books)
    assert isinstance(await books.desk.schedule(statement, NOOR), Done)
    assert isinstance(await books.desk.fail(statement, NOOR, "The account is closed"), Done)
    assert (await books.statement(statement)).shown is Shown.FAILED
    assert isinstance(await books.desk.pay(statement, NOOR, "SEPA 2", PAID_ON), Done)


async def test_a_blocked_failed_payment_is_released_as_approved(books: Books) -> None:
    statement = await _approved(books)
    await books.desk.fail(statement, NOOR, "The account is closed")
    await books.desk.block(statement, NOOR, "We are asking the bank")
    await books.desk.release(statement, NOOR)
    assert (await books.statement(statement)).state is StatementState.APPROVED


async def test_the_lines_of_a_cancelled_statement_go_on_the_next(books: Books) -> None:
    statement = await books.issued()
    await books.desk.cancel(statement.id, NOOR, "It was for the wrong legal entity")
    assert (await books.standing())["m-1"] == ("900.00", LineState.EARNED, "")
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert (issued.number, issued.lines, issued.late) == ("S-2026-11", 1, 1)


async def test_an_invoice_that_came_another_way_is_entered_by_a_manager(books: Books) -> None:
    statement = await books.issued()
    assert isinstance(await books.desk.received(statement.id, NOOR, "INV-9"), Done)
    assert (await books.statement(statement.id)).invoice_number == "INV-9"
    assert isinstance(await books.desk.approve(statement.id, NOOR), Done)


async def test_only_managers_who_may_decide_about_that_sum_and_region_do(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement)
    for by in ("sara@brightpath.example", JONAS):
        no = await books.desk.approve(statement.id, by)
        assert isinstance(no, NotDone)
        assert no.fix
    assert (await books.statement(statement.id)).state is StatementState.INVOICE_RECEIVED


@pytest.mark.parametrize("wrong", ["", "S-2026-10", "00000000-0000-0000-0000-000000000000", "'; drop table statements"])
async def test_what_is_no_statement_is_told_so(books: Books, wrong: str) -> None:
    no = await books.desk.approve(wrong, NOOR)
    assert isinstance(no, NotDone)
    assert "no such statement" in no.text


async def test_a_stop_needs_a_reason(books: Books) -> None:
    statement = await books.issued()
    no = await books.desk.block(statement.id, NOOR, " \n ")
    assert isinstance(no, NotDone)
    assert (await books.statement(statement.id)).state is StatementState.ISSUED


async def test_the_partner_is_reminded_of_its_invoice_once_after_ten_days(books: Books) -> None:
    await books.issued()
    books.now += timedelta(days=9)
    assert await books.fall_due() == 0
    books.now += timedelta(days=1, hours=1)
    assert await books.fall_due() == 1
    assert "we have not received your invoice for statement S-2026-10 for €900.00 net yet" in await books.said()
    books.now += timedelta(days=30)
    assert await books.fall_due() == 0


async def test_whoever_has_sent_the_invoice_is_not_reminded_of_it(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement)
    books.now += timedelta(days=11)
    await books.fall_due()
    assert "not received your invoice" not in await books.said()


async def test_a_payment_is_asked_for_before_it_is_due_and_again_when_it_is_over(books: Books) -> None:
    statement = await _approved(books)
    books.asked.matters.clear()
    books.now += timedelta(days=27)
    await books.fall_due()
    assert books.asked.matters == [("pay", "S-2026-10")]
    books.now += timedelta(days=4)
    await books.fall_due()
    assert books.asked.matters == [("pay", "S-2026-10"), ("overdue", "S-2026-10")]
    assert (await books.statement(statement)).state is StatementState.APPROVED


async def test_a_paid_statement_is_asked_for_no_more(books: Books) -> None:
    statement = await _approved(books)
    books.asked.matters.clear()
    await books.desk.pay(statement, NOOR, "SEPA 1", PAID_ON)
    books.now += timedelta(days=60)
    await books.fall_due()
    assert books.asked.matters == []


@pytest.mark.parametrize(("number", "sha256"), [("INV-7", "f2"), ("inv 7", "f2"), ("INV-8", "f1")])
async def test_the_same_invoice_for_two_statements_goes_to_a_person(books: Books, number: str, sha256: str) -> None:
    statement = await books.issued()
    await books.sent(statement, InvoiceRead(number="INV-7", net=statement.total), "f1")
    await books.pay("m-2", on=date(2026, 11, 9))
    books.now += timedelta(days=30)
    await books.close("2026-11")
    second = (await books.statements())[0]
    why = await books.sent(second, InvoiceRead(number=number, net=second.total), sha256)
    assert f"the invoice {number} for S-2026-11 came for S-2026-10 before" in why
    assert any("came for S-2026-10 as well" in one for one in await _unlike(books, second))


@pytest.mark.parametrize(
    ("vat", "total", "why"),
    [
        ("171.00", "1071.00", ""),
        (None, None, ""),
        ("0", "900.00", ""),
        ("315.00", "1215.00", "VAT of EUR 315.00 is more than 27 %"),
        (None, "1215.00", "VAT of EUR 315.00 is more than 27 %"),
        ("171.00", "1215.00", "do not come to its total of EUR 1,215.00"),
    ],
)
async def test_tax_that_cannot_be_is_shown_to_who_approves(
    books: Books, vat: str | None, total: str | None, why: str
) -> None:
    statement = await books.issued()
    read = InvoiceRead(
        number="INV-7", net=statement.total, vat=euro(vat) if vat else None, total=euro(total) if total else None
    )
    await books.sent(statement, read)
    unlike = await _unlike(books, statement)
    assert len(unlike) == bool(why)
    assert all(why in one for one in unlike)


async def _unlike(books: Books, statement: Statement) -> tuple[str, ...]:
    async with books.storage.reading() as connection:
        now = await books.statement(statement.id)
        return (await facts_of(connection, now, FIRST)).unlike


async def test_a_colleague_without_the_right_who_wrote_in_the_thread_of_a_statement_is_told_no_sum(
    books: Books,
) -> None:
    statement = await books.issued()
    clerk = contact(id="c-9", partner_id="p-1", email="clerk@brightpath.example", main=False, rights=())
    await books.enter(clerk)
    await books.wrote_in_thread_of(statement, clerk)
    await books.invoiced(statement)
    await books.desk.approve(statement.id, NOOR)
    async with books.storage.reading() as connection:
        told = [row.payload["to"] for row in await outbox.due(connection, Destination.MAIL)]
    assert told == ["sara@brightpath.example"]


async def test_a_partner_invoices_its_own_statements_only(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement, by=OF_SECOND)
    assert (await books.statement(statement.id)).state is StatementState.ISSUED


async def _approved(books: Books) -> str:
    """The id of an approved statement."""
    statement = await books.issued()
    await books.invoiced(statement)
    await books.fall_due()
    done = await books.desk.approve(statement.id, NOOR)
    assert isinstance(done, Done), done
    return statement.id
