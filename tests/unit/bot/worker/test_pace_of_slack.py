"""Slack's limits under load: two workers, many channels, storms of 429; never over a limit, nothing doubled or lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackRateLimited
from bot.channels.slack.api.limits import Limits, Line
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.people.identity import WebSlackUsers
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_pace import StoredPace
from bot.worker.delivering import DeliverJob
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, TOKEN, FakeSlack, Mood
from tests.unit.bot.worker.assembled import Assembled, assembled

pytestmark = pytest.mark.slow

SLACK = Destination.SLACK
SECOND = 0.15
CHANNELS = [f"C0MANY{number:02}" for number in range(12)]
EACH = 3


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    for channel in CHANNELS:
        slack.add_channel(channel, {HOME, AWAY})
    slack.meter.enforce(second=SECOND, burst=1)
    async with running_slack(slack):
        yield slack


@pytest.fixture
async def house(database: str, slack: FakeSlack) -> AsyncIterator[Assembled]:
    async with assembled(database) as house:
        yield house


def worker(house: Assembled, slack: FakeSlack, database: Database | None = None) -> DeliverJob:
    """One process's drain, with a client of its own; all they share is the database."""
    kept = database or house.database
    client = slack_client(TOKEN, base_url=slack.base_url, limits=Limits(StoredPace(kept), posts=SECOND))
    return DeliverJob(kept, {SLACK: SlackOutlet(SlackSender(client, BOT_USER), SECOND)})


def post(channel: str, number: int) -> Outgoing:
    payload = {"channel": channel, "thread_ts": "", "text": f"{channel} {number}"}
    return Outgoing(f"{channel}:{number}", SLACK, "reply", payload, channel)


async def put(house: Assembled, *rows: Outgoing) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, rows)


async def drained(house: Assembled, *drains: DeliverJob) -> None:
    """All the drains again and again, as the clock asks for them, until nothing is left; time passes quickly."""
    async with asyncio.timeout(30):
        while await house.value("select count(*) from outbox where state = 'pending'"):
            await asyncio.gather(*(drain(SLACK) for drain in drains))
            await house.change("update outbox set not_before = now() where not_before > now()")
            await house.change("update slack_pace set next_at = now() where next_at > now() + interval '0.5 s'")


def stands_in(slack: FakeSlack, channel: str) -> list[str]:
    return [said["text"] for said in slack.channels[channel].posts]


async def test_two_workers_keep_each_channels_second_and_its_order(house: Assembled, slack: FakeSlack) -> None:
    other = Database(house.database.postgres)
    await put(house, *(post(channel, number) for number in range(EACH) for channel in CHANNELS))
    await drained(house, worker(house, slack), worker(house, slack, other))
    await other.aclose()
    assert slack.meter.over == []
    assert all(stands_in(slack, c) == [f"{c} {number}" for number in range(EACH)] for c in CHANNELS)


async def test_two_workers_that_both_believe_it_is_their_turn_post_no_faster(
    house: Assembled, slack: FakeSlack
) -> None:
    """As after a break of the connection that held the turn: the pace is kept in the database, not by the turn."""
    slack.meter.burst = 2  # two posts are hardly ever under way for exactly as long
    senders = [
        SlackSender(
            slack_client(TOKEN, base_url=slack.base_url, limits=Limits(StoredPace(house.database), SECOND)), BOT_USER
        )
        for _ in range(2)
    ]

    async def posts(sender: SlackSender) -> int:
        done = 0
        for number in range(8):
            try:
                await sender.send(CHANNELS[0], "", f"{number}", None, f"{number}")
                done += 1
            except SlackRateLimited as fault:
                await asyncio.sleep(fault.retry_after)
        return done

    done = sum(await asyncio.gather(*(posts(sender) for sender in senders)))
    assert slack.meter.over == []
    assert len(slack.channels[CHANNELS[0]].posts) == done > 2


