"""Several wishes about money in one message: each is answered as the ones before it left things."""

from __future__ import annotations

from bot.steps.decide import decide
from bot.vocabulary.decisions import Decision, OpenDispute, TakeInvoice
from bot.vocabulary.message import Attachment
from bot.vocabulary.money import InvoiceRead
from bot.vocabulary.requests import DisputeDetails, Intent, Request
from tests.builders import euro, reading, request
from tests.unit.bot.intents.money_world import LINE_ACME, told, world

PDF = Attachment("invoice.pdf", "application/pdf", 900, "ab" * 32, kind="pdf")
DISPUTE = Request(Intent.DISPUTE_COMMISSION, DisputeDetails(customer="Acme"), said="too low")
INVOICE = request(Intent.SUBMIT_INVOICE)


def decided(*wishes: Request, net: str = "3600.00") -> tuple[Decision, ...]:
    read = InvoiceRead(number="INV-7", net=euro(net), vat=euro(0), total=euro(net), file="invoice.pdf")
    return decide(reading(*wishes), world(attachments=(PDF,), invoices=((PDF.sha256, read),)))


def test_an_invoice_behind_a_dispute_is_compared_with_what_is_left() -> None:
    first, second = decided(DISPUTE, INVOICE)
    assert isinstance(first.commands[0], OpenDispute)
    assert [c.matches for c in second.commands if isinstance(c, TakeInvoice)] == [False]
    assert "€1,050.00 too much" in told(second)
    _, fits = decided(DISPUTE, INVOICE, net="2550.00")
    assert [c.matches for c in fits.commands if isinstance(c, TakeInvoice)] == [True]


def test_a_dispute_behind_an_invoice_asks_for_another_one() -> None:
    first, second = decided(INVOICE, DISPUTE)
    assert [c.matches for c in first.commands if isinstance(c, TakeInvoice)] == [True]
    assert [c.lines for c in second.commands if isinstance(c, OpenDispute)] == [(LINE_ACME.key,)]


def test_a_line_is_held_once() -> None:
    orion = Request(Intent.DISPUTE_COMMISSION, DisputeDetails(whole=True), said="all wrong")
    first, second = decided(DISPUTE, orion)
    held = [key for one in (first, second) for c in one.commands if isinstance(c, OpenDispute) for key in c.lines]
    assert len(held) == len(set(held))
