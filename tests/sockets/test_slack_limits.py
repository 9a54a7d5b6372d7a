"""Calls to Slack keep to their limits before they are sent, and what Slack puts off is remembered for everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.slack.api.calls import SlackClient, call, slack_client
from bot.channels.slack.api.errors import SlackRateLimited
from bot.channels.slack.api.limits import Limits
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.people.identity import WebSlackUsers
from tests.fakes.slack.web_api import BOT_USER, TOKEN, FakeSlack, Mood
from tests.unit.bot.channels.slack.test_limits import PaceOnPaper


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()
    assert slack.violations == []


def client(slack: FakeSlack, pace: PaceOnPaper) -> SlackClient:
    return slack_client(TOKEN, base_url=slack.base_url, limits=Limits(pace))


async def test_what_is_over_a_limit_is_not_sent_and_says_how_long_to_wait(slack: FakeSlack) -> None:
    sender = SlackSender(client(slack, PaceOnPaper()), BOT_USER)
    await sender.send("C0PARTNER", "", "one", None, "1")
    with pytest.raises(SlackRateLimited) as caught:
        await sender.send("C0PARTNER", "", "two", None, "2")
    assert caught.value.retry_after == 1.0
    assert len(slack.calls) == 1
    await sender.send("C0INTERNAL", "", "three", None, "3")


async def test_what_one_client_hears_from_slack_holds_the_other_back(slack: FakeSlack) -> None:
    pace = PaceOnPaper()
    slack.next_moods("users.info", Mood.RATE_LIMITED)
    with pytest.raises(SlackRateLimited):
        await WebSlackUsers(client(slack, pace)).user("U0ALICE")
    with pytest.raises(SlackRateLimited) as caught:
        await WebSlackUsers(client(slack, pace)).user("U0THIRD")
    assert caught.value.retry_after == 7.0
    assert [method for method, _ in slack.calls] == ["users.info"]
    assert (await call(client(slack, pace), "conversations.info", {"channel": "C0PARTNER"}))["ok"]


async def test_a_fault_that_is_no_rate_limit_holds_nothing(slack: FakeSlack) -> None:
    pace = PaceOnPaper()
    slack.next_moods("chat.postMessage", Mood.SERVER_ERROR)
    with pytest.raises(Exception, match="postMessage"):
        await SlackSender(client(slack, pace), BOT_USER).send("C0PARTNER", "", "one", None, "1")
    assert pace.holds == {}


async def test_a_client_without_limits_asks_at_once(slack: FakeSlack) -> None:
    for _ in range(3):
        await SlackSender(slack_client(TOKEN, base_url=slack.base_url), BOT_USER).direct("U0ALICE")
    assert len(slack.calls) == 3
