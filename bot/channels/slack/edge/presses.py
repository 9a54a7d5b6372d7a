"""A button pressed in Slack, as it is kept and as the neutral message that it becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.message import Click, Message, ReplyAddress, Sender
from crm.records import Channel

PRESSED = "block_actions"


@dataclass(frozen=True, slots=True)
class Press:
    """What is kept of a press. All of it is what the request says; `user_team` only helps to read `users.info`.

    `thread_ts` is the thread of the card, or the card itself; `filled` what is chosen and written in the other elements
    of the post (`action_id`, text). What Slack sends beside it (one-time addresses and keys that would let others
    answer in our name) is not kept.
    """

    channel: str
    message_ts: str
    thread_ts: str
    user: str
    user_team: str
    action_id: str
    action_ts: str
    value: str
    filled: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Press:
        """Raises KeyError where something is missing, TypeError and ValueError where it is of another shape."""
        filled = tuple((str(name), str(text)) for name, text in kept.get("filled", ()))
        return cls(**{name: str(kept[name]) for name in cls.__slots__ if name != "filled"}, filled=filled)

    @property
    def raw(self) -> bytes:
        """As it is committed."""
        return json.dumps({"type": PRESSED} | {name: getattr(self, name) for name in self.__slots__}).encode()

    @property
    def key(self) -> tuple[str, ...]:
        """The same press is known by it, however often it is delivered."""
        return (self.action_ts, self.user, self.action_id)

    def to_message(
        self,
        inbox_id: str,
        received_at: datetime,
        user: SlackUser,
        team: str,
        *,
        home: bool,
        outsiders: bool,
        only_team: str = "",
    ) -> Message:
        """`team` is "" where Slack does not tell whose person pressed it, or who reads the channel."""
        return Message(
            inbox_id=inbox_id,
            channel=Channel.SLACK,
            message_id=f"{self.channel}:{self.message_ts}:{self.action_ts}:{self.user}",
            received_at=received_at,
            sender=Sender(
                name=user.name, slack_team=team, slack_user=self.user, slack_channel=self.channel,
                proof="slack" if team else "", slack_home=home,
            ),
            subject="",
            text="",
            reply_to=ReplyAddress(
                slack_channel=self.channel, slack_thread_ts=self.thread_ts, outsiders=outsiders,
                slack_user=self.user, slack_team=only_team,
            ),
            click=Click(self.action_id, self.value, self.filled),
        )  # fmt: skip
