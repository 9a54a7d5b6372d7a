"""An announcement on its way: in portions, through crashes, stopped and resumed, at its pace and in nobody's rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.sending.spreading import Spreading
from bot.storage import mirror, outbox
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Route, Timing
from bot.vocabulary.results import Done
from crm.records import Contact
from tests.builders import contact, partner
from tests.unit.bot.announcements.house import ENGLISH, FRIDAY, PRICES, House, furnished, refusal, wall
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

State = AnnouncementState
NIGHT = datetime(2026, 11, 27, 22, tzinfo=UTC)  # Friday; people work again on Monday at eight


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    return await furnished(storage, queue)


class Struck(Exception):
    """The machine went down here."""


class Breaking(Database):
    """A database that goes down right before it would commit one transaction more than so many."""

    def __init__(self, inner: Database, commits: int) -> None:
        self._inner = inner
        self._left = commits

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self._inner.begin() as connection:
            yield connection
            self._left -= 1
            if self._left < 0:
                raise Struck


def many(count: int, domain: str = "one.example", partner_id: str = "p-1") -> list[Contact]:
    return [
        contact(id=f"m-{n:04}", partner_id=partner_id, name=f"Person {n}", email=f"person{n}@{domain}", main=False)
        for n in range(count)
    ]


async def test_whatever_breaks_in_between_everyone_is_written_to_once(house: House) -> None:
    house.portion = 4
    await house.store(*many(17))
    made = await house.confirmed()
    for survives in (0, 1, 2):
        with pytest.raises(Struck):
            await dying(house, survives).begin(made.id)
    assert len(await house.rows()) == 4 * 3
    await house.work(made.id)
    mailed = await house.mailed()
    assert len(mailed) == 19
    assert len(set(mailed)) == 19
    rows = await house.rows()
    lines = await house.rows("crm", "log_interaction")
    assert {row.payload["record"]["message_id"] for row in lines} == {f"<{row.id}@partners.example>" for row in rows}
    assert len({row.payload["reply_key"] for row in rows} | {row.payload["opt_out_token"] for row in rows}) == 2 * 19


async def test_two_workers_at_once_write_each_copy_once(house: House) -> None:
    house.portion = 3
    await house.store(*many(14))
    made = await house.confirmed()
    await house.spreading.begin(made.id)
    await asyncio.gather(*(house.spreading(made.id) for _ in range(3)))
    mailed = await house.mailed()
    assert len(mailed) == len(set(mailed)) == 16


async def test_a_pause_holds_what_has_not_gone_and_a_resume_sends_the_rest(house: House) -> None:
    await house.store(*many(8))
    made = await house.sent()
    assert await house.delivered(3) == 3
    assert isinstance(await house.desk.pause(house.by, made.id), Done)
    assert isinstance(await house.desk.pause(house.other, made.id), Done)
    assert await house.delivered() == 0
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert (seen.state, seen.total, seen.sent, seen.waiting) == (State.PAUSED, 10, 3, 7)
    assert {row.state for row in await house.rows("crm", "log_interaction")} == {"pending", "held"}
    await house.work(made.id)
    assert await house.state(made.id) is State.PAUSED
    assert isinstance(await house.desk.resume(house.by, made.id), Done)
    assert await house.delivered() == 7
    await house.work(made.id)
    assert await house.state(made.id) is State.SENT
    assert {row.state for row in await house.rows("crm", "log_interaction")} == {"pending"}


async def test_what_is_paused_between_two_portions_is_written_no_further(house: House) -> None:
    house.portion = 4
    await house.store(*many(10))
    made = await house.confirmed()
    with pytest.raises(Struck):
        await dying(house, 1).begin(made.id)
    await house.desk.pause(house.by, made.id)
    await house.work(made.id)
    assert len(await house.rows()) == 4
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert (seen.total, seen.waiting) == (12, 12)
    await house.desk.resume(house.by, made.id)
    await house.work(made.id)
    assert len(await house.rows()) == 12


async def test_what_is_cancelled_midway_ends_for_good(house: House) -> None:
    await house.store(*many(8))
    made = await house.sent()
    await house.delivered(4)
    done = await house.desk.cancel(house.by, made.id)
    assert isinstance(done, Done)
    assert "4 of 10 had gone" in done.text
    assert await house.delivered() == 0
    await house.work(made.id)
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert (seen.state, seen.sent, seen.cancelled, seen.waiting, seen.failed) == (State.CANCELLED, 4, 6, 0, 0)
    assert "was cancelled" in refusal(await house.desk.resume(house.by, made.id))
    lines = await house.rows("crm", "log_interaction")
    assert sorted(row.state for row in lines) == ["cancelled"] * 6 + ["pending"] * 4


async def test_what_is_cancelled_before_its_time_is_not_sent(house: House) -> None:
    made = await house.confirmed(replace(PRICES, timing=Timing(wall("2026-11-30 10:00"))))
    for by in (house.other, house.by):
        assert isinstance(await house.desk.cancel(by, made.id), Done)
    house.later(days=5)
    await house.work(made.id)
    assert await house.mailed() == []
    assert isinstance(await house.confirmed(), Announcement)


@pytest.mark.parametrize("act", ["pause", "cancel"])
async def test_stopping_and_spreading_at_once_leave_nothing_on_its_way(house: House, act: str) -> None:
    house.portion = 3
    await house.store(*many(12))
    made = await house.confirmed()
    stop = house.desk.pause if act == "pause" else house.desk.cancel

    async def stopped() -> object:
        await asyncio.sleep(0.02)
        return await stop(house.by, made.id)

    await asyncio.gather(house.spreading.begin(made.id), stopped())
    await stop(house.by, made.id)
    await house.spreading(made.id)
    assert {row.state for row in await house.rows()} <= {"held", "cancelled"}
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert seen.sent == 0


async def test_what_went_out_cannot_be_cancelled(house: House) -> None:
    made = await house.sent()
    await house.delivered()
    await house.work(made.id)
    assert "gone out" in refusal(await house.desk.cancel(house.by, made.id))
    assert "gone out" in refusal(await house.desk.pause(house.by, made.id))


async def test_whoever_left_or_opted_out_or_cannot_be_reached_meanwhile_is_left_out_with_why(house: House) -> None:
    text = AnnouncementText("en", "Deals", "{open_deals} open deals.")
    await house.store(*many(5))
    made = await house.confirmed(replace(PRICES, texts=(text,), timing=Timing(wall("2026-11-30 10:00"))))
    house.now = datetime(2026, 11, 30, 10, tzinfo=UTC)
    with pytest.raises(Struck):
        await dying(house, 0).begin(made.id)
    people = many(5)
    await house.store(
        replace(people[0], active=False),
        replace(people[1], opted_out=True),
        replace(people[2], rights=()),
        contact(id="c-9", partner_id="p-2", email=people[3].email, opted_out=True),
    )
    await house.spreading(made.id)
    assert await house.left_out(made.id) == {
        "m-0000": "left the partner meanwhile",
        "m-0001": "opted out",
        "m-0002": "without the right to see deals",
        "m-0003": "opted out",
    }
    assert await house.mailed() == ["ada@one.example", "bo@two.example", people[4].email]
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert seen.total == 3


async def test_mails_to_one_domain_go_at_its_pace_and_others_do_not_wait(house: House) -> None:
    house.per_minute = 60
    await house.store(*many(4, "big.example"))
    await house.sent()
    times = {row.payload["to"]: row.not_before for row in await house.rows()}
    assert times["ada@one.example"] is None
    assert times["bo@two.example"] is None
    paced = sorted(at or FRIDAY for to, at in times.items() if to.endswith("big.example"))
    assert paced == [FRIDAY + timedelta(seconds=n) for n in range(4)]
    again = replace(PRICES, texts=(replace(ENGLISH, subject="More"),))
    await house.sent(again)
    later = [row.not_before for row in await house.rows() if row.payload["subject"] == "More"]
    assert max(at for at in later if at) == FRIDAY + timedelta(seconds=7)


async def test_nobody_is_written_to_while_people_rest_there(house: House) -> None:
    house.now = NIGHT
    await house.store(contact(id="c-5", partner_id="p-3", email="eve@three.example"))
    async with house.storage.begin() as connection:
        await mirror.store(connection, [partner(id="p-3", name="Three", time_zone="Pacific/Auckland", country="NZ")])
    made = await house.sent()
    assert await house.mailed() == []
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert (seen.waiting, seen.later) == (3, 3)
    assert seen.next_at == datetime(2026, 11, 29, 19, tzinfo=UTC)
    house.now = datetime(2026, 11, 29, 20, tzinfo=UTC)
    await house.work(made.id)
    assert await house.mailed() == ["eve@three.example"]
    house.now = datetime(2026, 11, 30, 21, tzinfo=UTC)  # the agent was away all day
    await house.work(made.id)
    assert await house.mailed() == ["eve@three.example"]
    house.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    await house.work(made.id)
    assert len(await house.mailed()) == 3


async def test_what_is_resumed_at_night_waits_for_the_morning(house: House) -> None:
    made = await house.sent()
    await house.desk.pause(house.by, made.id)
    house.now = NIGHT
    await house.desk.resume(house.by, made.id)
    assert {row.not_before for row in await house.rows()} == {datetime(2026, 11, 30, 7, tzinfo=UTC)}
    assert {row.not_before for row in await house.rows("crm", "log_interaction")} == {
        datetime(2026, 11, 30, 7, tzinfo=UTC)
    }


async def test_who_would_read_it_in_a_channel_that_is_paused_by_then_gets_a_mail(house: House) -> None:
    await house.map_channel("p-1")
    made = await house.confirmed(replace(PRICES, route=Route.SLACK, timing=Timing(wall("2026-11-30 10:00"))))
    house.now = datetime(2026, 11, 30, 10, tzinfo=UTC)
    with pytest.raises(Struck):
        await dying(house, 0).begin(made.id)
    await house.map_channel("p-1", paused="unshared")
    await house.work(made.id)
    await house.work(made.id)
    assert await house.rows("slack") == []
    assert await house.mailed() == ["ada@one.example", "bo@two.example"]


async def test_a_held_copy_that_is_on_its_way_comes_to_its_end(house: House) -> None:
    made = await house.sent()
    first, _ = await house.rows()
    async with house.storage.begin() as connection:
        await outbox.begin(connection, [first.id])
    await house.desk.pause(house.by, made.id)
    states = {row.id: row.state for row in await house.rows()}
    assert states.pop(first.id) == "pending"
    assert set(states.values()) == {"held"}


def dying(house: House, portions: int) -> Spreading:
    """Goes down when it has written so many portions; the plan and what comes before it are a transaction each."""
    return replace(house.spreading, database=Breaking(house.storage, 2 + portions))
