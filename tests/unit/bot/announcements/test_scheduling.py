"""Announcements that wait for their time: sent once, cancelled, or not sent at all, whoever does what together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.announcements.scheduling import ANNOUNCEMENT, Scheduling
from bot.channels.slack.outbound.outlet import CARD
from bot.desk.due import DueDesk
from bot.storage import mirror, scheduled_announcements, tasks
from bot.storage.announcement_tables import announcement_recipients
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.scheduled_announcements import Kept, State
from bot.storage.tables import outbox
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment
from knowledge.program import Program
from tests.builders import contact, partner, program
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
LATER = START + timedelta(days=2)
EVERYONE = Segment()


async def nothing_overlooked() -> int:
    return 0


@dataclass
class House:
    storage: Database
    queue: Queue
    program: Program
    now: datetime = START

    @property
    def by(self) -> str:
        return next(m.email for m in self.program.managers if m.announces)

    @property
    def other(self) -> str:
        return [m.email for m in self.program.managers if m.announces][1]

    @property
    def desk(self) -> Scheduling:
        return Scheduling(self.storage, self.queue, self.program, lambda: self.now, "partners.example")

    async def fall_due(self) -> None:
        desk = DueDesk(
            self.storage, self.queue, lambda: self.now, {ANNOUNCEMENT: self.desk.fall_due}, nothing_overlooked
        )
        await desk()

    async def schedule(
        self, subject: str = "Prices", *, announcement_id: str = "", by: str = "", at: datetime | None = LATER,
        segment: Segment = EVERYONE,
    ) -> Kept | NotDone:  # fmt: skip
        name = announcement_id or str(uuid4())
        return await self.desk.schedule(name, by or self.by, segment, subject, "New prices.", at)

    async def kept(self) -> Kept:
        made = await self.schedule()
        assert isinstance(made, Kept)
        return made

    async def mails(self) -> list[str]:
        query = select(outbox.c.payload["to"].astext).where(outbox.c.kind == "announcement")
        async with self.storage.reading() as connection:
            return sorted(await connection.scalars(query))

    async def told(self) -> list[tuple[str, str]]:
        """(whom, what) was written to managers directly."""
        query = select(outbox.c.payload).where(outbox.c.kind == CARD)
        async with self.storage.reading() as connection:
            return [(p["channel"], p["text"]) for p in await connection.scalars(query)]

    def in_slack(self) -> None:
        """Every manager is known there."""
        managers = tuple(replace(m, slack_user_id=f"U{n}") for n, m in enumerate(self.program.managers))
        self.program = replace(self.program, managers=managers)

    async def state(self, announcement_id: str) -> State:
        async with self.storage.reading() as connection:
            found = await scheduled_announcements.find(connection, announcement_id)
        assert found is not None
        return found.state


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    people = [
        contact(id="c-1", partner_id="p-1", email="ada@one.example"),
        contact(id="c-2", partner_id="p-2", email="bo@two.example"),
        contact(id="c-3", partner_id="p-2", email="cy@two.example", opted_out=True),
    ]
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(id="p-1", name="One"), partner(id="p-2", name="Two"), *people])
    return House(storage, queue, program())


async def test_it_goes_out_at_its_time_to_whoever_is_in_the_segment_then(house: House) -> None:
    made = await house.kept()
    await house.fall_due()
    assert await house.mails() == []
    async with house.storage.begin() as connection:
        await mirror.store(connection, [contact(id="c-4", partner_id="p-1", email="di@one.example")])
    house.now = LATER
    await asyncio.gather(house.fall_due(), house.fall_due())
    await house.fall_due()
    assert await house.mails() == ["ada@one.example", "bo@two.example", "di@one.example"]
    assert await house.state(made.id) is State.SENT
    query = select(announcement_recipients.c.address).where(announcement_recipients.c.announcement_id == made.id)
    async with house.storage.reading() as connection:
        assert len((await connection.scalars(query)).all()) == 3


async def test_whoever_scheduled_it_is_told_directly_that_it_has_gone_out(house: House) -> None:
    house.in_slack()
    await house.kept()
    await house.schedule("At once", at=None)
    await house.fall_due()
    assert await house.told() == []
    house.now = LATER
    await house.fall_due()
    await house.fall_due()
    ((whom, said),) = await house.told()
    assert whom == next(m.slack_user_id for m in house.program.managers if m.announces)
    assert "“Prices” has gone out, to 2 people at 2 partners" in said


async def test_at_once_is_with_the_next_look(house: House) -> None:
    await house.schedule(at=None)
    await house.fall_due()
    assert await house.mails() == ["ada@one.example", "bo@two.example"]


async def test_the_same_form_schedules_once_however_often_it_is_sent_off(house: House) -> None:
    name = str(uuid4())
    made = await asyncio.gather(*(house.schedule(announcement_id=name) for _ in range(5)))
    assert {one.id for one in made if isinstance(one, Kept)} == {name}
    async with house.storage.reading() as connection:
        assert len(await scheduled_announcements.waiting(connection)) == 1
    assert isinstance(await house.schedule(announcement_id=name, by=house.other), NotDone)


async def test_two_managers_who_say_the_same_to_the_same_people_say_it_once(house: House) -> None:
    made = await asyncio.gather(house.schedule(by=house.by), house.schedule(by=house.other))
    assert sorted(isinstance(one, Kept) for one in made) == [False, True]
    refused = next(one for one in made if isinstance(one, NotDone))
    assert "announced exactly this" in refused.text
    assert isinstance(await house.schedule(segment=Segment(partners=("One",))), Kept)
    assert isinstance(await house.schedule("Other prices"), Kept)
    house.now += timedelta(hours=25)
    assert isinstance(await house.schedule(by=house.other, at=None), Kept)


async def test_what_is_cancelled_is_not_sent(house: House) -> None:
    made = await house.kept()
    assert isinstance(await house.desk.cancel(made.id, house.other), Done)
    assert isinstance(await house.desk.cancel(made.id, house.other), Done)
    house.now = LATER
    await house.fall_due()
    assert await house.mails() == []
    assert isinstance(await house.schedule(at=None, announcement_id=made.id), NotDone)
    assert isinstance(await house.schedule(at=None), Kept)


async def test_what_went_out_cannot_be_cancelled(house: House) -> None:
    made = await house.kept()
    house.now = LATER
    await house.fall_due()
    refused = await house.desk.cancel(made.id, house.by)
    assert isinstance(refused, NotDone)
    assert "gone out" in refused.text
    assert await house.state(made.id) is State.SENT


async def test_cancelling_and_falling_due_at_once_do_one_of_the_two(house: House) -> None:
    made = await house.kept()
    house.now = LATER
    cancelled, _ = await asyncio.gather(house.desk.cancel(made.id, house.by), house.fall_due())
    sent = bool(await house.mails())
    assert sent != isinstance(cancelled, Done)
    assert await house.state(made.id) is (State.SENT if sent else State.CANCELLED)


async def test_who_may_not_announce_any_more_is_told_that_it_was_not_sent(house: House) -> None:
    made = await house.kept()
    managers = tuple(replace(m, announces=False) for m in house.program.managers)
    house.program = replace(house.program, managers=managers)
    house.now = LATER
    await house.fall_due()
    assert await house.mails() == []
    assert await house.state(made.id) is State.CANCELLED
    async with house.storage.reading() as connection:
        (told,) = await tasks.open_tasks(connection)
    assert "was not sent" in told.summary


async def test_an_empty_segment_at_its_time_is_told(house: House) -> None:
    house.in_slack()
    made = await house.kept()
    async with house.storage.begin() as connection:
        gone = [contact(id=f"c-{n}", partner_id=f"p-{n}", email=f"{n}@x.example", active=False) for n in (1, 2)]
        await mirror.store(connection, gone)
    house.now = LATER
    await house.fall_due()
    assert await house.state(made.id) is State.CANCELLED
    ((_, said),) = await house.told()
    assert "was not sent: nobody was in the segment" in said


@pytest.mark.parametrize(
    ("by", "subject", "body"),
    [("nobody@x.example", "Prices", "New."), ("", "", "New."), ("", "Prices", "  "), ("", "Prices", "x" * 100_001)],
)
async def test_what_cannot_be_announced_is_not_kept(house: House, by: str, subject: str, body: str) -> None:
    made = await house.desk.schedule(str(uuid4()), by or house.by, EVERYONE, subject, body, LATER)
    assert isinstance(made, NotDone)


@pytest.mark.parametrize("name", ["", "x", "'; drop table announcements", "7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10"])
async def test_what_is_no_announcement_is_not_cancelled(house: House, name: str) -> None:
    assert isinstance(await house.desk.cancel(name, house.by), NotDone)
