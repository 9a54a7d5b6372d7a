"""Limits, lost answers and outages: by order, by chance, and as real Slack counts."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call, slack_client
from bot.channels.slack.api.errors import SlackOutcomeUnknown, SlackRateLimited, SlackUnavailable
from tests.fakes.slack.delivering import HttpTransport, Kind, encoded
from tests.fakes.slack.meter import Meter
from tests.fakes.slack.moods import Mood, Moods
from tests.fakes.slack.web_api import HOME, TOKEN, FakeSlack


def texts(slack: FakeSlack) -> list[str]:
    return [post["text"] for post in slack.channels["C0PARTNER"].posts]


@pytest.mark.parametrize(
    ("mood", "stands"),
    [
        (Mood.LOST_AFTER_COMMIT, True),
        (Mood.LOST_BEFORE_COMMIT, False),
        (Mood.SERVER_ERROR, False),
        (Mood.NOT_JSON, False),
    ],
)
async def test_a_lost_answer_says_nothing_about_the_post(slack: FakeSlack, mood: Mood, stands: bool) -> None:
    slack.next_moods("chat.postMessage", mood)
    client = slack_client(TOKEN, base_url=slack.base_url)
    with pytest.raises(SlackOutcomeUnknown):
        await call(client, "chat.postMessage", {"channel": "C0PARTNER", "text": "hi"}, writes=True)
    assert texts(slack) == (["hi"] if stands else [])


async def test_an_outage_lasts_until_all_is_well(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.moods.away()
    with pytest.raises(SlackUnavailable):
        await call(slack_client(TOKEN, base_url=slack.base_url), "auth.test", {})
    slack.moods.calm()
    assert (await client.auth_test())["team_id"] == HOME


async def test_something_happens_between_a_look_and_a_post(slack: FakeSlack, client: AsyncWebClient) -> None:
    channel = slack.channels["C0PARTNER"]
    slack.moods.before("chat.postMessage", lambda: setattr(channel, "archived", True))
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel="C0PARTNER", text="hi")
    slack.moods.after("conversations.info", lambda: setattr(channel, "archived", False))
    assert (await client.conversations_info(channel="C0PARTNER"))["channel"]["is_archived"] is True
    assert (await client.conversations_info(channel="C0PARTNER"))["channel"]["is_archived"] is False


def test_a_share_of_calls_goes_wrong_the_same_way_each_run() -> None:
    def run() -> list[Mood | None]:
        moods = Moods(seed=7)
        moods.share(Mood.RATE_LIMITED, 0.2)
        return [moods.mood("users.info") for _ in range(200)]

    assert run() == run()
    assert 20 < sum(mood is Mood.RATE_LIMITED for mood in run()) < 60


async def test_limits_are_counted_always_and_enforced_when_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    now = 0.0
    slack.meter.clock = lambda: now
    for _ in range(4):
        await client.chat_postMessage(channel="C0PARTNER", text="hi")
    assert [over.line for over in slack.meter.over] == ["chat.postMessage:C0PARTNER"]
    slack.meter.enforce()
    with pytest.raises(SlackRateLimited) as raised:
        await call(
            slack_client(TOKEN, base_url=slack.base_url), "chat.postMessage", {"channel": "C0PARTNER", "text": "x"}
        )
    assert raised.value.retry_after == 1
    await client.chat_postMessage(channel="C0INTERNAL", text="another channel")
    await client.users_info(user="U0ALICE")
    now = 1.0
    await client.chat_postMessage(channel="C0PARTNER", text="hi")
    assert len(slack.meter.over) == 2


def test_a_method_is_open_again_a_minute_after_its_first_call() -> None:
    meter, now = Meter(), 0.0
    meter.clock = lambda: now
    assert [meter.wait("users.list", "t2", "") for _ in range(20)] == [0.0] * 20
    now = 20.0
    assert meter.wait("users.list", "t2", "") == 40.0
    assert meter.wait("users.info", "t4", "") == 0.0
    now = 60.1
    assert meter.wait("users.list", "t2", "") == 0.0
    assert (meter.header(0.2), meter.header(1.2)) == ("1", "2")


def test_each_kind_travels_over_http_in_its_own_shape() -> None:
    payload = {"a": "ü&"}
    assert encoded(payload, Kind.EVENT) == (b'{"a": "\\u00fc&"}', "application/json")
    assert encoded(payload, Kind.COMMAND)[0] == b"a=%C3%BC%26"
    assert encoded(payload, Kind.INTERACTIVE)[0].startswith(b"payload=%7B")


async def test_where_nobody_listens_nothing_is_acknowledged_and_a_press_is_not_repeated() -> None:
    http = HttpTransport.to("http://127.0.0.1:9", retry_delays=(0.0, 0.0))
    assert [attempt.status for attempt in await http.deliver({})] == [0, 0, 0]
    assert [attempt.status for attempt in await http.deliver({}, Kind.INTERACTIVE)] == [0]