async def test_a_storm_of_429_and_lost_answers_doubles_nothing_and_loses_nothing(
    house: Assembled, slack: FakeSlack
) -> None:
    moods = [Mood.RATE_LIMITED, Mood.LOST_AFTER_COMMIT, Mood.LOST_BEFORE_COMMIT, Mood.SERVER_ERROR, Mood.NOT_JSON]
    slack.next_moods("chat.postMessage", *(moods * 4))
    slack.next_moods("conversations.history", Mood.RATE_LIMITED, Mood.RATE_LIMITED)
    await put(house, *(post(channel, number) for number in range(EACH) for channel in CHANNELS))
    await drained(house, worker(house, slack))
    assert Counter(await house.rows("select state from outbox")) == {("sent",): EACH * len(CHANNELS)}
    assert all(stands_in(slack, c) == [f"{c} {number}" for number in range(EACH)] for c in CHANNELS)


async def test_a_limit_of_the_whole_workspace_is_not_tried_in_every_channel(house: Assembled, slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", *[Mood.RATE_LIMITED] * 100)
    await put(house, *(post(channel, 0) for channel in CHANNELS))
    await worker(house, slack)(SLACK)
    assert len(slack.called("chat.postMessage")) < len(CHANNELS)
    assert await house.value("select count(*) from outbox where state = 'pending' and attempts = 0") == len(CHANNELS)
    assert await house.value("select count(*) from parked") == 0


async def test_a_look_up_beyond_its_limit_waits_and_posts_go_on(house: Assembled, slack: FakeSlack) -> None:
    client = slack_client(TOKEN, base_url=slack.base_url, limits=Limits(StoredPace(house.database), SECOND))
    ends = await asyncio.gather(
        *(WebSlackUsers(client).user(f"U{number:04}") for number in range(130)), return_exceptions=True
    )
    waits = [end.retry_after for end in ends if isinstance(end, SlackRateLimited)]
    assert len(waits) >= 30
    assert slack.meter.over == []
    await put(house, post(CHANNELS[0], 1))
    await worker(house, slack)(SLACK)
    assert stands_in(slack, CHANNELS[0]) == [f"{CHANNELS[0]} 1"]


async def test_what_only_the_partners_administrator_can_mend_is_told_once_and_never_tried_again(
    house: Assembled, slack: FakeSlack
) -> None:
    slack.channels[CHANNELS[0]].refuses["chat.postMessage"] = "restricted_action"
    await put(house, post(CHANNELS[0], 1), post(CHANNELS[1], 1))
    await drained(house, worker(house, slack))
    await worker(house, slack)(SLACK)
    tasks: list[Any] = await house.rows("select kind, summary from tasks")
    [(kind, summary)] = tasks
    assert kind == "refused_delivery"
    assert "administrator" in summary
    assert "restricted_action" in summary
    assert [asked["channel"] for asked in slack.called("chat.postMessage")].count(CHANNELS[0]) == 1
    assert stands_in(slack, CHANNELS[1]) == [f"{CHANNELS[1]} 1"]


async def test_a_scope_that_is_wanting_for_one_thing_stops_nothing_else(house: Assembled, slack: FakeSlack) -> None:
    slack.refuse["conversations.open"] = "missing_scope"
    await put(house, post("U0ALICE", 1), post(CHANNELS[1], 1))
    await worker(house, slack)(SLACK)
    assert await house.value("select count(*) from parked") == 0
    assert stands_in(slack, CHANNELS[1]) == [f"{CHANNELS[1]} 1"]
    assert "missing_scope" in await house.value("select error from outbox where state = 'pending'")


async def test_what_has_to_wait_for_its_turn_only_shortly_goes_in_the_same_drain(
    house: Assembled, slack: FakeSlack
) -> None:
    pace = StoredPace(house.database)
    await pace.hold(Line(f"chat.postMessage {CHANNELS[0]}", SECOND), 1.5 * SECOND)
    await put(house, post(CHANNELS[0], 1))
    await worker(house, slack)(SLACK)
    assert stands_in(slack, CHANNELS[0]) == [f"{CHANNELS[0]} 1"]
