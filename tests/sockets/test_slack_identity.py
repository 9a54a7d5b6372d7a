"""Asking Slack who wrote and who reads, over real sockets."""

from __future__ import annotations

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackUnauthorised, SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.people.audience import WebSlackChannels
from bot.channels.slack.people.identity import SlackUser, WebSlackUsers
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, FakeSlack, Mood

OWN = Installation(HOME, BOT_USER)


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def users(slack: FakeSlack, clock: Clock | None = None, capacity: int = 100) -> WebSlackUsers:
    client = slack_client(TOKEN, base_url=slack.base_url)
    return WebSlackUsers(client, ttl=60, capacity=capacity, clock=clock or Clock())


async def test_an_outsider_is_known_by_the_team_slack_names(slack: FakeSlack) -> None:
    assert await users(slack).user("U0ALICE") == SlackUser("U0ALICE", AWAY, name="Alice Partner")


async def test_a_user_is_asked_for_once_until_the_answer_is_old(slack: FakeSlack) -> None:
    clock = Clock()
    asked = users(slack, clock)
    await asked.user("U0ALICE")
    clock.time = 59.0
    await asked.user("U0ALICE")
    assert len(slack.calls) == 1
    slack.users["U0ALICE"].team = THIRD
    clock.time = 60.0
    assert (await asked.user("U0ALICE")).team == THIRD


@pytest.mark.parametrize("user_id", ["U0NOBODY", "U0HIDDEN"])
async def test_a_user_that_slack_does_not_tell_has_no_team_and_is_asked_for_again_sooner(
    slack: FakeSlack, user_id: str
) -> None:
    slack.add_user("U0HIDDEN", AWAY, "Hidden", visible=False)
    clock = Clock()
    asked = users(slack, clock)
    assert await asked.user(user_id) == SlackUser(user_id)
    clock.time = 7.0
    await asked.user(user_id)
    assert len(slack.calls) == 2


async def test_a_failure_is_not_remembered(slack: FakeSlack) -> None:
    slack.next_moods("users.info", Mood.SERVER_ERROR, Mood.RATE_LIMITED)
    asked = users(slack)
    for _ in range(2):
        with pytest.raises(SlackUnavailable):
            await asked.user("U0ALICE")
    assert (await asked.user("U0ALICE")).team == AWAY


async def test_a_revoked_token_is_the_operators(slack: FakeSlack) -> None:
    slack.refuse["users.info"] = "token_revoked"
    with pytest.raises(SlackUnauthorised):
        await users(slack).user("U0ALICE")


async def test_only_so_many_users_are_remembered(slack: FakeSlack) -> None:
    asked = users(slack, capacity=1)
    for user_id in ("U0ALICE", "U0THIRD", "U0THIRD", "U0ALICE"):
        await asked.user(user_id)
    assert [arguments["user"] for _, arguments in slack.calls] == ["U0ALICE", "U0THIRD", "U0ALICE"]


async def test_the_audience_of_a_channel_is_every_team_outside_ours(slack: FakeSlack) -> None:
    channels = WebSlackChannels(slack_client(TOKEN, base_url=slack.base_url), OWN)
    slack.add_channel("C0CROWD", {HOME, AWAY, THIRD})
    assert (await channels.audience("C0PARTNER")).is_only(AWAY)
    assert not (await channels.audience("C0PARTNER")).is_only(THIRD)
    assert not (await channels.audience("C0CROWD")).is_only(AWAY)
    assert (await channels.audience("C0INTERNAL")).teams == frozenset()


async def test_a_channel_slack_does_not_show_is_confirmed_for_nobody(slack: FakeSlack) -> None:
    channels = WebSlackChannels(slack_client(TOKEN, base_url=slack.base_url), OWN)
    assert not (await channels.audience("C0GONE")).is_only(AWAY)
    slack.next_moods("conversations.info", Mood.SLOW, Mood.SERVER_ERROR)
    slack.slowness = 0.01
    assert (await channels.audience("C0PARTNER")).confirmed
    with pytest.raises(SlackUnavailable):
        await channels.audience("C0PARTNER")
