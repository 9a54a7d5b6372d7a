"""A statement's number is unique within its partner: whose is meant has to be plain."""

from __future__ import annotations

import pytest

from bot.managers.named import meant
from bot.managers.orders import Meant
from bot.managers.words import said
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.vocabulary.briefs import BriefKind
from tests.builders import partner
from tests.unit.bot.payouts.books import Books, won
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

_NAMES = {"p-1": "Brightpath", "p-2": "Harbour", "p-3": "Harbour Advisory", "p-4": "Twin", "p-5": "twin"}


@pytest.fixture
async def books(storage: Database, queue: Queue) -> Books:
    """Five partners with a statement S-2026-10 each."""
    made = Books(storage, queue)
    await made.open()
    for place, (partner_id, name) in enumerate(_NAMES.items()):
        await made.enter(partner(id=partner_id, name=name, tier="Registered"), won(f"h-{place + 50}", partner_id))
        await made.pay(f"m-{place}", deal_id=f"h-{place + 50}", partner_id=partner_id)
    await made.close()
    return made


async def whose(books: Books, text: str, partner_id: str = "") -> str:
    """The partner whose statement is meant, or why that is not plain."""
    async with books.storage.reading() as connection:
        found = await meant(connection, said(text), partner_id)
    if isinstance(found, str):
        return found
    assert found.kind is BriefKind.STATEMENT
    return (await books.statement(found.subject)).partner_id


@pytest.mark.parametrize(
    ("text", "partner_id"),
    [
        ("approve S-2026-10 Brightpath", "p-1"),
        ("approve s-2026-10 BRIGHTPATH.", "p-1"),
        ("approve S-2026-10 Harbour", "p-2"),
        ("approve S-2026-10 Advisory", "p-3"),
        ("approve S-2026-10 harbour advisory", "p-3"),
        ("approve S-2026-10 p-4", "p-4"),
    ],
)
async def test_a_partner_is_named_by_its_name_a_word_of_it_or_its_id(books: Books, text: str, partner_id: str) -> None:
    assert await whose(books, text) == partner_id


@pytest.mark.parametrize(
    "text",
    [
        "approve S-2026-10 Brightpath if it is right", "approve S-2026-10 path", "approve S-2026-10 Bright",
        "approve S-2026-10 nobody", "approve S-2026-09 Brightpath", "approve S-2026-10-USD Brightpath",
        "approve S-2026-10 %%", "approve S-2026-10 ...x",
    ],
)  # fmt: skip
async def test_who_is_called_otherwise_is_nobody(books: Books, text: str) -> None:
    assert "there is no statement" in await whose(books, text)


async def test_where_several_fit_they_are_named_and_told_apart(books: Books) -> None:
    everyone = await whose(books, "approve S-2026-10")
    assert everyone.startswith("S-2026-10 is a number of Brightpath, Harbour, Harbour Advisory, p-4, p-5; name")
    assert everyone.endswith('"approve S-2026-10 Brightpath"')
    assert "p-4, p-5" in await whose(books, "approve S-2026-10 Twin")


async def test_in_answer_to_a_brief_it_is_that_partners_unless_another_is_named(books: Books) -> None:
    assert await whose(books, "approve S-2026-10", "p-2") == "p-2"
    assert await whose(books, "approve S-2026-10 Brightpath", "p-2") == "p-1"


async def test_the_one_open_dispute_about_it_is_meant_by_words_about_disputes(books: Books) -> None:
    async def found(text: str) -> Meant | str:
        async with books.storage.reading() as connection:
            return await meant(connection, said(text), "")

    assert "no open dispute" in str(await found("uphold S-2026-10 Brightpath: x"))
    (statement,) = await books.statements()
    await books.disputed(statement, "m-0")
    (dispute,) = await books.open_disputes()
    about = await found("correct S-2026-10 Brightpath: EUR 1.00, x")
    assert isinstance(about, Meant)
    assert (about.kind, about.subject) == (BriefKind.DISPUTE, dispute.id)
