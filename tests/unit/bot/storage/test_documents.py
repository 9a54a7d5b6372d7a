"""The bytes behind a reference: found where they are kept, and given out only if they are those that were meant."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.storage import statements
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments, keep_page, of_statement
from bot.storage.statements import StatementFile
from bot.vocabulary.documents import PDF, Document
from crm.money import Money
from knowledge.commission.statement import Statement, StatementState

ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
STATEMENT = Statement(
    ID, "S-2026-10", "p-1", "2026-10", StatementState.ISSUED, Money(Decimal(300), "EUR"), date(2026, 10, 31)
)


async def kept(storage: Database, content: bytes = b"%PDF", revision: int = 1) -> Document:
    sha256 = hashlib.sha256(content).hexdigest()
    file = StatementFile(ID, revision, "pdf", "S-2026-10.pdf", sha256, content)
    async with storage.begin() as connection:
        await statements.issue(connection, STATEMENT)
        await statements.keep_file(connection, file)
    return of_statement(file)


async def test_a_file_of_a_statement_is_found_by_its_reference(storage: Database) -> None:
    document = await kept(storage)
    assert (document.name, document.content_type, document.size) == ("S-2026-10.pdf", PDF, 4)
    assert await StoredDocuments(storage).load(document) == b"%PDF"


async def test_an_earlier_revision_stays_what_it_was(storage: Database) -> None:
    first, second = await kept(storage, b"first"), await kept(storage, b"second", revision=2)
    shelf = StoredDocuments(storage)
    assert [await shelf.load(first), await shelf.load(second)] == [b"first", b"second"]


async def test_what_is_not_what_the_mail_meant_is_not_given_out(storage: Database) -> None:
    document = await kept(storage)
    assert await StoredDocuments(storage).load(replace(document, sha256="0" * 64)) is None


@pytest.mark.parametrize(
    "where",
    ["", "page/", "page/none", f"statement/{ID}/1/csv", f"statement/{ID}/9/pdf", f"statement/{ID}/x/pdf", "../x"],
)
async def test_a_reference_to_nothing_finds_nothing(storage: Database, where: str) -> None:
    document = await kept(storage)
    assert await StoredDocuments(storage).load(replace(document, kept=where)) is None


async def test_a_page_is_kept_once_for_all_who_get_it(storage: Database) -> None:
    async with storage.begin() as connection:
        one = await keep_page(connection, "Plan.pdf", b"%PDF page")
        two = await keep_page(connection, "Plan.pdf", b"%PDF page")
    assert one == two
    assert await StoredDocuments(storage).load(one) == b"%PDF page"
