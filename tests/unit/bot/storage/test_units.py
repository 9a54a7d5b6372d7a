"""A unit of work: everything of one message or nothing, never on facts that changed, never twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.ports import FactsChanged
from bot.storage import inbox, mirror, registrations
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.directory import StoredRecords
from bot.storage.inbox import Arrival, Inbox
from bot.storage.queue import Queue
from bot.storage.unit import StoredUnit
from bot.storage.units import AlreadyHandled, StoredUnits
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ReplyAddress, Sender, ThreadContext
from bot.vocabulary.reply import Reply
from bot.vocabulary.requests import Reading
from crm.records import Channel
from knowledge.programs import Programs
from tests.builders import NOW, contact, partner, program, registration

IDENTITY = Identity(Trust.PROVEN, partner=partner(), contact=contact())
READING = Reading("en", (), True)


class House:
    def __init__(self, storage: Database, queue: Queue, **answering: int) -> None:
        self.storage = storage
        self.queue = queue
        self.units = StoredUnits(storage, queue, program(), Answering("lumora.example", **answering))

    async def message(self) -> Message:
        arrival = Arrival(Channel.EMAIL, b"raw", {}, NOW, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        to = ReplyAddress(to="sara@brightpath.example", subject="Hello")
        sender = Sender("sara@brightpath.example", proof="dmarc")
        return Message(arrival.id, Channel.EMAIL, f"<{arrival.id}@x>", NOW, sender, "Hello", "text", reply_to=to)

    async def version(self) -> int:
        async with self.storage.begin() as connection:
            return await mirror.version(connection, "p-1")

    async def count(self, table: str) -> int:
        async with self.storage.begin() as connection:
            return int(await connection.scalar(text(f"select count(*) from {table}")) or 0)


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(), contact()])
    return House(storage, queue)


async def handled(house: House, message: Message, version: int, number: str = "D-2001") -> bool:
    """A registration is written, answered and logged; whether the answer was let go."""
    async with house.units.open(message, IDENTITY, ThreadContext(), version) as unit:
        await unit.save_registration(registration(number=number))
        return await _end(unit)


async def _end(unit: StoredUnit) -> bool:
    answered = await unit.answer(Reply("answer", "en"))
    await unit.log(READING, "registered", (), Reply("answer", "en") if answered else None)
    return answered


async def test_everything_is_written_together(house: House) -> None:
    message = await house.message()
    assert await handled(house, message, await house.version())
    async with house.storage.begin() as connection:
        row = await inbox.fetch(connection, message.inbox_id)
        keys = set(await connection.scalars(text("select key from outbox")))
    assert row is not None
    assert row.state == "handled"
    assert keys == {
        f"reply:{message.inbox_id}",
        f"crm:save_registration:D-2001:{message.inbox_id}",
        f"crm:log_interaction:in:{message.inbox_id}",
        f"crm:log_interaction:out:{message.inbox_id}",
    }


async def test_a_fault_in_the_middle_leaves_nothing(house: House) -> None:
    message = await house.message()
    version = await house.version()

    async def failing() -> None:
        async with house.units.open(message, IDENTITY, ThreadContext(), version) as unit:
            await unit.save_registration(registration())
            await unit.answer(Reply("answer", "en"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    assert [await house.count(t) for t in ("registrations", "outbox", "ledger", "tasks")] == [0, 0, 0, 0]
    assert await handled(house, message, version)


async def test_a_message_is_handled_once_by_whoever_comes_first(house: House) -> None:
    message = await house.message()
    version = await house.version()
    ends = await asyncio.gather(*(handled(house, message, version) for _ in range(4)), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyHandled", "AlreadyHandled", "AlreadyHandled", "bool"]
    with pytest.raises(AlreadyHandled):
        await handled(house, message, await house.version())


@pytest.mark.parametrize("changed", ["contact", "registration"])
async def test_a_decision_on_facts_that_changed_is_refused(house: House, changed: str) -> None:
    version = await house.version()
    if changed == "contact":
        async with house.storage.begin() as connection:
            await mirror.store(connection, [replace(contact(), name="Sara Lindgren")])
    else:
        await handled(house, await house.message(), version, "D-3001")
    with pytest.raises(FactsChanged):
        await handled(house, await house.message(), version)
    assert await handled(house, await house.message(), await house.version())


async def test_two_messages_of_a_partner_at_once_see_each_other(house: House) -> None:
    first, second = await house.message(), await house.message()
    version = await house.version()
    ends = await asyncio.gather(
        handled(house, first, version, "D-3001"), handled(house, second, version, "D-3002"), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == ["FactsChanged", "bool"]


async def test_a_number_that_another_partner_got_meanwhile_is_drawn_again(house: House) -> None:
    theirs = registration(partner_id="p-2", customer="Theirs")
    async with house.storage.begin() as connection:
        await registrations.save(connection, theirs)
    with pytest.raises(FactsChanged):
        await handled(house, await house.message(), await house.version(), theirs.number)
    async with house.storage.begin() as connection:
        kept = await registrations.find(connection, theirs.number)
    assert kept is not None
    assert kept.registration == theirs


async def test_no_address_gets_more_automatic_answers_than_the_cap(storage: Database, queue: Queue) -> None:
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(), contact()])
    house = House(storage, queue, proven_per_hour=2)
    sent = [await handled(house, await house.message(), await house.version(), f"D-{n}") for n in range(4)]
    assert sent == [True, True, False, False]
    assert await house.count("tasks where kind = 'notice'") == 1


async def test_fresh_numbers_are_free_and_random(house: House) -> None:
    records = StoredRecords(house.storage, Programs((program(),)))
    first, second = await records.of_partner("p-1"), await records.of_partner("p-1")
    assert first is not None
    assert second is not None
    assert len(set(first.fresh_numbers)) == len(first.fresh_numbers) == 24
    assert not set(first.fresh_numbers) & set(second.fresh_numbers)


async def test_the_mirror_and_a_message_of_the_same_partner_never_wait_in_a_ring(house: House) -> None:
    async def mirrored() -> None:
        async with house.storage.begin() as connection:
            await mirror.store(connection, [contact(), partner()])

    async def opted_out() -> None:
        message, version = await house.message(), await house.version()
        async with house.units.open(message, IDENTITY, ThreadContext(), version) as unit:
            await unit.opt_out("c-1")
            await _end(unit)

    for _ in range(10):
        ends = await asyncio.gather(mirrored(), opted_out(), mirrored(), return_exceptions=True)
        assert {type(end) for end in ends} <= {type(None), FactsChanged}
