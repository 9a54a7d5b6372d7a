"""Posting to Slack over real sockets: once, marked, and with every failure told as what may be done about it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import (
    SlackError,
    SlackOutcomeUnknown,
    SlackRateLimited,
    SlackRefused,
    SlackUnauthorised,
    SlackUnavailable,
)
from bot.channels.slack.api.installation import Installation, find_installation
from bot.channels.slack.outbound.outgoing import EVENT_TYPE, SlackSender
from tests.fakes.slack.web_api import BOT_USER, HOME, TOKEN, FakeSlack, Mood

THREAD = "1790000001.000100"


def sender(slack: FakeSlack, timeout: float = 10) -> SlackSender:
    return SlackSender(slack_client(TOKEN, base_url=slack.base_url, timeout=timeout), BOT_USER)


def posts(slack: FakeSlack, channel: str = "C0PARTNER") -> list[dict[str, Any]]:
    return slack.channels[channel].posts


async def test_a_reply_stands_in_its_thread_with_its_outbox_id(slack: FakeSlack) -> None:
    ts = await sender(slack).send("C0PARTNER", THREAD, "Your tier is Gold.", None, "41")
    [post] = posts(slack)
    assert (post["ts"], post["thread_ts"], post["text"]) == (ts, THREAD, "Your tier is Gold.")
    assert post["metadata"] == {"event_type": EVENT_TYPE, "event_payload": {"outbox_id": "41"}}


async def test_links_are_not_unfolded_and_text_cannot_call_the_channel(slack: FakeSlack) -> None:
    await sender(slack).send("C0PARTNER", "", "R&D <!channel> <@U0ALICE> 5 > 3", None, "1")
    [post] = posts(slack)
    assert post["text"] == "R&amp;D &lt;!channel&gt; &lt;@U0ALICE&gt; 5 &gt; 3"
    assert "thread_ts" not in post
    [(_, arguments)] = slack.calls
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == ("false", "false")


async def test_blocks_reach_slack_as_they_are(slack: FakeSlack) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Gold*"}}]
    await sender(slack).send("C0PARTNER", THREAD, "Gold", blocks, "1")
    assert posts(slack)[0]["blocks"] == blocks


async def test_too_fast_says_how_long_to_wait_and_posts_nothing(slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
    with pytest.raises(SlackUnavailable) as caught:
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "1")
    assert caught.value.retry_after == 7.0
    assert posts(slack) == []
    assert len(slack.calls) == 1


@pytest.mark.parametrize(("header", "seconds"), [("nan", 30), ("soon", 30), ("-5", 1), ("1e9", 3600), ("0.2", 1)])
async def test_an_odd_waiting_time_is_kept_within_reason(slack: FakeSlack, header: str, seconds: float) -> None:
    slack.retry_after = header
    slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
    with pytest.raises(SlackUnavailable) as caught:
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "1")
    assert caught.value.retry_after == seconds


async def test_a_lost_answer_is_unknown_sent_once_and_found_again(slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(SlackOutcomeUnknown):
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "41")
    [post] = posts(slack)
    assert await sender(slack).find("C0PARTNER", THREAD, "41") == post["ts"]
    assert await sender(slack).find("C0PARTNER", THREAD, "4") is None
    unnamed = SlackSender(slack_client(TOKEN, base_url=slack.base_url))
    assert await unnamed.find("C0PARTNER", THREAD, "41") == post["ts"]


async def test_an_answer_lost_before_the_post_is_unknown_and_not_found(slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", Mood.LOST_BEFORE_COMMIT)
    with pytest.raises(SlackOutcomeUnknown):
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "41")
    assert await sender(slack).find("C0PARTNER", THREAD, "41") is None


async def test_an_answer_that_takes_too_long_is_unknown(slack: FakeSlack) -> None:
    slack.next_moods("chat.postMessage", Mood.SLOW)
    with pytest.raises(SlackOutcomeUnknown):
        await sender(slack, timeout=1).send("C0PARTNER", THREAD, "Hi", None, "41")
    assert len(posts(slack)) == 1


@pytest.mark.parametrize("mood", [Mood.SERVER_ERROR, Mood.NOT_JSON])
async def test_an_answer_that_is_not_slacks_leaves_a_post_unknown(slack: FakeSlack, mood: Mood) -> None:
    slack.next_moods("chat.postMessage", mood)
    with pytest.raises(SlackOutcomeUnknown):
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "41")


@pytest.mark.parametrize("mood", [Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.LOST_AFTER_COMMIT, Mood.RATE_LIMITED])
async def test_a_failed_reading_is_only_a_reason_to_wait(slack: FakeSlack, mood: Mood) -> None:
    slack.next_moods("conversations.replies", mood)
    with pytest.raises(SlackUnavailable):
        await sender(slack).find("C0PARTNER", THREAD, "41")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("channel_not_found", SlackRefused),
        ("is_archived", SlackRefused),
        ("not_in_channel", SlackRefused),
        ("restricted_action", SlackRefused),
        ("app_access_restricted", SlackRefused),
        ("msg_too_long", SlackRefused),
        ("an_error_of_next_year", SlackRefused),
        ("invalid_auth", SlackUnauthorised),
        ("token_revoked", SlackUnauthorised),
        ("missing_scope", SlackUnauthorised),
        ("ratelimited", SlackRateLimited),
        ("service_unavailable", SlackUnavailable),
        ("internal_error", SlackOutcomeUnknown),
        ("fatal_error", SlackOutcomeUnknown),
    ],
)
async def test_each_error_of_slack_says_who_can_act(slack: FakeSlack, error: str, kind: type[SlackError]) -> None:
    slack.refuse["chat.postMessage"] = error
    with pytest.raises(SlackError) as caught:
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "1")
    assert type(caught.value) is kind
    if isinstance(caught.value, SlackRefused | SlackUnauthorised):
        assert caught.value.error == error


async def test_a_slack_that_cannot_be_reached_has_posted_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        lost = SlackSender(slack_client(TOKEN, base_url=f"http://127.0.0.1:{port}/api/"), BOT_USER)
        with pytest.raises(SlackUnavailable):
            await lost.send("C0PARTNER", THREAD, "Hi", None, "1")


async def test_another_apps_copy_of_our_mark_is_not_our_post(slack: FakeSlack) -> None:
    forged = {"event_type": EVENT_TYPE, "event_payload": {"outbox_id": "41"}}
    posts(slack).append({"ts": THREAD, "user": "U0ALICE", "text": "x", "metadata": forged})
    assert await sender(slack).find("C0PARTNER", THREAD, "41") is None


async def test_a_post_is_found_on_the_third_page_of_a_thread_and_of_a_channel(slack: FakeSlack) -> None:
    for number in range(450):
        await sender(slack).send("C0PARTNER", THREAD, "Hi", None, f"t{number}") if number % 50 == 0 else posts(
            slack
        ).append({"ts": slack.next_ts(), "thread_ts": THREAD, "user": "U0ALICE", "text": "x"})
    ts = await sender(slack).send("C0PARTNER", THREAD, "last", None, "41")
    assert await sender(slack).find("C0PARTNER", THREAD, "41") == ts
    first = await sender(slack).send("C0INTERNAL", "", "first", None, "42")
    posts(slack, "C0INTERNAL").extend({"ts": slack.next_ts(), "user": "U0MANAGER", "text": "x"} for _ in range(450))
    assert await sender(slack).find("C0INTERNAL", "", "42") == first


async def test_posts_from_before_the_first_attempt_are_not_read(slack: FakeSlack) -> None:
    ts = await sender(slack).send("C0PARTNER", THREAD, "Hi", None, "41")
    sent = datetime.fromtimestamp(float(ts), UTC)
    assert await sender(slack).find("C0PARTNER", THREAD, "41", since=sent) == ts
    late = datetime.fromtimestamp(float(ts) + 3600, UTC)
    assert await sender(slack).find("C0PARTNER", THREAD, "41", since=late) is None


async def test_a_channel_that_is_gone_cannot_be_searched(slack: FakeSlack) -> None:
    with pytest.raises(SlackRefused):
        await sender(slack).find("C0GONE", THREAD, "41")


async def test_the_token_tells_whose_it_is(slack: FakeSlack) -> None:
    assert await find_installation(slack_client(TOKEN, base_url=slack.base_url)) == Installation(HOME, BOT_USER)
    with pytest.raises(SlackUnauthorised):
        await find_installation(slack_client("xoxb-wrong", base_url=slack.base_url))
