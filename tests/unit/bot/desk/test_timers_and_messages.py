"""A timer and a message of the same partner at the same moment: one of the two wins, and the other knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.due import DueDesk, Handler
from bot.ports import FactsChanged
from bot.storage import mirror
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox
from bot.storage.queue import Queue
from bot.storage.unit import StoredUnit
from bot.storage.units import StoredUnits
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, Sender, ThreadContext
from bot.vocabulary.requests import Reading
from crm.records import Channel, RegistrationState
from knowledge.deal_clock import Timer
from tests.builders import NOW, contact, draft, partner, program, registration
from tests.unit.bot.desk.timed import DOMAIN, TimedHouse, at
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

IDENTITY = Identity(Trust.PROVEN, partner=partner(), contact=contact())
ACCEPTED = registration(
    state=RegistrationState.APPROVED, decided_at=at("2026-11-26"), protected_until=date(2027, 2, 24)
)
EXTENDED = replace(ACCEPTED, protected_until=date(2027, 4, 25), extensions=1)


@dataclass
class Busy(TimedHouse):
    """Messages are handled as the pipeline handles them: on the facts of a version, or not at all."""

    async def version(self) -> int:
        async with self.storage.begin() as connection:
            return await mirror.version(connection, "p-1")

    @asynccontextmanager
    async def message(self, version: int) -> AsyncIterator[StoredUnit]:
        arrival = Arrival(Channel.EMAIL, b"raw", {}, NOW, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        message = Message(arrival.id, Channel.EMAIL, "<1@x>", NOW, Sender(), "Vega", "Please extend it")
        units = StoredUnits(self.storage, self.queue, program(), Answering(DOMAIN))
        async with units.open(message, IDENTITY, ThreadContext(), version) as unit:
            yield unit
            await unit.log(Reading("en", (), answer_expected=True), "extended", (), None)

    async def extends(self, version: int) -> bool:
        """Whether the partner's message was carried out; False where the facts had changed."""
        try:
            async with self.message(version) as unit:
                await unit.save_registration(EXTENDED)
        except FactsChanged:
            return False
        return True

    async def ended(self) -> bool:
        return any("protection" in said and "ended" in said for said in await self.told())

    def desk_that_stops(self, reached: asyncio.Event, go_on: asyncio.Event) -> DueDesk:
        """It stops after its handler, before the end of the transaction."""

        def stopping(handler: Handler) -> Handler:
            async def handle(connection: AsyncConnection, timer: Timer, now: datetime) -> None:
                await handler(connection, timer, now)
                reached.set()
                await go_on.wait()

            return handle

        desk = self.desk
        return replace(desk, handlers={kind: stopping(handler) for kind, handler in desk.handlers.items()})


@pytest.fixture
async def house(storage: Database, queue: Queue) -> Busy:
    made = Busy(storage, queue)
    await made.moves_in()
    return made


async def test_a_message_that_came_first_keeps_its_extension(house: Busy) -> None:
    await house.saves(ACCEPTED)
    house.now = at("2027-02-25", 10)
    async with house.message(await house.version()) as unit:
        await unit.save_registration(EXTENDED)
        desk = asyncio.create_task(house.desk())
        await asyncio.sleep(0.3)
        assert not desk.done()
    await desk
    assert await house.registration("D-2001") == EXTENDED
    assert not await house.ended()
    assert await house.waiting() == [
        "protection_end:D-2001:2027-04-25",
        "protection_reminder:D-2001:2027-04-25:14",
        "protection_reminder:D-2001:2027-04-25:3",
    ]


async def test_a_timer_that_came_first_makes_the_message_look_again(house: Busy) -> None:
    await house.saves(ACCEPTED)
    await house.passes(at("2027-02-24"), timedelta(days=1))
    house.now = at("2027-02-25", 10)
    version = await house.version()
    reached, go_on = asyncio.Event(), asyncio.Event()
    desk = asyncio.create_task(house.desk_that_stops(reached, go_on)())
    await reached.wait()
    message = asyncio.create_task(house.extends(version))
    await asyncio.sleep(0.3)
    assert not message.done()
    go_on.set()
    await desk
    assert await message is False
    assert (await house.registration("D-2001")).state is RegistrationState.EXPIRED
    assert await house.ended()


async def test_whoever_is_first_the_two_never_mix(house: Busy) -> None:
    """One of many orders at each try: expired and told, or extended and silent, and no deadlock."""
    for attempt in range(12):
        await house.saves(replace(ACCEPTED, number=f"D-30{attempt:02}", products=(f"Product {attempt}",)))
    house.now = at("2027-02-25", 10)

    async def extends(number: str, products: tuple[str, ...]) -> bool:
        try:
            async with house.message(await house.version()) as unit:
                await unit.save_registration(replace(EXTENDED, number=number, products=products))
        except FactsChanged:
            return False
        return True

    numbers = [f"D-30{attempt:02}" for attempt in range(12)]
    messages = [extends(number, (f"Product {n}",)) for n, number in enumerate(numbers)]
    *carried_out, _, _ = await asyncio.gather(*messages, house.desk(), house.desk())
    await house.desk()
    told = " ".join(said for said in await house.told() if "ended on" in said)
    for number, extended in zip(numbers, carried_out, strict=True):
        kept = await house.registration(number)
        if extended and kept.state is RegistrationState.EXPIRED:
            pytest.fail(f"{number} was extended and expired all the same")
        assert kept.state is (RegistrationState.APPROVED if extended else RegistrationState.EXPIRED)
        assert (number in told) == (not extended)


async def test_an_answer_to_a_draft_that_just_ended_is_handled_on_the_facts_as_they_are(house: Busy) -> None:
    await house.saves(draft())
    version = await house.version()
    house.now = at("2026-12-28")
    await house.desk()
    with pytest.raises(FactsChanged):
        async with house.message(version) as unit:
            await unit.save_registration(replace(draft(), currency="EUR"))
    assert (await house.registration("D-3001")).state is RegistrationState.EXPIRED


async def test_two_messages_about_one_deal_do_not_overwrite_each_other(house: Busy) -> None:
    await house.saves(draft())
    version = await house.version()

    async def says(**values: object) -> bool:
        try:
            async with house.message(version) as unit:
                await unit.save_registration(replace(draft(), **values))  # type: ignore[arg-type]
        except FactsChanged:
            return False
        return True

    done = await asyncio.gather(says(currency="EUR"), says(close_date=date(2027, 3, 1)))
    assert sorted(done) == [False, True]
    kept = await house.registration("D-3001")
    assert (kept.currency == "EUR") != (kept.close_date is not None)
