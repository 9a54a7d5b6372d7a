"""Slack keeps the contract of a channel: events as Slack writes them, posts to its Web API on a real socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.blocks.texts import escaped
from bot.channels.slack.inbound.inlet import SlackInlet
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.people.audience import WebSlackChannels
from bot.channels.slack.people.identity import WebSlackUsers
from bot.ports import Incoming, Inlet, OutletOutcomeUnknown, Parcel, RawMessage
from bot.vocabulary.message import Sender
from crm.records import Channel
from tests.builders import NOW
from tests.contract.channel_contract import TEXT, Arrived, FarSide, InletContract, OutletContract
from tests.fakes.slack.events import FakeSlackEvents
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, TOKEN, FakeSlack, Mood

OWN = Installation(HOME, BOT_USER)
CHANNEL = "C0PARTNER"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as slack:
        yield slack


@dataclass
class SlackIn:
    """Alice of the partner's workspace writes in its shared channel."""

    slack: FakeSlack
    inlet: Inlet
    channel: Channel = Channel.SLACK
    sender: Sender = field(
        default_factory=lambda: Sender(
            name="Alice Partner", slack_team=AWAY, slack_user="U0ALICE", slack_channel=CHANNEL, proof="slack"
        )
    )
    unreadable: Sequence[bytes] = (b"", b"null", b"[]", b'{"event": {}}', b"\xff", b"[" * 200_000, b"x" * 40_000_000)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def opens(self, text: str) -> RawMessage:
        return self._raw("U0ALICE", text)

    def answers(self, text: str, first: Incoming) -> RawMessage:
        return self._raw("U0ALICE", text, thread_ts=first.message.message_id.partition(":")[2])

    def unproven(self, text: str) -> RawMessage:
        return self._raw("U0STRANGER", text)

    def leads_back(self, incoming: Incoming) -> bool:
        back = incoming.message.reply_to
        place = (back.slack_channel, back.slack_thread_ts) if back else ()
        return place == (CHANNEL, incoming.message.message_id.partition(":")[2])

    def go_away(self) -> bool:
        self.slack.next_moods("users.info", Mood.SERVER_ERROR)
        return True

    def _raw(self, user: str, text: str, **extra: Any) -> RawMessage:
        post = {"user": user, "text": escaped(text), "ts": self.slack.next_ts(), **extra}
        payload = FakeSlackEvents(self.slack, "").message(CHANNEL, post)
        return RawMessage(f"in-{next(self.numbers)}", json.dumps(payload).encode(), {}, NOW)


@dataclass
class SlackOut:
    slack: FakeSlack
    outlet: SlackOutlet

    def parcel(self, number: str, text: str = TEXT) -> Parcel:
        return Parcel(number, "reply", {"channel": CHANNEL, "thread_ts": "", "text": text}, attempts=0)

    def unsendable(self) -> Parcel:
        return Parcel("41", "reply", {"channel": "C0GONE", "thread_ts": "", "text": TEXT}, attempts=0)

    def turn(self, mood: FarSide) -> None:
        self.slack.refuse.clear()
        if mood is FarSide.AWAY:
            self.slack.next_moods("chat.postMessage", Mood.RATE_LIMITED)
        elif mood is FarSide.REFUSING:
            self.slack.refuse["chat.postMessage"] = "restricted_action"
        elif mood is FarSide.LOST:
            self.slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)

    def arrived(self) -> list[Arrived]:
        return [_arrived(post) for post in self.slack.channels[CHANNEL].posts]


def _arrived(post: dict[str, Any]) -> Arrived:
    assert "<" not in post["text"]
    return Arrived(unescape(post["text"]), post["metadata"]["event_payload"]["outbox_id"], post["ts"])


class TestSlackIn(InletContract):
    @pytest.fixture
    def way_in(self, slack: FakeSlack) -> SlackIn:
        client = slack_client(TOKEN, base_url=slack.base_url)
        return SlackIn(slack, SlackInlet(OWN, WebSlackUsers(client), WebSlackChannels(client, OWN)))


class TestSlackOut(OutletContract):
    @pytest.fixture
    def way_out(self, slack: FakeSlack) -> SlackOut:
        client = slack_client(TOKEN, base_url=slack.base_url)
        return SlackOut(slack, SlackOutlet(SlackSender(client, BOT_USER), pace=1.0))

    async def test_tried_again_after_a_lost_answer_nothing_is_posted_a_second_time(self, way_out: SlackOut) -> None:
        way_out.turn(FarSide.LOST)
        with pytest.raises(OutletOutcomeUnknown):
            await way_out.outlet.send(way_out.parcel("41"))
        again = way_out.parcel("41")
        await way_out.outlet.send(Parcel(again.id, again.kind, again.payload, attempts=1, unsure=1))
        assert len(way_out.arrived()) == 1
