"""A long answer in Slack: its posts stand in order below each other, and a lost reply of Slack repeats none of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.people.audience import WebSlackChannels
from bot.ports import Parcel
from bot.storage import outbox
from bot.storage.answers import NOTICE, REPLY, put_answer
from bot.storage.outbox import Destination
from bot.vocabulary.layout import Paragraph
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import Choice, Choices, Reply
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, FakeSlack, Mood
from tests.unit.bot.worker.assembled import Assembled, assembled

pytestmark = pytest.mark.slow

SLACK, CHANNEL = Destination.SLACK, "C0PARTNER"
PARAGRAPHS = tuple(Paragraph(f"{place} " + "x" * 2_000) for place in ("first", "second", "third"))
LONG = Reply(
    "\n\n".join(p.text for p in PARAGRAPHS), "en", PARAGRAPHS, (Choices((Choice("Show how", "How?"),)),),
    ("Helpful", "Not helpful"),
)  # fmt: skip


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as slack:
        yield slack


@pytest.fixture
async def opened(database: str, slack: FakeSlack) -> AsyncIterator[Assembled]:
    sender = SlackSender(slack_client(TOKEN, base_url=slack.base_url), BOT_USER)
    posted: list[Assembled] = []

    async def ts_of(outbox_id: str) -> str:
        async with posted[0].database.reading() as connection:
            return await outbox.remote_id(connection, outbox_id)

    async with assembled(database, outlets={SLACK: SlackOutlet(sender, 0.01, posted=ts_of)}) as house:
        posted.append(house)
        yield house


async def deliver(house: Assembled) -> None:
    """As often as the job comes round while rows wait for nothing but their pace."""
    paced = "state = 'pending' and (not_before is null or not_before < now() + interval '1 second')"
    for _ in range(20):
        await house.jobs.deliver(SLACK)
        if not await house.value(f"select count(*) from outbox where {paced}"):
            return
        await asyncio.sleep(0.02)


async def put(house: Assembled, thread_ts: str, kind: str = REPLY) -> None:
    async with house.database.begin() as connection:
        await put_answer(
            connection, "an-answer", kind, ReplyAddress(slack_channel=CHANNEL, slack_thread_ts=thread_ts), LONG,
            mail_domain="lumora.example", thread_id=None, partner_id="p-1",
        )  # fmt: skip


def posts(slack: FakeSlack) -> list[dict[str, Any]]:
    return slack.channels[CHANNEL].posts


def kinds(post: dict[str, Any]) -> list[str]:
    return [block["type"] for block in post["blocks"]]


async def test_its_posts_stand_in_order_and_the_buttons_below_the_last(opened: Assembled, slack: FakeSlack) -> None:
    await put(opened, "1790000001.000100")
    await deliver(opened)
    assert [post["text"].split()[0] for post in posts(slack)] == ["first", "second", "third"]
    assert {post["thread_ts"] for post in posts(slack)} == {"1790000001.000100"}
    assert [kinds(post) for post in posts(slack)] == [
        ["rich_text"],
        ["rich_text"],
        ["rich_text", "actions", "context_actions"],
    ]


async def test_what_opens_a_thread_goes_on_below_its_first_post(opened: Assembled, slack: FakeSlack) -> None:
    await put(opened, "", NOTICE)
    await deliver(opened)
    first, *more = posts(slack)
    assert "thread_ts" not in first
    assert [post["thread_ts"] for post in more] == [first["ts"], first["ts"]]


async def test_a_part_whose_answer_was_lost_is_found_and_the_others_are_not_said_again(
    opened: Assembled, slack: FakeSlack
) -> None:
    await put(opened, "1790000001.000100")
    later = "update outbox set not_before = now() + interval '1 hour' where kind = 'more'"
    await opened.change(later)
    await deliver(opened)
    await opened.change("update outbox set not_before = null")
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    await deliver(opened)
    await opened.change("update outbox set not_before = null")
    await deliver(opened)
    assert [post["text"].split()[0] for post in posts(slack)] == ["first", "second", "third"]
    assert {row[0] for row in await opened.rows("select state from outbox")} == {"sent"}


async def test_the_answer_counts_as_one(opened: Assembled) -> None:
    await put(opened, "1790000001.000100")
    rows = await opened.rows("select kind, payload->>'whole' is not null from outbox order by seq")
    assert [tuple(row) for row in rows] == [("reply", True), ("more", False), ("more", False)]


async def test_an_answer_shows_what_was_chosen_only_where_it_could_be_posted_now(slack: FakeSlack) -> None:
    client, own = slack_client(TOKEN, base_url=slack.base_url), Installation(HOME, BOT_USER)
    paused: set[str] = set()

    async def ts_of(_outbox_id: str) -> str:
        return str(slack.channels[CHANNEL].posts[0]["ts"])

    async def is_paused(channel: str) -> bool:
        return channel in paused

    outlet = SlackOutlet(
        SlackSender(client, BOT_USER), 0.0, posted=ts_of, channels=WebSlackChannels(client, own), paused=is_paused
    )
    place: dict[str, Any] = {
        "channel": CHANNEL,
        "thread_ts": "",
        "text": "Shall we?",
        "layout": [{"paragraph": "Shall we?"}],
    }
    await outlet.send(Parcel("a" * 32, REPLY, place, 0))
    changed = place | {"update_of": "a" * 32, "chosen": ["✓ Yes · Alice"], "only_team": AWAY}

    async def kinds_after(parcel: dict[str, Any]) -> list[str]:
        await outlet.send(Parcel("b" * 32, "slack_update", parcel, 0))
        return kinds(slack.channels[CHANNEL].posts[0])

    slack.channels[CHANNEL].teams.add(THIRD)
    assert await kinds_after(changed) == ["rich_text"]
    slack.channels[CHANNEL].teams.discard(THIRD)
    paused.add(CHANNEL)
    assert await kinds_after(changed) == ["rich_text"]
    paused.clear()
    assert await kinds_after(changed) == ["rich_text", "context"]
