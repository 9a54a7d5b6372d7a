"""Slack's outbox: never a second post, no channel in another's way, and a limit that concerns its own channel only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.storage import outbox
from bot.storage.outbox import Destination, Outgoing
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, TOKEN, FakeSlack, Mood
from tests.unit.bot.worker.assembled import Assembled, assembled

pytestmark = pytest.mark.slow

SLACK = Destination.SLACK
A, B = "C0PARTNER", "C0SECOND"
THREAD = "1790000001.000100"
PACE = 0.4


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    slack.add_channel(B, {HOME, AWAY})
    async with running_slack(slack):
        yield slack


@pytest.fixture
async def house(database: str, slack: FakeSlack) -> AsyncIterator[Assembled]:
    sender = SlackSender(slack_client(TOKEN, base_url=slack.base_url), BOT_USER)
    async with assembled(database, outlets={SLACK: SlackOutlet(sender, PACE)}) as house:
        yield house


def post(number: int, channel: str = A) -> Outgoing:
    payload = {"channel": channel, "thread_ts": THREAD, "text": f"answer {number}"}
    return Outgoing(f"reply:{number}", SLACK, "reply", payload, channel, partner_id="p-1")


async def put(house: Assembled, *rows: Outgoing) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, rows)


async def states(house: Assembled) -> list[str]:
    return [row[0] for row in await house.rows("select state from outbox order by seq")]


def posted(slack: FakeSlack) -> list[str]:
    """All posts in the order they were asked for."""
    return [arguments["text"] for method, arguments in slack.calls if method == "chat.postMessage"]


async def first_post(slack: FakeSlack) -> None:
    async with asyncio.timeout(5):
        while True:
            if slack.channels[A].posts:
                return
            await asyncio.sleep(0.01)


async def test_a_process_that_dies_between_the_post_and_its_note_does_not_post_again(
    house: Assembled, slack: FakeSlack
) -> None:
    await put(house, post(1))
    slack.next_moods("chat.postMessage", Mood.SLOW)
    dying = asyncio.create_task(house.jobs.deliver(SLACK))
    await first_post(slack)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await states(house) == ["pending"]

    await house.jobs.deliver(SLACK)
    assert await states(house) == ["sent"]
    assert len(slack.channels[A].posts) == 1
    assert await house.value("select remote_id from outbox") == slack.channels[A].posts[0]["ts"]


async def test_a_post_is_looked_for_from_the_time_of_its_first_attempt_on(house: Assembled, slack: FakeSlack) -> None:
    await put(house, post(1))
    slack.next_moods("chat.postMessage", Mood.LOST_BEFORE_COMMIT)
    await house.jobs.deliver(SLACK)
    await house.change("update outbox set not_before = null")
    await house.jobs.deliver(SLACK)
    [asked] = [arguments for method, arguments in slack.calls if method == "conversations.replies"]
    assert 0 < datetime.now(UTC).timestamp() - float(asked["oldest"]) < 1_000
    assert [found["text"] for found in slack.channels[A].posts] == ["answer 1"]


async def test_nothing_is_looked_for_where_no_attempt_is_in_doubt(house: Assembled, slack: FakeSlack) -> None:
    await put(house, post(1))
    slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
    await house.jobs.deliver(SLACK)
    await house.change("update outbox set not_before = null")
    await house.jobs.deliver(SLACK)
    assert [method for method, _ in slack.calls] == ["chat.postMessage", "chat.postMessage"]
    assert await states(house) == ["sent"]


async def test_a_busy_channel_holds_up_no_other(house: Assembled, slack: FakeSlack) -> None:
    await put(house, *(post(n) for n in range(3)), post(7, B), post(8, B))
    await house.jobs.deliver(SLACK)
    assert set(await states(house)) == {"sent"}
    assert sorted(posted(slack)[:2]) == ["answer 0", "answer 7"]
    assert [text for text in posted(slack) if text in {"answer 0", "answer 1", "answer 2"}] == [
        "answer 0", "answer 1", "answer 2",
    ]  # fmt: skip


async def test_a_channel_where_slack_does_not_answer_holds_up_no_other(house: Assembled, slack: FakeSlack) -> None:
    await put(house, post(1), post(2, B), post(3, B))
    slack.slowness = 2.5 * PACE
    slack.next_moods("chat.postMessage", Mood.SLOW)
    await house.jobs.deliver(SLACK)
    late = await house.rows("select extract(epoch from max(sent_at) over () - sent_at) from outbox order by sent_at")
    assert [float(row[0]) > PACE / 2 for row in late] == [True, True, False]


async def test_what_is_written_while_a_channel_is_paced_goes_at_once_to_another(
    house: Assembled, slack: FakeSlack
) -> None:
    await put(house, *(post(n) for n in range(4)))
    draining = asyncio.create_task(house.jobs.deliver(SLACK))
    await first_post(slack)
    await put(house, post(9, B))
    await draining
    assert posted(slack).index("answer 9") < 3


async def test_between_two_posts_in_a_channel_lies_its_pace(house: Assembled) -> None:
    await put(house, *(post(n) for n in range(3)))
    await house.jobs.deliver(SLACK)
    times = [row[0] for row in await house.rows("select sent_at from outbox order by seq")]
    assert all((later - earlier).total_seconds() >= PACE for earlier, later in pairwise(times))


async def test_no_look_misses_a_row_whose_turn_comes_at_that_very_moment(house: Assembled) -> None:
    pace, missed, seen = 0.004, 0, 0
    await put(house, post(1), post(2))
    (sent, _) = await house.rows("select id from outbox order by seq")
    for _ in range(30):
        async with house.database.begin() as connection:
            await outbox.settle(connection, str(sent[0]), outbox.OutboxState.SENT)
        rows: list[outbox.Due] = []
        while not rows:
            async with house.database.reading() as connection:
                rows, more = await outbox.due_heads(connection, SLACK, pace)
            missed += not (rows or more)
        seen += 1
    assert (seen, missed) == (30, 0)


async def test_a_changed_post_keeps_no_answer_waiting(house: Assembled) -> None:
    await put(house, replace(post(1), kind=outbox.CHANGE), post(2))
    ids = [str(row[0]) for row in await house.rows("select id from outbox order by seq")]
    async with house.database.begin() as connection:
        await outbox.settle(connection, ids[0], outbox.OutboxState.SENT)
        rows, _ = await outbox.due_heads(connection, SLACK, 60.0)
        assert [row.id for row in rows] == ids[1:]
        await outbox.settle(connection, ids[1], outbox.OutboxState.SENT)
    await put(house, post(3))
    async with house.database.reading() as connection:
        assert await outbox.due_heads(connection, SLACK, 60.0) == ([], True)


async def test_a_rate_limit_lets_only_its_channel_wait_as_long_as_slack_says(
    house: Assembled, slack: FakeSlack
) -> None:
    await put(house, post(1), post(2), post(3, B))
    slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
    await house.jobs.deliver(SLACK)
    assert await states(house) == ["pending", "pending", "sent"]
    assert await house.value("select count(*) from parked") == 0
    wait = await house.value("select extract(epoch from not_before - now()) from outbox order by seq limit 1")
    assert float(wait) == pytest.approx(7, abs=2)
    await house.change("update outbox set not_before = null")
    await house.jobs.deliver(SLACK)
    assert posted(slack) == ["answer 1", "answer 3", "answer 1", "answer 2"]


async def test_a_rate_limit_however_often_is_no_reason_to_give_up(house: Assembled, slack: FakeSlack) -> None:
    await put(house, post(1))
    slack.next_moods("chat.postMessage", *[Mood.RATE_LIMITED] * 15)
    for _ in range(16):
        await house.change("update outbox set not_before = null")
        await house.jobs.deliver(SLACK)
    assert await states(house) == ["sent"]
    assert len(slack.channels[A].posts) == 1


async def test_a_token_that_is_not_accepted_parks_all_of_slack(house: Assembled, slack: FakeSlack) -> None:
    await put(house, post(1), post(2, B))
    slack.refuse["chat.postMessage"] = "token_revoked"
    await house.jobs.deliver(SLACK)
    assert await states(house) == ["pending", "pending"]
    tried = len(slack.calls)
    assert tried <= 2
    assert "token_revoked" in await house.value("select reason from parked where dependency = 'slack'")
    slack.refuse.clear()
    await house.change("update parked set until = now()")
    await house.jobs.deliver(SLACK)
    assert [method for method, _ in slack.calls[tried:]] == ["chat.postMessage", "chat.postMessage"]
