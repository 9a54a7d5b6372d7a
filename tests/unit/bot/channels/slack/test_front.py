"""The one front: whatever Slack may deliver is taken, stopped or passed on, and what comes twice is done once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.answered import Answered
from bot.channels.slack.edge.events import MESSAGE_EVENTS, NOTICE_EVENTS, SlackEvent, Stop
from bot.channels.slack.edge.front import Front, Kind
from bot.channels.slack.edge.interactions import NOTHING, Answer
from bot.channels.slack.edge.presses import Press

OWN = Installation("T0HOME", "U0BOT")
NOW = datetime(2026, 11, 27, tzinfo=UTC)
TS = "1790000001.000100"


@dataclass
class Kept:
    events: list[SlackEvent] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    async def slack(self, event: SlackEvent) -> None:
        self.events.append(event)

    async def press(self, team: str, press: Press, received_at: datetime) -> None:
        self.presses.append(press)

    async def notice(self, kind: str, payload: Mapping[str, Any]) -> None:
        self.notices.append(kind)

    def stopped(self, stop: Stop, _payload: Mapping[str, Any]) -> None:
        self.stops.append(stop)

    @property
    def count(self) -> int:
        return len(self.events) + len(self.presses) + len(self.notices) + len(self.stops)


def front(kept: Kept) -> Front:
    return Front(OWN, kept, lambda: NOW, stopped=kept.stopped)


def take(kept: Kept, kind: Kind, payload: dict[str, Any]) -> Answer:
    """Without an event loop: what is kept in memory waits for nothing."""
    taking = front(kept).take(kind, payload, json.dumps(payload).encode())
    try:
        taking.send(None)
    except StopIteration as done:
        answer: Answer = done.value
        return answer
    raise AssertionError("it waits for something")


def event(**said: Any) -> dict[str, Any]:
    return {
        "type": "event_callback", "event_id": "Ev1", "authorizations": [{"team_id": "T0HOME"}],
        "event": {"type": "message", "channel": "C1", "user": "U1", "ts": TS, "text": "hi"} | said,
    }  # fmt: skip


_NAMES = [
    "type", "event", "user", "channel", "ts", "subtype", "message", "previous_message", "edited", "authorizations",
    "team_id", "ssl_check", "actions", "view", "command", "state", "values", "container", "challenge",
]  # fmt: skip
_WORDS = [
    "event_callback", "message", "app_mention", "message_changed", "message_deleted", "app_rate_limited",
    "url_verification", "block_actions", "view_submission", "app_home_opened", "T0HOME", "U1", TS, "/partners",
    *NOTICE_EVENTS,
]  # fmt: skip
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(_WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
    max_leaves=24,
)


@given(st.sampled_from(Kind), st.dictionaries(st.sampled_from(_NAMES), _ANYTHING, max_size=6))
def test_whatever_is_delivered_is_acknowledged_and_at_most_one_thing_comes_of_it(
    kind: Kind, payload: dict[str, Any]
) -> None:
    kept = Kept()
    answer = take(kept, kind, payload)
    assert kept.count <= 1
    assert answer == NOTHING or payload["type"] == "url_verification"


@given(st.sampled_from((*MESSAGE_EVENTS, *NOTICE_EVENTS)), st.dictionaries(st.sampled_from(_NAMES), _ANYTHING))
def test_an_event_of_another_workspace_comes_to_nothing_whatever_it_says(kind: str, said: dict[str, Any]) -> None:
    kept = Kept()
    take(kept, Kind.EVENT, event(**said | {"type": kind}) | {"authorizations": [{"team_id": "T0ELSE"}]})
    assert kept.stops in ([Stop.OTHER_TEAM], [Stop.MALFORMED])
    assert kept.count == 1


def test_the_outer_team_of_a_message_is_never_taken_for_ours() -> None:
    kept = Kept()
    take(kept, Kind.EVENT, event() | {"team_id": "T0HOME", "authorizations": []})
    take(kept, Kind.EVENT, event() | {"team_id": "T0AWAY"})
    assert kept.stops == [Stop.MALFORMED]
    assert [one.team for one in kept.events] == ["T0HOME"]


def test_without_a_managers_side_their_forms_and_commands_stop() -> None:
    kept = Kept()
    form = {"user_id": "U1", "channel_id": "C1", "command": "/partners"}
    view = {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "callback_id": "announce"}}
    assert take(kept, Kind.COMMAND, form) == take(kept, Kind.INTERACTION, view) == NOTHING
    assert kept.stops == [Stop.UNKNOWN_EVENT] * 2


async def test_an_envelope_that_comes_again_is_answered_again_and_carried_out_once() -> None:
    answered, carried_out = Answered(), 0

    async def carry_out() -> dict[str, int]:
        nonlocal carried_out
        carried_out += 1
        await asyncio.sleep(0.01)
        return {"number": carried_out}

    both = await asyncio.gather(*(answered.once("e-1", carry_out) for _ in range(5)))
    assert [*both, await answered.once("e-1", carry_out)] == [{"number": 1}] * 6
    assert await answered.once("e-2", carry_out) == {"number": 2}


async def test_one_that_failed_is_carried_out_when_it_comes_again() -> None:
    answered, faults = Answered(), [ConnectionError("away")]

    async def carry_out() -> None:
        if faults:
            raise faults.pop()

    with pytest.raises(ConnectionError):
        await answered.once("e-1", carry_out)
    assert await answered.once("e-1", carry_out) is None


async def test_the_oldest_envelopes_are_forgotten_and_those_in_hand_are_not() -> None:
    answered, gate, carried_out = Answered(kept=3), asyncio.Event(), 0

    async def waits() -> None:
        nonlocal carried_out
        carried_out += 1
        await gate.wait()

    async def at_once() -> None:
        return None

    slow = asyncio.create_task(answered.once("slow", waits))
    await asyncio.sleep(0)
    for number in range(10):
        await answered.once(str(number), at_once)
    again = asyncio.create_task(answered.once("slow", waits))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(slow, again)
    assert carried_out == 1
