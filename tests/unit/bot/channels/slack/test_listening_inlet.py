"""Whose direct message it is: the partner's that alone has the writer's workspace, or organisation, in a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackRateLimited
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.inbound.listening import ListeningInlet
from bot.channels.slack.inbound.thread_reading import ThreadReader
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.identity import SlackUser
from bot.ports import Incoming, InletUnavailable, RawMessage
from bot.vocabulary.message import Click, Message, ReplyAddress, Sender
from bot.vocabulary.threads import Remembered
from crm.records import Channel

OWN = Installation("T0HOME", "U0BOT")
RAW = RawMessage("i", b"", {}, datetime(2026, 11, 27, tzinfo=UTC))


@dataclass
class Slack:
    """Everything that the inlet asks, in one: who wrote, what is mapped, who reads."""

    user_: SlackUser = field(default_factory=lambda: SlackUser("U1", "T1"))
    mapped: dict[str, str] = field(default_factory=lambda: {"T1": "C1"})
    readers: dict[str, Audience] = field(default_factory=lambda: {"C1": Audience(True, frozenset({"T1"}))})
    away: bool = False
    message: Message | None = None

    async def read(self, _raw: RawMessage) -> Incoming:
        assert self.message is not None
        return Incoming(self.message)

    async def user(self, _user_id: str) -> SlackUser:
        return self.user_

    async def of_teams(self, teams: frozenset[str]) -> tuple[str, tuple[str, ...]]:
        found = {team: channel for team, channel in self.mapped.items() if team in teams}
        return next(iter(found), "") if len(found) == 1 else "", tuple(found.values()) if len(found) == 1 else ()

    async def audience(self, channel: str) -> Audience:
        if self.away:
            raise SlackRateLimited("conversations.info", 7.0)
        return self.readers.get(channel, Audience(confirmed=False))

    async def of_thread(self, _place: str) -> Remembered:
        return Remembered()

    async def keep(self, _place: str, _read: Any) -> None:
        raise AssertionError("there is nothing to keep")

    async def heard(self, team: str = "T1", click: Click | None = None, **changes: Any) -> Sender:
        sender = Sender(slack_team=team, slack_user="U1", slack_channel="D1", proof="slack", **changes)
        self.message = Message(
            "i", Channel.SLACK, "D1:1.1", RAW.received_at, sender, "", "hello",
            reply_to=ReplyAddress(slack_channel="D1", slack_thread_ts="1.1"), click=click,
        )  # fmt: skip
        threads = ThreadReader(slack_client("xoxb-none"), OWN, self, self)
        return (await ListeningInlet(self, self, threads, self, self).read(RAW)).message.sender


async def test_a_member_of_the_mapped_workspace_speaks_for_its_partner() -> None:
    assert (await Slack().heard()).slack_team == "T1"


@pytest.mark.parametrize(
    "slack",
    [
        Slack(mapped={}),
        Slack(readers={}),
        Slack(readers={"C1": Audience(True, frozenset({"T2"}))}),
        Slack(readers={"C1": Audience(False, frozenset({"T1"}))}),
        Slack(SlackUser("U1", "T1", teams=frozenset({"T1", "T2"})), {"T1": "C1", "T2": "C2"}),
    ],
)
async def test_who_shares_nothing_or_may_be_anybodys_is_proven_by_nothing(slack: Slack) -> None:
    sender = await slack.heard()
    assert (sender.slack_team, sender.proof) == ("", "")


async def test_in_an_organisation_of_several_workspaces_the_one_that_is_mapped_counts() -> None:
    grid = SlackUser("U1", "T9", enterprise="E1", teams=frozenset({"T9", "T8"}))
    whole = Slack(grid, {"E1": "C1"}, {"C1": Audience(True, frozenset({"E1"}))})
    assert (await whole.heard("T9")).slack_team == "E1"
    part = Slack(grid, {"T8": "C1"}, {"C1": Audience(True, frozenset({"T8"}))})
    assert (await part.heard("T9")).slack_team == "T8"


async def test_while_slack_cannot_be_asked_the_message_waits() -> None:
    with pytest.raises(InletUnavailable) as fault:
        await Slack(away=True).heard()
    assert (fault.value.only_this, fault.value.retry_after) == (True, 7.0)


async def test_the_vendors_own_people_are_asked_nothing() -> None:
    assert (await Slack(away=True).heard("T0HOME", slack_home=True)).slack_team == "T0HOME"


async def test_a_press_in_direct_messages_is_as_good_as_its_presser() -> None:
    press = Click("say:0.0", "b")
    assert (await Slack().heard(click=press)).slack_team == "T1"
    assert (await Slack(readers={}).heard(click=press)).proof == ""
    grid = SlackUser("U1", "T9", enterprise="E1", teams=frozenset({"T9", "T8"}))
    whole = Slack(grid, {"E1": "C1"}, {"C1": Audience(True, frozenset({"E1"}))})
    assert (await whole.heard("T9", click=press)).slack_team == "E1"


async def test_a_press_in_a_channel_is_passed_on_as_it_is() -> None:
    slack = Slack(away=True)
    sender = Sender(slack_team="T1", slack_channel="C1", proof="slack")
    slack.message = Message(
        "i", Channel.SLACK, "C1:1.1", RAW.received_at, sender, "", "", click=Click("a", "b")
    )  # fmt: skip
    threads = ThreadReader(None, OWN, slack, slack)
    assert (await ListeningInlet(slack, slack, threads, slack, slack).read(RAW)).message is slack.message
