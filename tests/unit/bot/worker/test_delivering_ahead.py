"""Mails prepared over several connections: one end at most is ever unknown, and what is stopped or urgent is heeded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import own_addresses
from bot.channels.email.relay import Relay
from bot.storage import outbox
from bot.storage.outbox import BULK, REPLY, Destination, Outgoing
from tests.builders import NOW, program
from tests.fakes.relay import FakeRelay, Mood
from tests.fakes.scripted_relay import ScriptedRelay
from tests.unit.bot.worker.assembled import Assembled, assembled

pytestmark = pytest.mark.slow

MAIL = Destination.MAIL
OWN = own_addresses(program().vendor, "")
CONNECTIONS = 3


async def nothing() -> None:
    """What is done where a test asks for no more."""


class WatchedRelay(FakeRelay):
    """`at_each` is done when a mail has come to its end, before the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.at_each: Callable[[], Awaitable[None]] = nothing

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        await self.at_each()
        return said


@dataclass
class OneLine(ScriptedRelay):
    """Takes one connection at a time."""

    lines: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.lines:
            writer.write(b"421 4.7.0 too many connections\r\n")
            writer.close()
            return
        self.lines += 1
        try:
            await super().serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()  # hung up on in the middle of a mail
        finally:
            self.lines -= 1


@asynccontextmanager
async def house_of(database: str, port: int) -> AsyncIterator[Assembled]:
    client = Relay("127.0.0.1", port, tls="none", timeout=5, connections=CONNECTIONS)
    outlet = MailOutlet(client, MailWriter(OWN, ""), OWN, lambda: NOW)
    async with assembled(database, outlets={MAIL: outlet}) as house:
        yield house
        await client.close()


@pytest.fixture
async def relay() -> AsyncIterator[WatchedRelay]:
    relay = WatchedRelay()
    await relay.start()
    yield relay
    await relay.stop()


@pytest.fixture
async def house(database: str, relay: WatchedRelay) -> AsyncIterator[Assembled]:
    async with house_of(database, relay.port) as house:
        yield house


def mail(number: int, priority: int = BULK) -> Outgoing:
    address = f"person{number}@brightpath.example"
    payload = {"to": address, "subject": "Hello", "text": f"mail {number}"}
    return Outgoing(f"mail:{number}", MAIL, "reply", payload, address, partner_id="p-1", priority=priority)


async def put(house: Assembled, *rows: Outgoing) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, rows)


def once(relay: WatchedRelay, act: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Done at the first mail alone."""

    async def at_each() -> None:
        if len(relay.taken) == 1:
            await act()

    return at_each


def arrived(relay: FakeRelay) -> list[str]:
    return [taken.to[0].partition("@")[0] for taken in relay.taken]


async def test_however_many_are_prepared_one_may_have_arrived_unnoted(house: Assembled, relay: WatchedRelay) -> None:
    unsure: list[int] = []

    async def counted() -> None:
        unsure.append(await house.value("select count(*) from outbox where state = 'pending' and unsure > 0"))

    relay.at_each = counted
    await put(house, *map(mail, range(12)))
    assert await house.jobs.deliver(MAIL) == 12
    assert unsure == [1] * 12
    assert arrived(relay) == [f"person{n}" for n in range(12)]
    assert await house.rows("select distinct state, attempts, unsure from outbox") == [("sent", 1, 1)]
    assert await house.value("select count(*) from ledger where kind = 'delivery'") == 12


async def test_what_is_cancelled_or_held_while_others_go_is_not_sent(house: Assembled, relay: WatchedRelay) -> None:
    stop = "update outbox set state = case when key = 'mail:1' then 'held' else 'cancelled' end where key <> 'mail:0'"
    relay.at_each = once(relay, lambda: house.change(stop))
    await put(house, *map(mail, range(6)))
    assert await house.jobs.deliver(MAIL) == 1
    assert arrived(relay) == ["person0"]
    assert await house.value("select count(*) from outbox where state in ('held', 'cancelled') and unsure = 0") == 5
    await house.change("update outbox set state = 'pending' where state = 'held'")
    await house.jobs.deliver(MAIL)
    assert arrived(relay) == ["person0", "person1"]


async def test_a_reply_passes_the_bulk_that_is_not_prepared_yet(house: Assembled, relay: WatchedRelay) -> None:
    async def asked() -> None:
        await put(house, mail(99, REPLY))
        await asyncio.sleep(0.3)  # longer than it takes until the next look

    relay.at_each = once(relay, asked)
    await put(house, *map(mail, range(20)))
    assert await house.jobs.deliver(MAIL) == 21
    assert arrived(relay).index("person99") <= 1 + CONNECTIONS
    assert len(relay.taken) == 21


async def test_a_relay_that_takes_one_connection_gets_everything_over_one(database: str) -> None:
    far = OneLine()
    server = await asyncio.start_server(far.serve, "127.0.0.1", 0)
    async with house_of(database, server.sockets[0].getsockname()[1]) as house:
        await put(house, *map(mail, range(8)))
        assert await house.jobs.deliver(MAIL) == 8
        assert sorted(far.recipients) == sorted(f"person{n}@brightpath.example" for n in range(8))
        assert len(far.taken) == 8
        assert await house.value("select count(*) from parked") == 0
    server.close()
    await server.wait_closed()


async def test_every_mood_of_a_relay_ends_as_it_does_over_one_connection(house: Assembled, relay: WatchedRelay) -> None:
    relay.moods = [Mood.WELL, Mood.PUTTING_OFF, Mood.REFUSING, Mood.LOST, Mood.WELL]
    await put(house, *map(mail, range(5)))
    await house.jobs.deliver(MAIL)
    states = [row[0] for row in await house.rows("select state from outbox order by seq")]
    assert states == ["sent", "pending", "refused", "pending", "sent"]
    await house.change("update outbox set not_before = null")
    await house.jobs.deliver(MAIL)
    assert arrived(relay) == ["person0", "person3", "person4", "person1", "person3"]


async def test_bulk_goes_by_its_planned_time_and_in_order_to_one_address(house: Assembled) -> None:
    await put(
        house, mail(1), mail(2), Outgoing("again", MAIL, "reply", mail(2).payload, mail(2).ordering, priority=BULK)
    )
    await house.change("update outbox set not_before = now() - interval '1 hour' where key in ('mail:2', 'again')")
    await house.change("update outbox set not_before = now() - interval '1 minute' where key = 'mail:1'")
    await house.change("update outbox set not_before = now() + interval '1 hour' where key = 'mail:2'")
    async with house.database.reading() as connection:
        assert [row.key for row in await outbox.due(connection, MAIL)] == ["mail:1"]
        assert await outbox.destinations_due(connection) == [MAIL]
    await house.change("update outbox set not_before = now() - interval '2 hours' where key = 'mail:2'")
    async with house.database.reading() as connection:
        assert [row.key for row in await outbox.due(connection, MAIL)] == ["mail:2", "mail:1"]
