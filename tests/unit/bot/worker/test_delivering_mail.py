"""Mail's outbox against a real relay's moods: put off, refused, full, gone, and an answer that was lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import own_addresses
from bot.channels.email.relay import Relay
from bot.storage import mirror, outbox
from bot.storage.outbox import BULK, Destination, Outgoing
from tests.builders import NOW, partner, program
from tests.fakes.relay import FakeRelay, Mood
from tests.fakes.scripted_relay import running_relay
from tests.unit.bot.worker.assembled import Assembled, assembled

pytestmark = pytest.mark.slow

MAIL = Destination.MAIL
OWN = own_addresses(program().vendor, "")
BOUNCES = BounceAddresses(OWN.domain, "a secret of the test's installation")


@pytest.fixture
async def relay() -> AsyncIterator[FakeRelay]:
    relay = FakeRelay()
    await relay.start()
    yield relay
    await relay.stop()


@pytest.fixture
async def house(database: str, relay: FakeRelay) -> AsyncIterator[Assembled]:
    client = Relay(relay.host, relay.port, tls="none", timeout=5)
    outlet = MailOutlet(client, MailWriter(OWN, ""), OWN, lambda: NOW)
    async with assembled(database, outlets={MAIL: outlet}) as house:
        yield house
        await client.close()


def reply(number: int, *, to: int = 0, priority: int = 0) -> Outgoing:
    """To person `to`, each to another one unless it is said."""
    address = f"person{to or number}@brightpath.example"
    payload = {"to": address, "subject": "Hello", "text": f"answer {number}"}
    return Outgoing(f"reply:{number}", MAIL, "reply", payload, address, partner_id="p-1", priority=priority)


async def put(house: Assembled, *rows: Outgoing) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, rows)


async def states(house: Assembled) -> list[str]:
    return [row[0] for row in await house.rows("select state from outbox order by seq")]


async def again(house: Assembled) -> None:
    await house.change("update outbox set not_before = null")
    await house.change("update parked set until = now()")
    await house.jobs.deliver(MAIL)


def arrived(relay: FakeRelay) -> list[str]:
    return [taken.to[0].partition("@")[0] for taken in relay.taken]


async def test_replies_go_before_bulk_each_in_its_order(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1, priority=BULK), reply(2), reply(3, priority=BULK), reply(4))
    assert await house.jobs.deliver(MAIL) == 4
    assert arrived(relay) == ["person2", "person4", "person1", "person3"]


async def test_a_mail_the_relay_puts_off_waits_alone(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1), reply(2))
    relay.moods = [Mood.PUTTING_OFF]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["pending", "sent"]
    await again(house)
    assert arrived(relay) == ["person2", "person1"]


async def test_to_one_address_no_answer_overtakes_one_that_was_put_off(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1), reply(2, to=1), reply(3))
    relay.moods = [Mood.PUTTING_OFF]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["pending", "pending", "sent"]
    await house.jobs.deliver(MAIL)  # the first still waits
    assert await states(house) == ["pending", "pending", "sent"]
    await again(house)
    assert [taken.mail["Message-ID"] for taken in relay.taken[1:]] == [
        f"<{row.id}@{OWN.domain}>" for row in (reply(1), reply(2, to=1))
    ]


async def test_an_address_that_is_put_off_holds_up_nobody_else_of_its_partner(
    house: Assembled, relay: FakeRelay
) -> None:
    await put(house, reply(1))
    relay.moods = [Mood.PUTTING_OFF]
    await house.jobs.deliver(MAIL)
    await put(house, reply(2))
    await house.jobs.deliver(MAIL)
    assert arrived(relay) == ["person2"]


async def test_a_refused_mail_is_shown_to_a_person(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1), reply(2))
    relay.moods = [Mood.REFUSING]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["refused", "sent"]
    told = await house.value("select summary from tasks where kind = 'refused_delivery'")
    assert "person1@brightpath.example" in told
    assert "550" in told


async def test_a_recipient_that_the_relay_refuses_stops_nobody_else_and_its_manager_reads_the_relays_words(
    database: str,
) -> None:
    async with running_relay() as far:
        far.refusals = {
            "person1@brightpath.example": "550 5.1.1 no such mailbox here",
            "person2@brightpath.example": "450 4.2.1 mailbox busy",
        }
        client = Relay("127.0.0.1", far.port, tls="none", timeout=5)
        outlet = MailOutlet(client, MailWriter(OWN, ""), OWN, lambda: NOW, bounces=BOUNCES)
        async with assembled(database, outlets={MAIL: outlet}) as house:
            async with house.database.begin() as connection:
                await mirror.store(connection, [partner()])
            await put(house, reply(1), reply(2), reply(3))
            await house.jobs.deliver(MAIL)
            assert await states(house) == ["refused", "pending", "sent"]
            (task,) = await house.rows("select manager_email, partner_id, summary from tasks")
            assert task[:2] == ("noor@lumora.example", "p-1")
            assert "person1@brightpath.example" in task[2]
            assert "550 5.1.1 no such mailbox here" in task[2]
            far.refusals.clear()
            await again(house)
            assert await states(house) == ["refused", "sent", "sent"]
            assert far.recipients == ["person3@brightpath.example", "person2@brightpath.example"]
            await client.close()
        returns = [sender.partition("<")[2].partition(">")[0] for sender in far.senders]
        assert [BOUNCES.row_of(address) for address in returns] == [reply(n).id for n in (1, 2, 3, 2)]


async def test_a_mail_that_is_put_off_for_hours_is_told_and_tried_for_three_days(
    house: Assembled, relay: FakeRelay
) -> None:
    await put(house, reply(1))
    relay.mood = Mood.PUTTING_OFF
    waits = []
    for _ in range(85):
        await again(house)
        waits.append(await house.value("select extract(epoch from not_before - now()) from outbox") or 0)
        if len(waits) == 13:
            assert "still tried" in await house.value("select summary from tasks")
    assert [round(wait / 10) * 10 for wait in waits[3:14]] == [
        20, 30, 60, 130, 260, 510, 1020, 1800, 1800, 3600, 3600,
    ]  # fmt: skip
    assert sum(waits[:84]) > 3 * 24 * 3600 * 0.95
    assert await states(house) == ["refused"]
    assert await house.value("select count(*) from tasks") == 2


async def test_a_relay_that_is_full_is_parked_and_gets_the_rest_later(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1), reply(2), reply(3))
    relay.moods = [Mood.WELL, Mood.FULL]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["sent", "pending", "pending"]
    assert await house.value("select count(*) from parked where until > now()") == 1
    asked = relay.asked
    assert await house.jobs.deliver(MAIL) == 0
    assert relay.asked == asked
    await again(house)
    assert arrived(relay) == ["person1", "person2", "person3"]


async def test_a_relay_that_is_gone_is_parked_and_gets_everything_when_it_is_back(
    house: Assembled, relay: FakeRelay
) -> None:
    await relay.stop()
    await put(house, reply(1), reply(2))
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["pending", "pending"]
    await relay.start()
    await again(house)
    assert arrived(relay) == ["person1", "person2"]
    assert await house.value("select count(*) from parked") == 0


async def test_a_mail_whose_answer_was_lost_goes_again_under_the_same_message_id(
    house: Assembled, relay: FakeRelay
) -> None:
    await put(house, reply(1))
    relay.moods = [Mood.LOST]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["pending"]
    await again(house)
    assert await states(house) == ["sent"]
    first, second = relay.taken
    assert first.message_id == second.message_id != ""


async def test_a_mail_whose_answer_is_lost_twice_is_not_sent_a_third_time(house: Assembled, relay: FakeRelay) -> None:
    await put(house, reply(1))
    relay.moods = [Mood.LOST, Mood.LOST]
    await house.jobs.deliver(MAIL)
    await again(house)
    await again(house)
    assert len(relay.taken) == 2
    assert await states(house) == ["unknown"]
    told = await house.value("select summary from tasks where kind = 'refused_delivery'")
    assert "may or may not have arrived" in told


async def test_a_relay_that_puts_off_and_then_loses_an_answer_still_gets_the_one_repeat(
    house: Assembled, relay: FakeRelay
) -> None:
    await put(house, reply(1))
    relay.moods = [Mood.PUTTING_OFF, Mood.PUTTING_OFF, Mood.LOST]
    for _ in range(4):
        await again(house)
    assert await states(house) == ["sent"]
    assert len(relay.taken) == 2


async def test_a_process_that_died_while_sending_repeats_the_mail_and_no_lost_answer_after_that(
    house: Assembled, relay: FakeRelay
) -> None:
    await put(house, reply(1))
    async with house.database.begin() as connection:
        await outbox.begin(connection, [reply(1).id])  # and nothing more was heard of it
    relay.moods = [Mood.LOST]
    await house.jobs.deliver(MAIL)
    assert await states(house) == ["unknown"]
    assert len(relay.taken) == 1


async def test_a_row_that_is_no_mail_is_refused_and_holds_up_nobody(house: Assembled, relay: FakeRelay) -> None:
    odd = Outgoing("reply:odd", MAIL, "reply", {"to": "not an address\r\nBcc: all", "text": "x"})
    await put(house, odd, Outgoing("reply:odder", MAIL, "reply", {}), reply(1))
    await house.jobs.deliver(MAIL)
    assert (await states(house))[0] == "refused"
    assert arrived(relay) == ["person1"]
