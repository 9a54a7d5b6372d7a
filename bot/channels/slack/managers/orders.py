"""An order that a manager gave by command or form: committed like a message, and read like one of his direct ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.message import Click, Message, ReplyAddress, Sender
from crm.records import Channel

ORDERED = "manager_order"
"""The `type` under which it is kept in the inbox."""


@dataclass(frozen=True, slots=True)
class ManagerOrder:
    """`words` are typed behind the command; or `action` and `value` are those of a form, and `filled` its fields.

    Nothing of it is proven: who it is, and what he may, is looked up when it is read and when it is carried out.
    `key` makes it known again.
    """

    user: str
    user_team: str
    key: str
    words: str = ""
    action: str = ""
    value: str = ""
    filled: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> ManagerOrder:
        """Raises KeyError, TypeError or ValueError where it is none."""
        names = ("user", "user_team", "key", "words", "action", "value")
        filled = tuple((str(name), str(said)) for name, said in kept["filled"])
        return cls(**{name: str(kept[name]) for name in names}, filled=filled)

    @property
    def raw(self) -> bytes:
        """As it is committed."""
        names = ("user", "user_team", "key", "words", "action", "value", "filled")
        return json.dumps({"type": ORDERED} | {name: getattr(self, name) for name in names}).encode()

    def to_message(self, inbox_id: str, received_at: datetime, user: SlackUser, team: str, *, home: bool) -> Message:
        """Answered in the manager's direct messages, wherever it was given; `team` is "" where Slack does not tell."""
        return Message(
            inbox_id=inbox_id,
            channel=Channel.SLACK,
            message_id=f"order:{self.user}:{self.key}",  # no post: nothing is marked below it
            received_at=received_at,
            sender=Sender(
                name=user.name, slack_team=team, slack_user=self.user, slack_channel=self.user,
                proof="slack" if team else "", slack_home=home,
            ),
            subject="",
            text=self.words,
            reply_to=ReplyAddress(slack_channel=self.user, slack_thread_ts="", slack_user=self.user),
            click=Click(self.action, self.value, self.filled) if self.action else None,
        )  # fmt: skip
