"""The ledger: chained in batches, verifiable, erasable without a break, and no change goes unseen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage import ledger
from bot.storage.database import Database


async def note(storage: Database, **body: Any) -> None:
    async with storage.begin() as connection:
        await ledger.append(connection, "message_in", "email", body, partner_id="p-1")


async def seal(storage: Database, limit: int = 5_000) -> int:
    async with storage.begin() as connection:
        return await ledger.seal(connection, limit)


async def first_broken(storage: Database) -> int | None:
    async with storage.begin() as connection:
        return await ledger.first_broken(connection)


async def change(storage: Database, statement: str) -> None:
    async with storage.begin() as connection:
        await connection.execute(text(statement))


async def test_rows_are_chained_once_and_verify(storage: Database) -> None:
    for number in range(7):
        await note(storage, text=f"message {number}", amount={"value": "10.00", "currency": "EUR"})
    assert [await seal(storage, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert await first_broken(storage) is None


async def test_sealers_at_the_same_time_make_one_chain(storage: Database) -> None:
    for number in range(20):
        await note(storage, text=f"message {number}")
    sealed = await asyncio.gather(*(seal(storage) for _ in range(4)))
    assert sum(sealed) == 20
    assert await first_broken(storage) is None


async def test_a_row_that_commits_late_comes_after_those_that_are_sealed(storage: Database) -> None:
    async with storage.begin() as late:
        await ledger.append(late, "message_in", "email", {"text": "began first"})
        await note(storage, text="committed first")
        assert await seal(storage) == 1
    assert await seal(storage) == 1
    assert await first_broken(storage) is None


@pytest.mark.parametrize(
    "fraud",
    [
        "update ledger set body = jsonb_set(body, '{text}', '\"other\"') where id = 2",
        "update ledger set kind = 'message_out' where id = 2",
        "update ledger set actor = 'manager' where id = 2",
        "update ledger set at = at + interval '1 second' where id = 2",
        'update ledger set body = body || \'{"more": 1}\', salts = salts || \'{"more": ""}\' where id = 2',
        "delete from ledger where id = 2",
    ],
)
async def test_every_later_change_is_found(storage: Database, fraud: str) -> None:
    for number in range(4):
        await note(storage, text=f"message {number}")
    await seal(storage)
    await change(storage, fraud)
    assert await first_broken(storage) in (2, 3)


async def test_personal_data_are_erased_and_the_chain_still_verifies(storage: Database) -> None:
    for number in range(3):
        await note(storage, text=f"message {number}", sender="sara@brightpath.example")
    await seal(storage)
    async with storage.begin() as connection:
        await ledger.erase(connection, 2, ("text", "sender"))
        row = (await connection.execute(text("select body, salts, digests from ledger where id = 2"))).one()
    assert (row.body, row.salts) == ({}, {})
    assert set(row.digests) == {"text", "sender"}
    assert await first_broken(storage) is None


async def test_what_was_erased_cannot_be_guessed_back(storage: Database) -> None:
    """The same value has another digest in every row, so a list of likely values is of no use."""
    for _ in range(2):
        await note(storage, sender="sara@brightpath.example")
    async with storage.begin() as connection:
        digests = list(await connection.scalars(text("select digests ->> 'sender' from ledger")))
    assert len(set(digests)) == 2


async def test_any_text_may_be_noted(storage: Database) -> None:
    for said in ("", "ü€𝔘\u202e", "'; drop table ledger; --", "x" * 200_000, '{"a": [1, 2'):
        await note(storage, text=said, nested={"b": [said], "a": None})
    await seal(storage)
    assert await first_broken(storage) is None
