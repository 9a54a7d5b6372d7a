"""While DNS does not answer, a mail is read again later by itself, and at last as one that nobody proved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.channels.email.inlet import MailInlet
from bot.channels.email.own import own_addresses
from bot.storage.inbox import Arrival
from bot.worker.undecided import WAITS
from mail_ingest.apart import ReaderApart
from mail_ingest.authentication.own_check import OwnCheck
from tests.builders import program
from tests.fakes.zone import Zone
from tests.unit.bot.worker.assembled import Assembled, assembled, mail

DOMAIN = "brightpath.example"
PEER = "198.51.100.7"
_JOBS = (
    "select lock, round(extract(epoch from scheduled_at - now())) from procrastinate_jobs where scheduled_at > now()"
)


@dataclass
class Sundial:
    """A clock that a test moves on."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Scene:
    house: Assembled
    zone: Zone
    clock: Sundial

    async def arrives(self, number: int = 1, sender: str = f"sara@{DOMAIN}") -> Arrival:
        arrival = mail("hello", message_id=f"<{number}@x>", sender=sender)
        arrival = replace(arrival, envelope=arrival.envelope | {"peer": PEER})
        await self.house.inbox.accept([arrival])
        return arrival

    async def read(self, arrival: Arrival) -> str:
        self.clock.now += 100  # what failed is asked again
        await self.house.jobs.read(arrival.id, 0)
        return await self.house.state(arrival)

    async def later(self) -> list[tuple[str, int]]:
        """The lock of each job that waits, and its seconds."""
        return [(row[0], int(row[1])) for row in await self.house.rows(_JOBS)]

    async def trust(self, arrival: Arrival) -> str:
        return str(await self.house.value("select trust from inbox where id = :id", id=arrival.id))


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    zone, clock, reader = Zone(), Sundial(), ReaderApart()
    zone.add(DOMAIN, "TXT", "v=spf1 ip4:198.51.100.7 -all")
    inlet = MailInlet(own_addresses(program().vendor, ""), OwnCheck(zone, clock=clock), reader)
    async with assembled(database, inlet=inlet) as house:
        yield Scene(house, zone, clock)
    await reader.aclose()


async def test_a_mail_is_read_again_and_proven_once_dns_answers(scene: Scene) -> None:
    scene.zone.fail(DOMAIN)
    arrival = await scene.arrives()
    assert await scene.read(arrival) == "received"
    assert await scene.later() == [(f"read:{arrival.id}", WAITS[0])]
    assert "temperror" in await scene.house.value("select error from inbox where id = :id", id=arrival.id)
    scene.zone.recover(DOMAIN)
    assert await scene.read(arrival) == "read"
    assert await scene.trust(arrival) == "proven"
    row = await scene.house.rows("select error, failures from inbox where id = :id", id=arrival.id)
    assert tuple(row[0]) == ("", 0)


async def test_its_job_comes_again_by_itself(scene: Scene) -> None:
    scene.zone.fail(DOMAIN)
    arrival = await scene.arrives()
    await scene.read(arrival)
    scene.zone.recover(DOMAIN)
    scene.clock.now += 100
    await scene.house.change("update procrastinate_jobs set scheduled_at = now() + interval '0.2 seconds'")
    scene.house.worker.start()
    await scene.house.worked("select count(*) from inbox where state = 'received'")
    await scene.house.worker.stop()
    assert await scene.trust(arrival) == "proven"


async def test_it_waits_longer_each_time_and_at_last_counts_as_claimed(scene: Scene) -> None:
    scene.zone.fail(DOMAIN)
    arrival = await scene.arrives()
    for number in range(len(WAITS)):
        assert await scene.read(arrival) == "received"
        assert [seconds for _, seconds in await scene.later()] == list(WAITS[: number + 1])
    assert await scene.read(arrival) == "read"
    assert await scene.trust(arrival) == "claimed"
    assert await scene.house.value("select count(*) from tasks where kind = 'shunted'") == 0


async def test_a_fail_is_final_at_once(scene: Scene) -> None:
    scene.zone.replace(DOMAIN, "TXT", "v=spf1 -all")
    arrival = await scene.arrives()
    assert await scene.read(arrival) == "read"
    assert await scene.trust(arrival) == "claimed"
    assert await scene.later() == []


async def test_other_mails_of_the_same_envelope_sender_are_not_held_up(scene: Scene) -> None:
    """Somebody else may have put that address on an envelope, over a domain that never answers."""
    scene.zone.fail("broken.example")
    stuck = await scene.arrives(1, "eve@broken.example")
    assert await scene.read(stuck) == "received"
    scene.house.worker.start()
    mine = await scene.arrives(2)
    await scene.house.worked(f"select count(*) from inbox where id = '{mine.id}' and state = 'received'")
    await scene.house.worker.stop()
    assert await scene.trust(mine) == "proven"
    assert await scene.house.state(stuck) == "received"


async def test_the_agents_own_mail_come_back_waits_for_nothing(scene: Scene) -> None:
    scene.zone.fail("lumora.example")
    arrival = await scene.arrives(1, "partners@lumora.example")
    assert await scene.read(arrival) == "ignored"
    assert await scene.later() == []
