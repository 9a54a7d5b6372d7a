"""While Slack cannot tell who wrote, messages wait without a job and without asking it, and go on in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.operations import queue
from bot.ports import Incoming, InletUnavailable, RawMessage
from bot.storage.inbox import Arrival
from bot.storage.outbox import Destination
from bot.storage.queue import READ
from bot.vocabulary.message import Message, Sender
from crm.records import Channel
from tests.builders import NOW
from tests.unit.bot.worker.assembled import Assembled, assembled

_JOBS = "select args ->> 'inbox_id', lock from procrastinate_jobs where task_name = :task order by id"


class Moody:
    """An inlet whose channel is away until it is `back`; `asked` names the messages it was asked about."""

    def __init__(self) -> None:
        self.back = False
        self.asked: list[str] = []

    async def read(self, raw: RawMessage) -> Incoming:
        self.asked.append(raw.inbox_id)
        if not self.back:
            raise InletUnavailable("status 503", 20.0)
        sender = Sender(slack_team="T1", slack_user="U1", slack_channel="C1", proof="slack")
        return Incoming(Message(raw.inbox_id, Channel.SLACK, raw.inbox_id, raw.received_at, sender, "", "hello"))


@pytest.fixture
def slack() -> Moody:
    return Moody()


@pytest.fixture
async def house(database: str, slack: Moody) -> AsyncIterator[Assembled]:
    async with assembled(database, inlet=slack) as house:
        yield house


async def arrives(house: Assembled, number: int, conversation: str = "C1:1") -> Arrival:
    arrival = Arrival(Channel.SLACK, b"{}", {}, NOW + timedelta(seconds=number), lock=conversation)
    await house.inbox.accept([arrival])
    return arrival


async def time_passes(house: Assembled) -> None:
    await house.change("update parked set until = now()")


async def read(house: Assembled, *arrivals: Arrival) -> list[str]:
    """Their read jobs run, once each; the states they are in then."""
    for arrival in arrivals:
        await house.jobs.read(arrival.id, 0)
    return [await house.state(arrival) for arrival in arrivals]


async def test_slack_is_asked_once_and_then_left_alone(house: Assembled, slack: Moody) -> None:
    arrivals = [await arrives(house, n, f"C{n}:1") for n in range(5)]
    assert await read(house, *arrivals) == ["parked"] * 5
    assert slack.asked == [arrivals[0].id]
    wait = await house.value("select extract(epoch from until - now()) from parked where dependency = 'slack_read'")
    assert float(wait) == pytest.approx(20, abs=2)


async def test_mail_is_read_meanwhile(house: Assembled, slack: Moody) -> None:
    await read(house, await arrives(house, 1))
    slack.back = True
    mail = await house.arrives("hello", message_id="<1@x>")
    assert await read(house, mail) == ["read"]


async def test_what_waits_gets_its_jobs_back_in_order_and_under_its_own_lock(house: Assembled, slack: Moody) -> None:
    second, first = await arrives(house, 2), await arrives(house, 1, "C2:1")
    await read(house, second, first)
    await house.change("delete from procrastinate_jobs")
    await house.jobs.housekeeping("nudge")
    assert await house.rows(_JOBS, task=READ) == []  # its time has not come

    await time_passes(house)
    slack.back = True
    await house.jobs.housekeeping("nudge")
    await house.jobs.housekeeping("nudge")
    assert [tuple(row) for row in await house.rows(_JOBS, task=READ)] == [
        (first.id, "read:C2:1"),
        (second.id, "read:C1:1"),
    ]
    assert await read(house, first, second) == ["read", "read"]
    assert await house.value("select count(*) from parked") == 0


async def test_a_slack_that_stays_away_is_asked_once_for_each_rest_and_rests_longer(
    house: Assembled, slack: Moody
) -> None:
    arrivals = [await arrives(house, n, f"C{n}:1") for n in range(3)]
    rests = []
    for _ in range(3):
        await read(house, *arrivals)
        rests.append(float(await house.value("select extract(epoch from until - now()) from parked")))
        await time_passes(house)
        await house.jobs.housekeeping("nudge")
    assert len(slack.asked) == 3
    assert rests == pytest.approx([20, 40, 80], abs=3)


async def test_a_later_message_never_overtakes_one_of_its_conversation_that_waits(
    house: Assembled, slack: Moody
) -> None:
    first = await arrives(house, 1)
    await read(house, first)
    await house.change("delete from parked")  # another conversation got through meanwhile
    slack.back = True
    second, other = await arrives(house, 2), await arrives(house, 3, "C2:1")
    assert await read(house, second, other) == ["parked", "read"]
    await house.jobs.housekeeping("nudge")
    assert await read(house, first, second) == ["read", "read"]


async def test_an_outage_is_told_to_people_once_and_only_after_five_minutes(house: Assembled) -> None:
    await read(house, await arrives(house, 1))
    told = "select count(*) from tasks where kind = 'notice'"
    await house.jobs.housekeeping("nudge")
    assert await house.value(told) == 0
    await house.change("update parked set since = now() - interval '6 minutes'")
    await house.jobs.housekeeping("nudge")
    await house.jobs.housekeeping("nudge")
    assert await house.value(told) == 1
    assert "status 503" in await house.value("select summary from tasks where kind = 'notice'")


async def test_the_queue_page_counts_what_waits(house: Assembled) -> None:
    await read(house, await arrives(house, 1), await arrives(house, 2))
    async with house.database.begin() as connection:
        [parked] = (await queue.view(connection, "partners@lumora.example")).parked
    assert (parked.dependency, parked.count, parked.reason) == ("slack_read", 2, "status 503")


async def test_a_read_that_is_parked_parks_no_delivery(house: Assembled) -> None:
    await read(house, await arrives(house, 1))
    assert await house.jobs.deliver(Destination.MAIL) == 0
    assert await house.value("select count(*) from parked where dependency <> 'slack_read'") == 0
