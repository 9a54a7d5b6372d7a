"""A Slack event as the neutral message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.slack.inbound.incoming import thread_of, to_message
from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.message import Attachment, Message, ReplyAddress, Sender
from crm.records import Channel

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TS = "1790000001.000100"


def payload(**event: Any) -> dict[str, Any]:
    post = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": TS, "text": "hi"}
    return {"event": post | event}


def message(team: str = "T0AWAY", **event: Any) -> Message:
    user = SlackUser("U1", team, name="Alice")
    return to_message(payload(**event), inbox_id="7", received_at=NOW, user=user, team=team, bot_user="U0BOT")


def test_a_message_says_who_where_and_how_to_answer() -> None:
    found = message(text="Deal with R&amp;D: <https://acme.example|acme.example>")
    assert (found.inbox_id, found.channel, found.message_id) == ("7", Channel.SLACK, f"C1:{TS}")
    assert found.received_at == NOW
    assert found.text == "Deal with R&D: acme.example"
    assert found.sender == Sender(name="Alice", slack_team="T0AWAY", slack_user="U1", slack_channel="C1", proof="slack")
    assert found.reply_to == ReplyAddress(slack_channel="C1", slack_thread_ts=TS, slack_user="U1")


def test_a_sender_without_a_team_is_proven_by_nothing() -> None:
    assert message(team="").sender.proof == ""


def test_an_answer_in_a_thread_is_answered_there() -> None:
    root = "1780000000.000100"
    assert message(thread_ts=root).reply_to == ReplyAddress(slack_channel="C1", slack_thread_ts=root, slack_user="U1")
    assert thread_of(payload(thread_ts=root)) == ("C1", root)
    assert thread_of(payload()) is None
    assert thread_of(payload(thread_ts=TS)) is None


@pytest.mark.parametrize(
    ("event", "addressed"),
    [
        ({}, False),
        ({"text": "<@U0BOT> what is our tier?"}, True),
        ({"text": "ask <@U0BOT|partnerline>"}, True),
        ({"text": "ask <@U0BOTTOM>"}, False),
        ({"text": "write &lt;@U0BOT&gt; to ask"}, False),
        ({"type": "app_mention"}, True),
        ({"channel": "D1", "channel_type": "im"}, True),
        ({"channel": "D1", "channel_type": None}, True),
        ({"channel": "G1", "channel_type": "group"}, False),
    ],
)
def test_it_is_addressed_by_a_mention_or_a_direct_message(event: dict[str, Any], addressed: bool) -> None:
    assert message(**event).addressed is addressed


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<@U0BOT> what is our tier?", "what is our tier?"),
        ("<@U0BOT|partnerline>: hello", "hello"),
        ("<@U0BOT>", ""),
        ("ask <@U2> and <@U0BOT>", "ask @U2 and"),
    ],
)
def test_the_bots_own_name_is_not_part_of_what_is_said(text: str, seen: str) -> None:
    assert message(text=text).text == seen


def test_emoji_alone_and_no_text_are_messages_too() -> None:
    assert message(text="👍🏽").text == "👍🏽"
    assert message(text="").text == ""
    assert message(text=None).text == ""


def test_files_come_along_as_far_as_slack_tells() -> None:
    known = {"id": "F1", "name": "invoice.pdf", "mimetype": "application/pdf", "size": 12}
    found = message(files=[known, {"id": "F2", "file_access": "check_file_info"}, "F3"])
    assert found.attachments == (
        Attachment("invoice.pdf", "application/pdf", 12, "", file_id="F1"),
        Attachment("F2", "application/octet-stream", 0, "", file_id="F2"),
    )
    assert message(files="F1").attachments == ()
    assert len(message(files=[known] * 1000).attachments) == 50
