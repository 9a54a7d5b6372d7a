"""A disputed line is held and the rest goes on; what comes of it is on the next statement, with its reason."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.vocabulary.decisions import WithdrawDispute
from bot.vocabulary.results import Done, NotDone
from crm.money import Money
from knowledge.commission.statement import LineState, Statement, StatementState
from tests.builders import euro
from tests.unit.bot.payouts.books import JONAS, NOOR, OF_SECOND, Books


async def test_the_named_line_is_held_and_the_rest_is_issued_again(books: Books) -> None:
    statement = await _two_lines(books)
    assert await books.disputed(statement, "m-2") == ""
    found = await books.statement(statement.id)
    assert (found.state, found.revision, found.total) == (StatementState.ISSUED, 2, euro("900.00"))
    assert found.disputable_until == statement.disputable_until
    assert await books.standing() == {
        "m-1": ("900.00", LineState.ON_STATEMENT, "S-2026-10"),
        "m-2": ("600.00", LineState.DISPUTED, ""),
    }
    assert await books.documents() == [(statement.id, 1), (statement.id, 2)]
    await books.fall_due()
    assert books.asked.matters == [("dispute", "Not right!")]


async def test_an_invoice_over_the_old_sum_is_asked_for_anew(books: Books) -> None:
    statement = await _two_lines(books)
    await books.invoiced(statement)
    await books.disputed(statement, "m-2")
    found = await books.statement(statement.id)
    assert (found.state, found.invoice_number, found.invoice_total) == (StatementState.ISSUED, "", None)
    await books.invoiced(found, "INV-8")
    assert (await books.statement(statement.id)).state is StatementState.INVOICE_RECEIVED


async def test_an_invoice_over_the_old_sum_never_waits_for_approval_of_the_new_one(books: Books) -> None:
    statement = await _two_lines(books)
    await books.disputed(statement, "m-2")
    assert "which is over EUR 900.00 now" in await books.invoiced(statement, "INV-8")
    assert (await books.statement(statement.id)).state is StatementState.ISSUED


async def test_a_blocked_statement_with_an_invoice_returns_to_asking_for_one(books: Books) -> None:
    statement = await _two_lines(books)
    await books.invoiced(statement)
    await books.desk.block(statement.id, NOOR, "A question is open")
    await books.disputed(statement, "m-2")
    await books.desk.release(statement.id, NOOR)
    assert (await books.statement(statement.id)).state is StatementState.ISSUED


async def test_a_statement_with_nothing_left_is_void_and_the_partner_hears_so(books: Books) -> None:
    statement = await books.issued()
    await books.disputed(statement, "m-1")
    assert (await books.statement(statement.id)).state is StatementState.VOID
    await books.fall_due()
    assert "We have withdrawn statement S-2026-10" in await books.said()
    assert await books.documents() == [(statement.id, 1)]


async def test_a_rest_that_would_not_be_paid_by_itself_comes_to_the_next_statement(books: Books) -> None:
    await books.pay("m-1")
    await books.pay("m-2", "200")
    await books.close()
    (statement,) = await books.statements()
    await books.disputed(statement, "m-1")
    assert (await books.statement(statement.id)).state is StatementState.VOID
    assert (await books.standing())["m-2"] == ("30.00", LineState.EARNED, "")


async def test_the_window_is_open_to_the_end_of_the_thirtieth_day_by_the_vendors_clock(books: Books) -> None:
    statement = await _two_lines(books)
    assert statement.disputable_until == date(2026, 12, 5)
    books.now = books.now.replace(month=12, day=5, hour=23, minute=59)
    assert await books.disputed(statement, "m-1") == ""
    books.now += timedelta(minutes=1)
    why = await books.disputed(await books.statement(statement.id), "m-2")
    assert "that was possible until 2026-12-05" in why
    assert (await books.standing())["m-2"][1] is LineState.ON_STATEMENT


async def test_a_line_of_an_approved_statement_goes_to_a_person(books: Books) -> None:
    statement = await _two_lines(books)
    await books.invoiced(statement)
    await books.desk.approve(statement.id, NOOR)
    assert "it is approved already" in await books.disputed(await books.statement(statement.id), "m-1")
    await books.desk.block(statement.id, NOOR, "A question is open")
    assert await books.disputed(await books.statement(statement.id), "m-1")
    assert (await books.standing())["m-1"][1] is LineState.ON_STATEMENT


async def test_only_lines_of_ones_own_statement_can_be_disputed(books: Books) -> None:
    statement = await _two_lines(books)
    assert await books.disputed(statement, "m-1", by=OF_SECOND)
    assert await books.disputed(statement, "nothing") != ""
    assert (await books.statement(statement.id)).revision == 1


async def test_upheld_the_line_is_on_the_next_statement_as_it_was(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    done = await books.disputes.uphold(dispute_id, NOOR, "The customer paid EUR 4,000 and not 5,000")
    assert isinstance(done, Done), done
    said = await books.said()
    assert "The line for Acme GmbH, €600.00, stays as it is." in said
    assert "The customer paid EUR 4,000 and not 5,000" in said
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert (issued.total, issued.lines, issued.late) == (euro("600.00"), 1, 1)


async def test_corrected_it_is_taken_back_and_entered_anew_on_the_next_statement(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    done = await books.disputes.correct(dispute_id, NOOR, euro("750.00"), "The discount was ours")
    assert isinstance(done, Done), done
    assert "corrected the line for Acme GmbH from €600.00 to €750.00" in await books.said()
    posted = await books.lines()
    original = next(one.line for one in posted if one.line.event == "m-2")
    assert [(one.line.amount, one.line.reverses) for one in posted[2:]] == [
        (euro("-600.00"), original.key),
        (euro("750.00"), original.key),
    ]
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert (issued.total, issued.lines) == (euro("750.00"), 3)


async def test_a_correction_stays_one_when_the_deal_goes_on(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    await books.disputes.correct(dispute_id, NOOR, euro("750.00"), "The discount was ours")
    await books.pay("m-3", "1000", on=date(2026, 11, 20))
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert issued.total == euro("900.00")


async def test_a_dispute_is_decided_once(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    results = await asyncio.gather(
        books.disputes.uphold(dispute_id, NOOR, "As agreed"),
        books.disputes.correct(dispute_id, NOOR, euro("1.00"), "As agreed"),
        books.disputes.uphold(dispute_id, NOOR, "As agreed"),
    )
    assert sum(isinstance(result, Done) for result in results) == 1
    assert any("already" in result.text for result in results if isinstance(result, NotDone))


async def test_taken_back_the_line_goes_on_as_it_was_and_managers_need_not_look(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    await books.steps_of(lambda steps: steps.withdraw_dispute(WithdrawDispute(dispute_id)), OF_SECOND)
    assert len(await books.open_disputes()) == 1
    await books.steps_of(lambda steps: steps.withdraw_dispute(WithdrawDispute(dispute_id)))
    assert await books.open_disputes() == ()
    assert (await books.standing())["m-2"] == ("600.00", LineState.EARNED, "")
    no = await books.disputes.uphold(dispute_id, NOOR, "As agreed")
    assert isinstance(no, NotDone)
    assert "withdrawn by sara@brightpath.example already" in no.text


async def test_while_it_is_open_its_line_goes_on_no_statement(books: Books) -> None:
    await _dispute(books, "m-2")
    books.now += timedelta(days=30)
    assert (await books.close("2026-11")).issued == ()
    assert len(await books.open_disputes()) == 1


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (euro("600.00"), "already"),
        (euro("600.005"), "smallest unit"),
        (Money(Decimal(700), "USD"), "in EUR"),
    ],
)
async def test_a_correction_that_makes_no_sense_is_refused(books: Books, amount: Money, why: str) -> None:
    dispute_id = await _dispute(books, "m-2")
    no = await books.disputes.correct(dispute_id, NOOR, amount, "As agreed")
    assert isinstance(no, NotDone)
    assert why in no.text
    assert len(await books.open_disputes()) == 1


async def test_only_managers_who_may_decide_it_and_never_without_a_reason(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    for by, reason in (("sara@brightpath.example", "I am right"), (JONAS, "As agreed"), (NOOR, "  ")):
        assert isinstance(await books.disputes.uphold(dispute_id, by, reason), NotDone)
    assert len(await books.open_disputes()) == 1


async def test_a_paid_line_is_corrected_by_new_lines_and_stays_as_it_is(books: Books) -> None:
    statement = await books.issued()
    await books.invoiced(statement)
    await books.desk.approve(statement.id, NOOR)
    await books.desk.pay(statement.id, NOOR, "SEPA 1", date(2026, 11, 5))
    (paid,) = await books.lines()
    done = await books.disputes.adjust(paid.line.key, NOOR, euro("1000.00"), "A seat was missing")
    assert isinstance(done, Done), done
    assert (await books.standing())["m-1"] == ("900.00", LineState.PAID, "S-2026-10")
    assert "from €900.00 to €1,000.00" in await books.said()
    assert isinstance(await books.disputes.adjust(paid.line.key, NOOR, euro("2000.00"), "Again"), NotDone)
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert issued.total == euro("100.00")


async def test_what_was_corrected_is_never_taken_back_again(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    await books.disputes.correct(dispute_id, NOOR, euro("750.00"), "The discount was ours")
    original, back, right = [one.line.key for one in await books.lines() if one.line.event != "m-1"]
    for key in (original, back):
        no = await books.disputes.adjust(key, NOOR, euro("700.00"), "Once more")
        assert isinstance(no, NotDone)
        assert "corrected already" in no.text
    assert isinstance(await books.disputes.adjust(right, NOOR, euro("700.00"), "Once more"), Done)
    books.now += timedelta(days=30)
    (issued,) = (await books.close("2026-11")).issued
    assert issued.total == euro("700.00")


async def test_a_settled_line_is_not_held_so_that_its_other_half_would_be_paid(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    await books.disputes.correct(dispute_id, NOOR, euro("750.00"), "The discount was ours")
    books.now += timedelta(days=30)
    await books.close("2026-11")
    later = (await books.statements())[0]
    original, back, right = [one.line.key for one in await books.lines() if one.line.event != "m-1"]
    for key in (original, back):
        assert "corrected already" in await books.disputed_keys(later, (key,))
    assert (await books.statement(later.id)).total == euro("750.00")
    assert await books.disputed_keys(later, (right,)) == ""
    assert (await books.statement(later.id)).state is StatementState.VOID  # nothing is left to be paid


async def test_a_line_that_was_adjusted_is_not_corrected_by_a_dispute_as_well(books: Books) -> None:
    dispute_id = await _dispute(books, "m-2")
    await books.disputes.uphold(dispute_id, NOOR, "As agreed")
    (line,) = [one.line for one in await books.lines() if one.line.event == "m-2"]
    books.now += timedelta(days=30)
    await books.close("2026-11")
    await books.disputed_keys((await books.statements())[0], (line.key,))
    (second,) = await books.open_disputes()
    assert isinstance(await books.disputes.adjust(line.key, NOOR, euro("1.00"), "As agreed"), NotDone)
    assert isinstance(await books.disputes.correct(second.id, NOOR, euro("650.00"), "Found it"), Done)
    assert isinstance(await books.disputes.adjust(line.key, NOOR, euro("1.00"), "As agreed"), NotDone)


async def _two_lines(books: Books) -> Statement:
    """The statement of October: EUR 900 for m-1 and EUR 600 for m-2."""
    await books.pay("m-1")
    await books.pay("m-2", "4000", on=date(2026, 10, 20))
    await books.close()
    return (await books.statements())[0]


async def _dispute(books: Books, event: str) -> str:
    """The id of a dispute about that line."""
    await books.disputed(await _two_lines(books), event)
    (dispute,) = await books.open_disputes()
    return dispute.id
