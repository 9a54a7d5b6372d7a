"""The last look before a post: what others may not read, and what is for nobody in a paused channel, is not posted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.people.audience import WebSlackChannels
from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, FakeSlack, Mood

SHARED = "C0PARTNER"


def outlet(slack: FakeSlack, *paused: str) -> SlackOutlet:
    async def is_paused(channel: str) -> bool:
        return channel in paused

    client = slack_client(TOKEN, base_url=slack.base_url)
    channels = WebSlackChannels(client, Installation(HOME, BOT_USER))
    return SlackOutlet(SlackSender(client, BOT_USER), 0.0, channels=channels, paused=is_paused)


def figures(unsure: int = 0, **more: Any) -> Parcel:
    payload = {"channel": SHARED, "thread_ts": "", "text": "1,234.00 EUR", "only_team": AWAY} | more
    return Parcel("o-1", "reply", payload, attempts=unsure, unsure=unsure)


async def test_figures_are_posted_where_the_partner_alone_reads(slack: FakeSlack) -> None:
    assert (await outlet(slack).send(figures())).remote_id
    assert len(slack.channels[SHARED].posts) == 1


async def test_they_are_not_where_somebody_joined_or_is_invited_or_nobody_can_tell(slack: FakeSlack) -> None:
    channel = slack.channels[SHARED]
    for change in ("joined", "invited", "unknown"):
        channel.teams, channel.pending = {HOME, AWAY}, set()
        match change:
            case "joined":
                channel.teams.add(THIRD)
            case "invited":
                channel.pending.add(THIRD)
            case "unknown":
                slack.refuse["conversations.info"] = "channel_not_found"
        with pytest.raises(OutletRefused):
            await outlet(slack).send(figures())
    assert channel.posts == []


async def test_while_slack_cannot_be_asked_they_wait(slack: FakeSlack) -> None:
    slack.next_moods("conversations.info", Mood.SERVER_ERROR)
    with pytest.raises(OutletUnavailable):
        await outlet(slack).send(figures())
    assert slack.channels[SHARED].posts == []


async def test_what_stands_there_already_is_found_whoever_has_joined_since(slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(OutletOutcomeUnknown):
        await outlet(slack).send(figures())
    slack.channels[SHARED].teams.add(THIRD)
    (post,) = slack.channels[SHARED].posts
    assert (await outlet(slack).send(figures(unsure=1))).remote_id == post["ts"]


async def test_in_a_paused_channel_one_neutral_sentence_is_posted_and_nothing_else(slack: FakeSlack) -> None:
    paused = outlet(slack, SHARED)
    for parcel in (figures(), figures(only_team=None)):
        with pytest.raises(OutletRefused):
            await paused.send(parcel)
    await paused.send(figures(only_team=None, while_paused=True))
    assert len(slack.channels[SHARED].posts) == 1


async def test_a_direct_message_is_looked_at_by_nobody_else(slack: FakeSlack) -> None:
    slack.channels[SHARED].teams.add(THIRD)
    await outlet(slack, SHARED).send(figures(channel="U0ALICE", only_team=None))
    assert [post["text"] for post in slack.direct("U0ALICE").posts] == ["1,234.00 EUR"]
