"""Short answers to our questions about money, and what comes without a word."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import DisputeDetails, Intent, InvoiceFields, Request

RECEIVED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return FinerReader(BuiltinReader(CATALOGUE))


def read(reader: Reader, text: str, asked: str = "", *files: str) -> tuple[Request, ...]:
    thread = ThreadContext("t", ThreadKind.QUESTION, (asked,) if asked else (), "S-2026-10", agent_took_part=True)
    return reader.read(Readable(text, RECEIVED, thread=thread, attachments=files)).requests


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", DisputeDetails(lines=(2,))),
        ("2 and 3", DisputeDetails(lines=(2, 3))),
        ("Die zweite Zeile bitte", DisputeDetails(lines=(2,))),
        ("la troisième", DisputeDetails(lines=(3,))),
        ("Globex", DisputeDetails(customer="Globex")),
        ("D-1042 and D-2002", DisputeDetails(deal_refs=("D-1042", "D-2002"))),
        ("the one over EUR 1,050.00", DisputeDetails(amounts=(Decimal("1050.00"),), lines=())),
        ("alle", DisputeDetails(whole=True)),
    ],
)
def test_which_line_is_told_in_a_word(reader: Reader, text: str, said: DisputeDetails) -> None:
    [request] = read(reader, text, "dispute_line")
    assert (request.intent, request.fields) == (Intent.DISPUTE_COMMISSION, said)


def test_a_question_of_its_own_is_no_answer(reader: Reader) -> None:
    assert all(r.intent is not Intent.DISPUTE_COMMISSION for r in read(reader, "When is it paid?", "dispute_line"))


@pytest.mark.parametrize("text", ["S-2026-10", "It is for S-2026-10, sorry.", "the one for October"])
def test_which_statement_an_invoice_is_for_is_told(reader: Reader, text: str) -> None:
    [request] = read(reader, text, "invoice_statement")
    assert (request.intent, request.fields) == (Intent.SUBMIT_INVOICE, InvoiceFields("S-2026-10"))


def test_a_pdf_without_a_word_may_be_an_invoice(reader: Reader) -> None:
    [request] = read(reader, "", "", "RE-7.pdf")
    assert (request.intent, request.ask) == (Intent.SUBMIT_INVOICE, True)
    assert all(r.intent is not Intent.SUBMIT_INVOICE for r in read(reader, "", "", "photo.png"))
