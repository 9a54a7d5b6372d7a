"""Managers on money: approved, paid, stopped and corrected where they are, once, and the partner hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from knowledge.commission.statement import StatementState
from tests.scenarios.deciding import JONAS, NOOR, U_COLLEAGUE, U_JONAS, U_NOOR, Office
from tests.scenarios.payday import Client, client
from tests.scenarios.relayed import words

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("managers on money")]

RECEIVED, APPROVED, PAID = StatementState.INVOICE_RECEIVED, StatementState.APPROVED, StatementState.PAID
WAITS = "waits for approval"


@pytest_asyncio.fixture(loop_scope="session")
async def invoiced(desk: Office) -> Client:
    """A partner whose invoice has come and fits."""
    made = await client(desk, "6000")
    await made.sends_invoice()
    return made


async def test_from_the_invoice_by_mail_to_the_payment(desk: Office) -> None:
    made = await client(desk, "6000")
    await made.sends_invoice("INV-2026-88")
    asked = await made.asked(WAITS, NOOR)
    for said in (words(asked.mail), str(asked.card["blocks"])):
        for fact in (made.partner.name, "EUR 900.00", "INV-2026-88", "VAT EUR 189.00", "Suggested: approve"):
            assert fact in said
    await desk.press(U_NOOR, asked)
    assert (await made.statement()).state is APPROVED
    assert "approved by Noor Haddad" in desk.card(asked)["text"]
    assert "has been approved" in await made.told()
    await desk.house.pass_time(timedelta(days=28))
    due = await made.asked("Pay EUR 900.00", NOOR)
    assert "EUR 1,089.00 as invoiced" in words(due.mail)
    await desk.mail(NOOR, "paid SEPA 4711-1", due)
    statement = await made.statement()
    assert (statement.state, statement.reference) == (PAID, "SEPA 4711-1")
    assert "under SEPA 4711-1, says Noor Haddad" in desk.told(NOOR, statement.number)[-1]
    assert "SEPA 4711-1" in await made.told()
    assert "actions" not in {block["type"] for block in desk.card(due)["blocks"]}


async def test_a_payment_asks_for_its_reference_and_takes_the_next_words_for_it(desk: Office) -> None:
    made = await client(desk, "6000")
    await made.sends_invoice()
    asked = await made.asked(WAITS, NOOR)
    await desk.says(U_NOOR, "approve", asked)
    await desk.house.pass_time(timedelta(days=32))
    due = await made.asked("Overdue since", NOOR)
    await desk.press(U_NOOR, due, "pay")
    assert "Reply here with the payment's reference" in desk.thread(due)[-1]
    await desk.says(U_COLLEAGUE, "Is it SEPA 99?", due)
    await desk.says(U_NOOR, "SEPA 4712-2 on 2026-11-20", due)
    statement = await made.statement()
    assert (statement.reference, str(statement.paid_on)) == ("SEPA 4712-2", "2026-11-20")


async def test_a_reference_stands_for_one_payment(desk: Office) -> None:
    first, second = await client(desk, "6000"), await client(desk, "6000")
    for made in (first, second):
        await made.sends_invoice(f"INV-{made.partner.id}")
        asked = await made.asked(WAITS, NOOR)
        await desk.mail(NOOR, "approve", asked)
        await desk.mail(NOOR, "paid: SEPA 5000-1", asked)
    assert (await first.statement()).state is PAID
    assert (await second.statement()).state is APPROVED
    assert "was paid under SEPA 5000-1 already" in desk.told(NOOR)[-1]


@pytest.mark.parametrize("text", ["paid", "bezahlt", "payé", "betaald", "pagado"])
async def test_paid_without_a_reference_pays_nothing(desk: Office, invoiced: Client, text: str) -> None:
    asked = await invoiced.asked(WAITS, NOOR)
    await desk.mail(NOOR, "genehmigt", asked)
    await desk.mail(NOOR, text, asked)
    assert (await invoiced.statement()).state is APPROVED
    assert "the payment's reference" in desk.told(NOOR)[-1]


async def test_what_is_declined_is_told_and_comes_back_with_another_invoice(desk: Office, invoiced: Client) -> None:
    asked = await invoiced.asked(WAITS, NOOR)
    await desk.press(U_NOOR, asked, "decline")
    await desk.says(U_NOOR, "Your VAT ID is missing on it.", asked)
    assert (await invoiced.statement()).state is StatementState.DECLINED
    assert "Your VAT ID is missing on it." in await invoiced.told()
    assert "declined by Noor Haddad" in desk.card(asked)["text"]
    await invoiced.sends_invoice("INV-2026-89")
    again = await invoiced.asked(WAITS, NOOR)
    assert again.button != asked.button
    await desk.press(U_NOOR, again)
    assert (await invoiced.statement()).state is APPROVED


async def test_a_blocked_statement_is_released_on_its_card(desk: Office, invoiced: Client) -> None:
    asked = await invoiced.asked(WAITS, NOOR)
    await desk.says(U_NOOR, "block: we check the bank details", asked)
    card = desk.card(asked)
    assert "blocked by Noor Haddad: we check the bank details" in str(card["blocks"])
    assert buttons(card) == ["Release", "Details …"]
    await desk.press(U_NOOR, asked, "release")
    assert (await invoiced.statement()).state is RECEIVED
    assert buttons(desk.card(asked)) == ["Approve", "Decline", "Postpone", "Block", "Details …"]
    await desk.press(U_NOOR, asked)
    assert (await invoiced.statement()).state is APPROVED


async def test_a_postponed_one_goes_on_by_a_word_in_the_same_mail(desk: Office, invoiced: Client) -> None:
    asked = await invoiced.asked(WAITS, NOOR)
    await desk.mail(NOOR, "verschieben: wir zahlen im Januar", asked)
    assert (await invoiced.statement()).state is StatementState.POSTPONED
    assert "wir zahlen im Januar" in await invoiced.told()
    await desk.mail(NOOR, "entsperren", asked)
    await desk.mail(NOOR, "goedgekeurd", asked)
    assert (await invoiced.statement()).state is APPROVED


async def test_a_number_typed_apart_needs_the_partners_name(desk: Office, invoiced: Client) -> None:
    other = await client(desk, "6000")
    statement = await invoiced.statement()
    await desk.mail(NOOR, f"approve {statement.number}")
    assert f"{statement.number} is a number of" in (told := desk.told(NOOR)[-1])
    assert 'name the partner: "approve' in told
    await desk.mail(NOOR, f"approve {statement.number} Millrace")
    await desk.mail(NOOR, f"approve {statement.number} {invoiced.partner.name} once the VAT is right")
    assert "no statement" in desk.told(NOOR)[-1]
    assert (await invoiced.statement()).state is RECEIVED
    await desk.mail(NOOR, f"approve {statement.number} {invoiced.partner.name}")
    await desk.mail(NOOR, f"paid {statement.number} {invoiced.partner.name}: SEPA 6000-{invoiced.partner.id}")
    assert (await invoiced.statement()).state is PAID
    assert (await other.statement()).state is StatementState.ISSUED


async def test_an_answer_that_names_another_partners_statement_decides_neither(desk: Office) -> None:
    one, other = await client(desk, "6000"), await client(desk, "6000")
    for made in (one, other):
        await made.sends_invoice(f"INV-{made.partner.id}")
    asked = await one.asked(WAITS, NOOR)
    await desk.mail(NOOR, f"approve {(await other.statement()).number} {other.partner.name}", asked)
    assert "so nothing was done" in desk.told(NOOR)[-1]
    assert {(await made.statement()).state for made in (one, other)} == {RECEIVED}


async def test_two_managers_at_once_act_once(desk: Office) -> None:
    made = await client(desk, "6000", region="DACH")
    await made.sends_invoice()
    asked = await made.asked(WAITS, NOOR)
    await asyncio.gather(
        desk.mail(NOOR, "approve", asked),
        desk.press(U_JONAS, asked, quiet=False),
        desk.press(U_NOOR, asked, quiet=False),
        desk.mail(JONAS, f"approve {(await made.statement()).number} {made.partner.name}"),
    )
    await desk.house.quiet()
    assert (await made.statement()).state is APPROVED
    assert (await made.told()).count("has been approved") == 1


async def test_two_managers_who_disagree_the_first_one_decides(desk: Office) -> None:
    made = await client(desk, "6000", region="DACH")
    await made.sends_invoice()
    asked = await made.asked(WAITS, NOOR)
    await asyncio.gather(desk.mail(NOOR, "approve", asked), desk.says(U_JONAS, "decline: too high", asked))
    await desk.house.quiet()
    state, told = (await made.statement()).state, await made.told()
    assert state in (APPROVED, StatementState.DECLINED)
    assert ("has been approved" in told) is (state is APPROVED)
    assert ("too high" in told) is (state is StatementState.DECLINED)
    second = desk.thread(asked)[-1] if state is APPROVED else desk.told(NOOR)[-1]
    assert state.value in second


async def test_beyond_his_limit_or_region_a_manager_is_told_who_may(desk: Office) -> None:
    large, elsewhere = await client(desk, "1000000", region="DACH"), await client(desk, "6000")
    for made, why in ((large, "decides up to EUR 100,000"), (elsewhere, "decides for DACH")):
        await made.sends_invoice(f"INV-{made.partner.id}")
        asked = await made.asked(WAITS, NOOR)
        await desk.press(U_JONAS, asked)
        assert why in (told := desk.thread(asked)[-1])
        assert "Noor Haddad may" in told
        await desk.mail(JONAS, f"approve {(await made.statement()).number} {made.partner.name}")
        assert why in desk.told(JONAS)[-1]
        assert (await made.statement()).state is RECEIVED


async def test_the_partner_itself_cannot_answer_for_a_manager(desk: Office, invoiced: Client) -> None:
    asked = await invoiced.asked(WAITS, NOOR)
    for text in ("approve", "> approve\n\nPlease see what Noor wrote above.", "paid SEPA 1"):
        await desk.mail(invoiced.contact.email, text, asked)
    await desk.mail(f"Noor Haddad <{invoiced.contact.email}>", "approve", asked)
    await desk.mail(NOOR, "approve", asked, proven=False)
    assert (await invoiced.statement()).state is RECEIVED
    assert "says Noor" not in await invoiced.told()


@pytest.mark.parametrize("act", ["approve", "pay", "drop table"])
async def test_a_forged_button_does_nothing(desk: Office, invoiced: Client, act: str) -> None:
    asked, statement = await invoiced.asked(WAITS, NOOR), await invoiced.statement()
    for value in (statement.id, statement.number, "0" * 32, "'; update statements set state = 'paid'"):
        await desk.press(U_NOOR, asked, act, value=value)
    await desk.press(U_COLLEAGUE, asked, act)
    assert await invoiced.statement() == statement


@pytest.mark.parametrize("act", ["uphold", "ask", "release"])
async def test_an_act_that_is_not_on_the_card_does_nothing(desk: Office, invoiced: Client, act: str) -> None:
    asked, statement = await invoiced.asked(WAITS, NOOR), await invoiced.statement()
    await desk.press(U_NOOR, asked, act)
    assert await invoiced.statement() == statement


async def test_invoices_that_do_not_fit_twice_reach_the_manager(desk: Office) -> None:
    made = await client(desk, "6000")
    await made.sends_invoice("INV-1", net="1000.00")
    assert made.briefs("needs you", NOOR) == []
    await made.sends_invoice("INV-2", net="950.00")
    asked = await made.asked("needs you", NOOR)
    said = "2 invoices for S-", "INV-1 over EUR 1,000.00", "INV-2 over EUR 950.00"
    assert all(one in words(asked.mail) for one in said)
    await made.sends_invoice("INV-3")
    assert "Invoices that did not fit: INV-1 EUR 1,000.00; INV-2 EUR 950.00" in words(
        (await made.asked(WAITS, NOOR)).mail
    )


def buttons(card: dict[str, object]) -> list[str]:
    blocks = card["blocks"]
    assert isinstance(blocks, list)
    return [str(b["text"]["text"]) for block in blocks if block["type"] == "actions" for b in block["elements"]]
