"""An invoice beside its statement: equal waits for approval, different is told to the cent, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.intents.submit_invoice import decide
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, TakeInvoice
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Attachment, ThreadContext
from bot.vocabulary.money import InvoiceFault, InvoiceRead
from bot.vocabulary.requests import Intent
from crm.money import Money
from crm.records import Channel, ContactRight
from knowledge.commission.statement import StatementState
from tests.builders import contact, euro, request
from tests.unit.bot.intents.money_world import LINE_ACME, OCTOBER, told, world
from tests.unit.bot.payouts.made import statement

PDF = Attachment("invoice.pdf", "application/pdf", 900, "ab" * 32, kind="pdf")
WISH = request(Intent.SUBMIT_INVOICE)
READ = InvoiceRead(number="INV-7", net=euro("3600.00"), vat=euro(0), total=euro("3600.00"), file="invoice.pdf")


def came(read: InvoiceRead = READ, facts: Facts | None = None, **changes: Any) -> Facts:
    made = facts or world()
    return replace(made, attachments=(PDF,), invoices=((PDF.sha256, read),), **changes)


def taken(decision: Decision) -> TakeInvoice:
    [command] = [c for c in decision.commands if isinstance(c, TakeInvoice)]
    return command


def test_an_equal_sum_waits_for_approval() -> None:
    decision = decide(WISH, came())
    assert taken(decision) == TakeInvoice(PDF.sha256, "st-10", READ, matches=True)
    assert "INV-7 for €3,600.00 net matches statement S-2026-10, which is now pending approval" in told(decision)


def test_a_cent_too_little_is_told_to_the_cent() -> None:
    decision = decide(WISH, came(replace(READ, net=euro("3599.99"), total=euro("3599.99"))))
    assert not taken(decision).matches
    assert "That is €0.01 too little" in told(decision)


def test_too_much_is_told_as_well() -> None:
    assert "That is €400.00 too much" in told(decide(WISH, came(replace(READ, net=euro(4000), total=euro(4000)))))


def test_a_sum_with_tax_is_named_as_what_it_is() -> None:
    gross = replace(READ, net=euro("3025.21"), vat=euro("574.79"), total=euro("3600.00"))
    assert "for €3,600.00 including VAT, so its net amount is €3,025.21" in told(decide(WISH, came(gross)))


def test_another_currency_never_matches() -> None:
    dollars = replace(READ, net=Money(Decimal("3600.00"), "USD"), total=None)
    decision = decide(WISH, came(dollars))
    assert not taken(decision).matches
    assert "another currency" in told(decision)


def test_without_a_net_sum_nothing_is_guessed() -> None:
    decision = decide(WISH, came(replace(READ, net=None, vat=None)))
    assert not taken(decision).matches
    assert any(isinstance(c, HandOver) for c in decision.commands)
    assert "shows the net amount and VAT separately" in told(decision)


def test_the_same_invoice_twice_is_said_to_be_there() -> None:
    received = replace(
        OCTOBER, state=StatementState.INVOICE_RECEIVED, invoice_number="INV-7", invoice_total=euro("3600.00")
    )
    decision = decide(WISH, came(facts=world((received,))))
    assert decision.commands == ()
    assert "We already have your invoice INV-7" in told(decision)


@pytest.mark.parametrize("number", ["INV-7", "inv 7", "Inv7", "INV/7"])
def test_a_number_that_was_used_before_is_asked_about(number: str) -> None:
    before = replace(
        OCTOBER, id="st-9", number="S-2026-09", period="2026-09", state=StatementState.PAID, invoice_number=number,
        invoice_total=euro(100),
    )  # fmt: skip
    decision = decide(WISH, came(facts=world((OCTOBER, before))))
    assert not taken(decision).matches
    assert "number INV-7, for statement S-2026-09" in told(decision)


def test_another_invoice_for_what_is_paid_goes_to_a_person() -> None:
    paid = replace(OCTOBER, state=StatementState.PAID, invoice_number="INV-1", invoice_total=euro("3600.00"))
    decision = decide(WISH, came(replace(READ, statement="S-2026-10"), world((paid,))))
    assert any(isinstance(c, HandOver) for c in decision.commands)
    assert "has been paid already" in told(decision)


def test_a_credit_note_goes_to_a_person() -> None:
    decision = decide(WISH, came(replace(READ, credit_note=True)))
    assert not taken(decision).matches
    assert any(isinstance(c, HandOver) for c in decision.commands)


def test_two_open_statements_of_one_sum_are_asked_about_and_the_answer_settles_it() -> None:
    other = replace(OCTOBER, id="st-9", number="S-2026-09", period="2026-09")
    both = world((OCTOBER, other), thread=ThreadContext("t"))
    asked = decide(WISH, came(facts=both))
    [waits] = asked.commands
    assert isinstance(waits, AwaitFields)
    thread = ThreadContext("t", asked=waits.fields, proposal=waits.proposal)
    answer = request(Intent.SUBMIT_INVOICE, statement_ref="S-2026-09")
    settled = decide(answer, replace(both, thread=thread))
    assert taken(settled) == TakeInvoice(PDF.sha256, "st-9", READ, matches=True)


def test_a_damaged_proposal_is_no_invoice() -> None:
    thread = ThreadContext("t", asked=("invoice_statement",), proposal='{"sha256": 1}')
    assert decide(WISH, world(thread=thread)).log == "invoice_asked_for"


def test_the_statement_of_the_thread_is_meant() -> None:
    small = statement(LINE_ACME, id="st-9", number="S-2026-09")
    decision = decide(WISH, came(facts=world((OCTOBER, small), thread=ThreadContext("t", subject_ref="S-2026-09"))))
    assert taken(decision).statement_id == "st-9"


def test_a_foreign_statement_in_the_document_is_unknown() -> None:
    decision = decide(WISH, came(replace(READ, statement="S-2026-07")))
    assert "no statement of yours with that number" in told(decision)
    assert taken(decision).statement_id == ""


def test_two_numbers_that_contradict_each_other_are_asked_about() -> None:
    other = replace(OCTOBER, id="st-9", number="S-2026-09")
    wish = request(Intent.SUBMIT_INVOICE, statement_ref="S-2026-09")
    decision = decide(wish, came(replace(READ, statement="S-2026-10"), world((OCTOBER, other))))
    assert decision.log == "invoice_statement_asked"


def test_no_open_statement_is_for_a_person() -> None:
    decision = decide(WISH, came(facts=world((), ())))
    assert any(isinstance(c, HandOver) for c in decision.commands)


@pytest.mark.parametrize("fault", list(InvoiceFault))
def test_what_cannot_be_read_is_told_and_what_would_help(fault: InvoiceFault) -> None:
    decision = decide(WISH, came(InvoiceRead(file="invoice.pdf", fault=fault)))
    assert "invoice.pdf" in told(decision)
    assert not any(isinstance(c, TakeInvoice) for c in decision.commands)


def test_other_documents_beside_the_invoice_are_no_fault() -> None:
    terms = ("cd" * 32, InvoiceRead(file="terms.pdf", fault=InvoiceFault.NO_INVOICE))
    made = came()
    assert decide(WISH, replace(made, invoices=(*made.invoices, terms))).log == "invoice_matched"


def test_a_number_from_the_message_completes_the_document() -> None:
    wish = request(Intent.SUBMIT_INVOICE, invoice_number="INV-8")
    assert taken(decide(wish, came(replace(READ, number="")))).invoice.number == "INV-8"
    assert "could not find an invoice number" in told(decide(WISH, came(replace(READ, number=""))))


def test_who_may_not_see_statements_hands_it_in_and_learns_no_sum() -> None:
    clerk = contact(id="c-9", main=False, rights=(ContactRight.REGISTER,))
    decision = decide(WISH, came(facts=world(contact=clerk)))
    assert "€" not in told(decision)
    assert any(isinstance(c, HandOver) for c in decision.commands)


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_every_answer_can_be_said_in_every_language(language: str) -> None:
    reads = (
        READ, replace(READ, net=euro(1)), replace(READ, net=None), replace(READ, number=""),
        replace(READ, credit_note=True),
        replace(READ, net=euro(3000), vat=euro(600)), replace(READ, statement="S-2026-01"),
        *(InvoiceRead(file="a.pdf", fault=fault) for fault in InvoiceFault),
    )  # fmt: skip
    for read in reads:
        assert "{" not in told(decide(WISH, came(read)), language, Channel.EMAIL)
