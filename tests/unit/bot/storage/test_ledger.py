"""The ledger: chained in batches, verifiable, erasable without a break, and no change goes unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.storage import chain, ledger
from bot.storage.database import Database
from bot.storage.ledger import Head
from bot.storage.verifying import Verified, anchor, verify


async def note(storage: Database, **body: Any) -> None:
    async with storage.begin() as connection:
        await ledger.append(connection, "message_in", "email", body, partner_id="p-1")


async def seal(storage: Database, limit: int = 5_000) -> int:
    async with storage.begin() as connection:
        return await ledger.seal(connection, limit)


async def found(storage: Database, anchors: Sequence[Head] = (), newest: int | None = None) -> Verified:
    async with storage.begin() as connection:
        return await verify(connection, anchors, newest=newest)


async def whole(storage: Database) -> bool:
    return (await found(storage)).broken is None


async def head(storage: Database) -> Head:
    async with storage.begin() as connection:
        return await ledger.head(connection)


async def change(storage: Database, *statements: str) -> None:
    """By somebody who may do everything with the database."""
    async with storage.begin() as connection:
        await connection.execute(text("alter table ledger disable trigger user"))
        for statement in statements:
            await connection.execute(text(statement))


async def run(storage: Database, statements: str) -> None:
    async with storage.begin() as connection:
        for statement in statements.split("; "):
            await connection.execute(text(statement))


async def sealed_rows(storage: Database, count: int = 4) -> None:
    for number in range(count):
        await note(storage, text=f"message {number}", deal={"number": f"D-{number}", "notes": "Sara says hello"})
    await seal(storage)


async def test_rows_are_chained_once_and_verify(storage: Database) -> None:
    for number in range(7):
        await note(storage, text=f"message {number}", amount={"value": "10.00", "currency": "EUR"})
    assert [await seal(storage, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    seen = await found(storage)
    assert (seen.rows, seen.unsealed, seen.broken) == (7, 0, None)
    assert seen.head == await head(storage)


async def test_sealers_at_the_same_time_make_one_chain(storage: Database) -> None:
    for number in range(20):
        await note(storage, text=f"message {number}")
    sealed = await asyncio.gather(*(seal(storage) for _ in range(4)))
    assert sum(sealed) == 20
    assert await whole(storage)


async def test_a_row_that_commits_late_comes_after_those_that_are_sealed(storage: Database) -> None:
    async with storage.begin() as late:
        await ledger.append(late, "message_in", "email", {"text": "began first"})
        await note(storage, text="committed first")
        assert await seal(storage) == 1
    assert await seal(storage) == 1
    assert await whole(storage)


@pytest.mark.parametrize(
    ("fraud", "at", "why"),
    [
        ("update ledger set body = jsonb_set(body, '{text}', '\"other\"') where id = 2", 2, "not what was written"),
        (
            "update ledger set body = jsonb_set(body, '{deal,number}', '\"D-9\"') where id = 2",
            2,
            "not what was written",
        ),
        ("update ledger set body = body || '{\"more\": 1}' where id = 2", 2, "not what was written"),
        (
            "update ledger set body = jsonb_set(body, '{deal,more}', '1') where id = 2",
            2,
            "not what was written",
        ),
        ("update ledger set kind = 'message_out' where id = 2", 2, "it was changed"),
        ("update ledger set actor = 'manager' where id = 2", 2, "it was changed"),
        ("update ledger set partner_id = 'p-2' where id = 2", 2, "it was changed"),
        ("update ledger set inbox_id = gen_random_uuid() where id = 2", 2, "it was changed"),
        ("update ledger set at = at + interval '1 second' where id = 2", 2, "it was changed"),
        ("delete from ledger where id = 2", 3, "positions 2 to 2 are missing"),
        ("delete from ledger where id = 1", 2, "positions 1 to 1 are missing"),
        ("update ledger set chain = null, position = null where id = 3", 4, "positions 3 to 3 are missing"),
        ("update ledger set body = body - 'text', salts = salts - 'text' where id = 2", 2, "no erasure in the ledger"),
        ("update ledger set body = '{}' where id = 2", 2, "no erasure in the ledger"),
    ],
)
async def test_every_later_change_is_found(storage: Database, fraud: str, at: int, why: str) -> None:
    await sealed_rows(storage)
    await change(storage, fraud)
    broken = (await found(storage)).broken
    assert broken is not None
    assert (broken.row_id, why in broken.why) == (at, True)


async def test_rows_that_changed_places_are_found(storage: Database) -> None:
    await sealed_rows(storage)
    await change(
        storage,
        "update ledger set position = -position where id in (2, 3)",
        "update ledger set position = 5 + position where id in (2, 3)",
    )
    broken = (await found(storage)).broken
    assert broken is not None
    assert broken.position == 2


async def test_whoever_seals_everything_anew_is_found_by_an_anchor_alone(storage: Database) -> None:
    await sealed_rows(storage)
    kept = await head(storage)
    digest = chain.digest("", "never said")
    await change(
        storage,
        'update ledger set body = \'{"text": "never said"}\', salts = \'{"text": ""}\', '
        f'digests = \'{{"text": "{digest}"}}\' where id = 2',
        "update ledger set chain = null, position = null",
    )
    await seal(storage)
    assert await whole(storage)
    broken = (await found(storage, [kept])).broken
    assert broken is not None
    assert "anchor" in broken.why


async def test_rows_cut_off_at_the_end_are_found_by_an_anchor_alone(storage: Database) -> None:
    await sealed_rows(storage)
    kept = await head(storage)
    await change(storage, "delete from ledger where id = 4")
    assert await whole(storage)
    broken = (await found(storage, [kept])).broken
    assert broken is not None
    assert broken.why == "the rows after position 3 are gone: the anchor knows 4"


async def test_an_anchor_that_fits_proves_everything_before_it(storage: Database) -> None:
    await sealed_rows(storage)
    kept = await head(storage)
    await note(storage, text="later")
    await seal(storage)
    assert anchor(str(kept)) == kept
    assert (await found(storage, [kept, Head(2, "")])).broken is None


@pytest.mark.parametrize("said", ["", "4", "4:", "4:xyz", "a:0123456789abcdef", f"4:{'0' * 65}", "-1:0123456789abcdef"])
def test_what_is_no_anchor_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is no anchor"):
        anchor(said)


async def test_a_row_that_says_to_be_older_than_those_before_it_is_named(storage: Database) -> None:
    await sealed_rows(storage, 2)
    await note(storage, text="an order of last week")
    await change(storage, "update ledger set at = at - interval '7 days' where id = 3")
    await seal(storage)
    assert (await found(storage)).dated_back == (3,)


async def test_the_newest_rows_can_be_looked_at_alone(storage: Database) -> None:
    await sealed_rows(storage)
    await change(storage, "update ledger set body = '{\"text\": 1}' where id = 1")
    assert (await found(storage, newest=3)).broken is None
    assert (await found(storage, newest=4)).broken is not None


@pytest.mark.parametrize(
    "fraud",
    [
        "update ledger set body = '{}' where id = 1",
        "update ledger set actor = 'x' where id = 1",
        "update ledger set chain = 'x' where id = 1",
        "update ledger set chain = null, position = null where id = 1",
        "delete from ledger",
        "truncate ledger",
        "select set_config('partnerline.erasing', 'on', true); update ledger set body = '{\"text\": 1}' where id = 1",
    ],
)
async def test_the_database_takes_no_change_of_what_was_written(storage: Database, fraud: str) -> None:
    await sealed_rows(storage, 1)
    with pytest.raises(DBAPIError, match="rows are only appended"):
        await run(storage, fraud)
    assert await whole(storage)


async def test_personal_data_are_erased_and_the_chain_still_verifies(storage: Database) -> None:
    await sealed_rows(storage)
    async with storage.begin() as connection:
        gone: dict[int, list[tuple[str, ...]]] = {2: [("text",), ("deal", "notes")], 3: [("text",)]}
        assert await ledger.erase(connection, "noor@lumora.example", gone, {"reason": "asked for"}) == 3
        row = (await connection.execute(text("select body, salts from ledger where id = 2"))).one()
        said = await connection.scalar(text("select body from ledger where kind = 'erased'"))
    assert row.body == {"deal": {"number": "D-1"}}
    assert set(row.salts) == {"deal"}
    assert said["reason"] == "asked for"
    seen = await found(storage)
    assert (seen.broken, seen.erased) == (None, 3)
    await seal(storage)
    assert await whole(storage)


async def test_an_erasure_covers_what_it_names_and_nothing_else(storage: Database) -> None:
    await sealed_rows(storage)
    async with storage.begin() as connection:
        await ledger.erase(connection, "noor@lumora.example", {2: [("text",)]}, {})
    await change(storage, "update ledger set body = body #- '{deal,notes}' where id = 2")
    broken = (await found(storage)).broken
    assert broken is not None
    assert broken.why.startswith("its deal notes was removed")


async def test_what_was_erased_cannot_be_guessed_back(storage: Database) -> None:
    """The same value has another digest in every row, so a list of likely values is of no use."""
    for _ in range(2):
        await note(storage, sender="sara@brightpath.example")
    async with storage.begin() as connection:
        digests = list(await connection.scalars(text("select digests ->> 'sender' from ledger")))
    assert len(set(digests)) == 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_whatever_is_noted_has_salted_digests_of_its_own(body: dict[str, Any]) -> None:
    kept = chain.keepable(body)
    salts, digests = chain.salted(kept)
    assert chain.missing(kept, salts, digests) == []
    gone = [path for path, _ in chain.paths(digests)][:2]
    left = chain.without(kept, gone)
    assert chain.missing(left, chain.without(salts, gone), digests) == gone


async def test_any_value_comes_back_as_it_was_written(storage: Database) -> None:
    said = ["", "ü€𝔘\u202e", "'; drop table ledger; --", "x" * 200_000, '{"a": [1, 2', "\0", "\ud800"]
    numbers = [0.1, -0.0, 1e22, 1e-9, 5e-324, 1.0, float("nan"), float("inf"), 10**40, 0.30000000000000004]
    await note(storage, said=said, numbers=numbers, nested={"b": [said], "a": None, "c": {"d": numbers}}, none=None)
    await note(storage)
    await seal(storage)
    assert await whole(storage)
