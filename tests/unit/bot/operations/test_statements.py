"""Statements for the console: each with its lines in words, the documents as they were sent, and who gets them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.operations import conversations, statements
from bot.storage.database import Database
from bot.storage.queue import Queue
from crm.records import Direction
from knowledge.commission.statement import LineState, StatementState
from tests.builders import program
from tests.unit.bot.payouts.books import Books
from tests.unit.bot.payouts.test_sending import ACCOUNTS, FINN, LINES, Office
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def office(storage: Database, queue: Queue) -> Office:
    books = Books(storage, queue)
    await books.open()
    made = Office(books)
    await made.holds()
    return made


async def test_a_statement_is_shown_with_each_line_and_how_it_comes_about(office: Office) -> None:
    await office.sends()
    async with office.storage.reading() as connection:
        view = await statements.view(connection, program(), office.statement.id)
    assert view is not None
    assert (view.partner_name, view.sent_to) == ("Brightpath", ACCOUNTS)
    assert [(one.place, one.customer, one.state) for one in view.lines] == [
        (1, "Globex", LineState.ON_STATEMENT), (2, "Initech", LineState.ON_STATEMENT),
    ]  # fmt: skip
    assert view.lines[0].rate == "15 %"
    assert len(view.lines[0].derivation) == len(LINES[0].steps)


async def test_its_documents_are_listed_and_given_out_as_they_were_sent(office: Office) -> None:
    await office.sends()
    sent = {file.kind: file for file in await office.files()}
    async with office.storage.reading() as connection:
        view = await statements.view(connection, program(), office.statement.id)
        pdf = await statements.document(connection, office.statement.id, 1, "pdf")
        nothing = [await statements.document(connection, office.statement.id, n, "pdf") for n in (0, 2)]
    assert view is not None
    assert {(file.kind, file.sha256, file.size) for file in view.files} == {
        (file.kind, file.sha256, len(file.content)) for file in sent.values()
    }
    assert pdf is not None
    assert (pdf.name, pdf.content_type, pdf.content) == ("S-2026-10.pdf", "application/pdf", sent["pdf"].content)
    assert nothing == [None, None]


async def test_one_whose_documents_are_not_made_yet_is_shown_without(office: Office) -> None:
    async with office.storage.reading() as connection:
        view = await statements.view(connection, program(), office.statement.id)
    assert view is not None
    assert view.files == ()


async def test_they_are_listed_by_where_they_stand(office: Office) -> None:
    async with office.storage.reading() as connection:
        everything = await statements.rows(connection, None)
        paid = await statements.rows(connection, StatementState.PAID)
    assert [(row.record.number, row.partner_name) for row in everything] == [("S-2026-10", "Brightpath")]
    assert paid == ()


async def test_a_void_one_has_no_lines(office: Office) -> None:
    await office.becomes(state=StatementState.VOID)
    async with office.storage.reading() as connection:
        view = await statements.view(connection, program(), office.statement.id)
    assert view is not None
    assert view.lines == ()


async def test_the_seat_of_the_finance_contact_shows_the_mail_with_what_is_attached(office: Office) -> None:
    await office.sends()
    async with office.storage.reading() as connection:
        (thread,) = await conversations.conversation(connection, FINN, "Lumora", "lumora.example")
        others = await conversations.conversation(
            connection, replace(FINN, id="c-2", partner_id="p-2", email="ben@harbour.example"), "Lumora", "x"
        )
    (mail,) = thread.messages
    assert mail.direction is Direction.OUT
    assert mail.files == ("S-2026-10.pdf", "S-2026-10.csv")
    assert others == ()
