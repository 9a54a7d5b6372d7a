"""Saved segments: who may keep them, what stands under a name, and what the ledger says of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from bot.announcements.segments.saved import MOST, SavedSegments
from bot.storage import mirror
from bot.storage.announcement_tables import saved_segments
from bot.storage.database import Database
from bot.storage.tables import ledger
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SavedSegment, Segment
from tests.builders import contact, partner, program
from tests.unit.bot.storage.conftest import storage

__all__ = ["storage"]

BY = next(manager.email for manager in program().managers if manager.announces)
STRANGER = "mallory@evil.example"


@pytest.fixture
async def desk(storage: Database) -> SavedSegments:
    people = [contact(id="c-1", email="a@one.example"), contact(id="c-2", email="")]
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(region="DACH"), *people])
    return SavedSegments(storage, program(), lambda: datetime(2026, 11, 26, 10, tzinfo=UTC))


async def test_a_segment_is_saved_found_renamed_and_deleted_and_the_ledger_says_so(desk: SavedSegments) -> None:
    assert await desk.save(BY, "  Quiet  in DACH ", "region=dach; pipeline=none") == Done(
        "“Quiet in DACH” is saved: region=DACH; pipeline=none", "Quiet in DACH"
    )
    assert isinstance(await desk.save(BY, "quiet in dach", Segment(regions=("DACH",))), Done)
    (kept,) = await desk.listed()
    assert (kept.name, kept.segment, kept.by) == ("quiet in dach", Segment(regions=("DACH",)), BY)
    assert isinstance(await desk.save(BY, "Narrower", "saved=Quiet in DACH; tier!=Select"), Done)
    assert await desk.rename(BY, "QUIET IN DACH", "narrower") == NotDone(
        "there is a saved segment “narrower” already", "choose another name, or delete that one"
    )
    assert isinstance(await desk.rename(BY, "QUIET IN DACH", "Quiet In DACH"), Done)
    assert isinstance(await desk.delete(BY, "quiet in dach"), Done)
    assert isinstance(await desk.delete(BY, "quiet in dach"), NotDone)
    narrower = await desk.find("narrower")
    assert isinstance(narrower, SavedSegment)
    assert str(narrower.segment) == "region=DACH; tier!=Select"
    async with desk.database.reading() as connection:
        kinds = list(await connection.scalars(select(ledger.c.kind).order_by(ledger.c.id)))
    assert kinds == ["segment_saved"] * 3 + ["segment_renamed", "segment_deleted"]


async def test_who_may_not_announce_keeps_no_segment(desk: SavedSegments) -> None:
    await desk.save(BY, "Mine", Segment())
    for refused in (
        await desk.save(STRANGER, "Theirs", Segment()),
        await desk.rename(STRANGER, "Mine", "Theirs"),
        await desk.delete(STRANGER, "Mine"),
    ):
        assert isinstance(refused, NotDone)
        assert refused.text == f"{STRANGER} may not announce"
    assert [one.name for one in await desk.listed()] == ["Mine"]


@pytest.mark.parametrize("name", ["", " ", "a;b", "a=b", "a,b", 'the "best"', "not!", "x" * 61], ids=str)
async def test_a_name_can_be_written_in_a_segment(desk: SavedSegments, name: str) -> None:
    assert isinstance(await desk.save(BY, name, Segment()), NotDone)
    assert await desk.listed() == ()


async def test_what_is_wrong_is_said_and_what_was_meant(desk: SavedSegments) -> None:
    wrong = await desk.save(BY, "Odd", "region=DAHC")
    assert wrong == NotDone("no region 'DAHC'; did you mean 'DACH'? There are DACH")
    await desk.save(BY, "Quiet in DACH", Segment())
    assert await desk.find("Quiet in DAHC") == NotDone(
        "no segment is saved as “Quiet in DAHC”", "did you mean 'Quiet in DACH'?"
    )


async def test_so_many_are_kept_and_no_more(desk: SavedSegments) -> None:
    async with desk.database.begin() as connection:
        row = {"segment": {}, "created_by": BY}
        rows = [row | {"name": f"segment {number}", "title": f"Segment {number}"} for number in range(MOST)]
        await connection.execute(insert(saved_segments), rows)
    assert isinstance(await desk.save(BY, "One more", Segment()), NotDone)
    assert isinstance(await desk.save(BY, "segment 7", Segment(tiers=("Elite",))), Done)
