"""Calls to Slack keep to their limits before they are sent, and share their connections."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.slack.api.calls import SlackClient, call, slack_client
from bot.channels.slack.api.connections import Connections
from bot.channels.slack.api.errors import SlackOutcomeUnknown, SlackRateLimited, SlackUnavailable
from bot.channels.slack.api.limits import Limits
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.people.identity import WebSlackUsers
from tests.fakes.slack.web_api import BOT_USER, TOKEN, FakeSlack, Mood
from tests.unit.bot.channels.slack.test_limits import PaceOnPaper


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


@pytest.fixture
async def shared() -> AsyncIterator[Connections]:
    made = Connections(timeout=0.3)
    yield made
    await made.aclose()


async def test_calls_that_follow_each_other_share_a_connection_also_those_of_another_client(
    shared: Connections,
) -> None:
    callers: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        callers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "ts": "1.1"})

    app = web.Application()
    app.router.add_post("/api/chat.postMessage", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    for number in range(6):
        client = slack_client(TOKEN, base_url=base, connections=shared)
        await SlackSender(client, BOT_USER).send("C0PARTNER", "", "Hi", None, f"{number}")
    await shared.aclose()
    await runner.cleanup()
    assert len(callers) == 1


async def test_what_only_reads_is_asked_again_where_a_kept_connection_was_closed(
    slack: FakeSlack, shared: Connections
) -> None:
    client = slack_client(TOKEN, base_url=slack.base_url, connections=shared)
    slack.next_moods("users.info", Mood.LOST_AFTER_COMMIT)
    assert (await WebSlackUsers(client).user("U0ALICE")).name == "Alice Partner"


async def test_a_post_is_sent_once_also_over_a_kept_connection(slack: FakeSlack, shared: Connections) -> None:
    sender = SlackSender(slack_client(TOKEN, base_url=slack.base_url, connections=shared), BOT_USER)
    await sender.send("C0PARTNER", "", "one", None, "1")
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(SlackOutcomeUnknown):
        await sender.send("C0PARTNER", "", "two", None, "2")
    assert [post["text"] for post in slack.channels["C0PARTNER"].posts] == ["one", "two"]


async def test_an_answer_that_takes_too_long_ends_the_call_and_no_other(slack: FakeSlack, shared: Connections) -> None:
    slack.slowness = 0.6
    client = slack_client(TOKEN, base_url=slack.base_url, connections=shared)
    slack.next_moods("users.info", Mood.SLOW)
    with pytest.raises(SlackUnavailable):
        await WebSlackUsers(client).user("U0ALICE")
    assert (await WebSlackUsers(client).user("U0ALICE")).team
