"""From a partner's post in Slack to the neutral message, and from an outbox row to a post, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.inbound.inlet import SlackInlet
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.people.audience import WebSlackChannels
from bot.channels.slack.people.identity import WebSlackUsers
from bot.ports import (
    InletUnavailable,
    OutletOutcomeUnknown,
    OutletRefused,
    OutletUnavailable,
    Parcel,
    RawMessage,
    Unreadable,
)
from bot.vocabulary.message import Message
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, Mood
from tests.sockets.slack_front_door import FrontDoor, front_door

OWN = Installation(HOME, BOT_USER)


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with front_door() as opened:
        await opened.slack.start()
        yield opened
        await opened.slack.stop()
        assert opened.slack.violations == []


def inlet(door: FrontDoor) -> SlackInlet:
    client = slack_client(TOKEN, base_url=door.slack.base_url)
    return SlackInlet(OWN, WebSlackUsers(client), WebSlackChannels(client, OWN))


async def read_all(door: FrontDoor) -> list[Message]:
    """Every delivery, also those that the inbox would hold only once."""
    reader = inlet(door)
    raws = [RawMessage(str(n), event.raw, {}, event.received_at) for n, event in enumerate(door.inbox.seen)]
    return [(await reader.read(raw)).message for raw in raws]


async def test_whichever_event_of_a_mention_comes_first_the_message_is_the_same(door: FrontDoor) -> None:
    await door.events.say("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> what is our tier?")
    one, other = await read_all(door)
    assert one == replace(other, inbox_id=one.inbox_id)
    assert (one.text, one.addressed) == ("what is our tier?", True)
    assert (one.sender.slack_team, one.sender.slack_user, one.sender.proof) == (AWAY, "U0ALICE", "slack")


async def test_a_manager_in_a_partners_channel_is_of_our_own_team(door: FrontDoor) -> None:
    await door.events.say("U0MANAGER", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert {message.sender.slack_team for message in await read_all(door)} == {HOME}


async def test_where_a_second_partner_reads_the_channel_the_answer_knows_of_outsiders(door: FrontDoor) -> None:
    door.slack.channels["C0PARTNER"].teams.add(THIRD)
    await door.events.say("U0ALICE", "C0PARTNER", "hello")
    [message] = await read_all(door)
    assert (message.sender.slack_team, message.sender.proof) == (AWAY, "slack")
    assert message.reply_to is not None
    assert message.reply_to.outsiders


async def test_where_the_partner_alone_reads_the_channel_there_are_no_outsiders(door: FrontDoor) -> None:
    await door.events.say("U0ALICE", "C0PARTNER", "hello")
    [message] = await read_all(door)
    assert message.reply_to is not None
    assert not message.reply_to.outsiders


async def test_where_slack_does_not_confirm_who_reads_the_channel_nobody_is_proven(door: FrontDoor) -> None:
    door.slack.refuse["conversations.info"] = "channel_not_found"
    await door.events.say("U0ALICE", "C0PARTNER", "hello")
    [message] = await read_all(door)
    assert (message.sender.slack_team, message.sender.proof) == ("", "")


async def test_someone_slack_does_not_tell_is_proven_by_nothing(door: FrontDoor) -> None:
    door.slack.users["U0ALICE"].visible = False
    await door.events.say("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert {message.sender.proof for message in await read_all(door)} == {""}


async def test_a_message_waits_while_slack_cannot_be_asked(door: FrontDoor) -> None:
    await door.events.say("U0ALICE", "C0PARTNER", "hello")
    door.slack.next_moods("users.info", Mood.SERVER_ERROR)
    with pytest.raises(InletUnavailable):
        await read_all(door)
    assert len(await read_all(door)) == 1


async def test_answers_of_one_thread_have_one_key(door: FrontDoor) -> None:
    await door.events.say("U0ALICE", "C0PARTNER", "first")
    root = door.slack.channels["C0PARTNER"].posts[0]["ts"]
    await door.events.say("U0ALICE", "C0PARTNER", "second", thread_ts=root)
    reader = inlet(door)
    keys = {(await reader.read(RawMessage("1", seen.raw, {}, seen.received_at))).slack_key for seen in door.inbox.seen}
    assert keys == {f"{HOME}/C0PARTNER/{root}"}


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"event": {"type": "message"}}', b"\xff"])
async def test_what_is_no_event_is_unreadable(door: FrontDoor, raw: bytes) -> None:
    with pytest.raises(Unreadable):
        await inlet(door).read(RawMessage("1", raw, {}, datetime(2026, 11, 26, tzinfo=UTC)))


def outlet(door: FrontDoor) -> SlackOutlet:
    return SlackOutlet(SlackSender(slack_client(TOKEN, base_url=door.slack.base_url), BOT_USER), pace=0.01)


def parcel(number: str, unsure: int = 0, channel: str = "C0PARTNER") -> Parcel:
    payload: dict[str, object] = {"channel": channel, "thread_ts": "1790000001.000100", "text": f"answer {number}"}
    return Parcel(number, "reply", payload, 0, unsure)


async def test_a_lost_answer_does_not_make_a_second_post(door: FrontDoor) -> None:
    door.slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(OutletOutcomeUnknown):
        await outlet(door).send(parcel("41"))
    sent = await outlet(door).send(parcel("41", unsure=1))
    [post] = door.slack.channels["C0PARTNER"].posts
    assert sent.remote_id == post["ts"]


async def test_a_post_that_never_arrived_is_sent_at_the_next_attempt(door: FrontDoor) -> None:
    door.slack.next_moods("chat.postMessage", Mood.LOST_BEFORE_COMMIT)
    with pytest.raises(OutletOutcomeUnknown):
        await outlet(door).send(parcel("41"))
    await outlet(door).send(parcel("41", unsure=1))
    assert [post["text"] for post in door.slack.channels["C0PARTNER"].posts] == ["answer 41"]


async def test_the_outlet_says_what_may_be_done(door: FrontDoor) -> None:
    door.slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
    with pytest.raises(OutletUnavailable) as caught:
        await outlet(door).send(parcel("41"))
    assert caught.value.retry_after == 7.0
    with pytest.raises(OutletRefused):
        await outlet(door).send(parcel("42", channel="C0GONE"))
