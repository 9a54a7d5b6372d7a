"""Turns a committed Slack event into the neutral message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.slack.files.shared import attachments_of
from bot.channels.slack.inbound.text import mentions, plain_text
from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.message import Message, ReplyAddress, Sender
from crm.records import Channel


def to_message(
    payload: Mapping[str, Any],
    *,
    inbox_id: str,
    received_at: datetime,
    user: SlackUser,
    team: str,
    bot_user: str,
    outsiders: bool = False,
    home: bool = False,
    only_team: str = "",
) -> Message:
    """The message in the payload of a `SlackEvent`.

    `user` and `team` come from `SlackUsers` and `partner_team`; `team` is "" where Slack does not tell it. `addressed`
    is True for a mention of the bot and for a direct message; that the bot takes part in the thread (see
    `thread_of`) is the caller's to add. `outsiders` is True where someone beside the partner and the vendor reads the
    channel, `only_team` the only one beside us that does; `home` for one of the vendor's own people. A file has no
    `sha256` before it is fetched.
    """
    event = payload["event"]
    text = str(event.get("text") or "")
    return Message(
        inbox_id=inbox_id,
        channel=Channel.SLACK,
        message_id=f"{event['channel']}:{event['ts']}",
        received_at=received_at,
        sender=Sender(
            name=user.name,
            slack_team=team,
            slack_user=str(event["user"]),
            slack_channel=str(event["channel"]),
            proof="slack" if team else "",
            slack_home=home,
        ),
        subject="",
        text=plain_text(_without_mention(text, bot_user)),
        addressed=is_direct(event) or event.get("type") == "app_mention" or bot_user in mentions(text),
        named=tuple(user_id for user_id in mentions(text) if user_id != bot_user),
        attachments=attachments_of(event),
        reply_to=ReplyAddress(
            slack_channel=str(event["channel"]),
            slack_thread_ts=_thread_ts(event),
            outsiders=outsiders,
            slack_user=str(event["user"]),
            slack_team=only_team,
        ),
    )


def thread_of(payload: Mapping[str, Any]) -> tuple[str, str] | None:
    """(channel, ts of the first post) when the message answers in a thread, None when it opens one."""
    event = payload["event"]
    thread_ts = _thread_ts(event)
    return None if thread_ts == event["ts"] else (str(event["channel"]), thread_ts)


def is_direct(event: Mapping[str, Any]) -> bool:
    """Whether only the sender and the bot read it; `app_mention` does not say so, but its channel id does."""
    return event.get("channel_type") == "im" or str(event.get("channel") or "").startswith("D")


def _without_mention(text: str, bot_user: str) -> str:
    """The text without calling the bot by its id, which says nothing to a reader."""
    return re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[ ,:]*", "", text)


def _thread_ts(event: Mapping[str, Any]) -> str:
    return str(event.get("thread_ts") or event["ts"])
