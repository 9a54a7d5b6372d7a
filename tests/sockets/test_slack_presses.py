"""Buttons pressed in Slack, over a real port: signed, committed before the acknowledgement, and nothing else let in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.presses import Press
from tests.fakes.slack.events import SECRET
from tests.fakes.slack.presses import form, press_payload, send_press
from tests.fakes.slack.web_api import HOME
from tests.sockets.slack_front_door import FrontDoor, front_door

TS = "1790000001.000100"
LONG = "v" * 3_000


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with front_door() as opened:
        yield opened


def pressed(**changes: Any) -> dict[str, Any]:
    return press_payload("U0NOOR", HOME, "C0MANAGERS", "brief:approve", "b-1", message_ts=TS) | changes


async def test_a_press_is_kept_without_slacks_keys_and_addresses(door: FrontDoor) -> None:
    assert await send_press(door.interactive, form(pressed()), SECRET) == 200
    (press,) = door.inbox.presses
    assert (press.user, press.channel, press.action_id, press.value) == ("U0NOOR", "C0MANAGERS", "brief:approve", "b-1")
    assert (press.message_ts, press.thread_ts) == (TS, TS)
    assert b"secret" not in press.raw
    assert Press.of(json.loads(press.raw)) == press


async def test_of_a_card_in_a_thread_the_thread_is_kept(door: FrontDoor) -> None:
    place = {"type": "message", "message_ts": TS, "thread_ts": "1790000000.000100", "channel_id": "C0MANAGERS"}
    await send_press(door.interactive, form(pressed(container=place)), SECRET)
    assert door.inbox.presses[0].thread_ts == "1790000000.000100"


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": "v0=0"},
        {"X_Slack_Signature": ""},
        {"X_Slack_Request_Timestamp": "1"},
        {"X_Slack_Request_Timestamp": "now"},
    ],
)
async def test_what_slack_did_not_sign_is_turned_away(door: FrontDoor, headers: dict[str, str]) -> None:
    assert await send_press(door.interactive, form(pressed()), SECRET, **headers) == 401
    assert await send_press(door.interactive, form(pressed()), "another secret") == 401
    assert door.inbox.presses == []


@pytest.mark.parametrize(
    ("body", "stop"),
    [
        (b"", Stop.MALFORMED),
        (b"payload=%FF%FE", Stop.MALFORMED),
        (b"payload=", Stop.MALFORMED),
        (b"payload=null", Stop.MALFORMED),
        (b"&".join([b"a=1"] * 5_000), Stop.MALFORMED),
        (form("[" * 200_000), Stop.MALFORMED),
        (form(pressed(user=None)), Stop.MALFORMED),
        (form(pressed(user={"id": "../x"})), Stop.MALFORMED),
        (form(pressed(container={"message_ts": "yesterday"})), Stop.MALFORMED),
        (form(pressed(channel=None)), Stop.MALFORMED),
        (form(pressed(actions=[{"action_id": "brief:approve", "action_ts": TS, "value": LONG}])), Stop.MALFORMED),
        (form(pressed(actions=[{"action_id": "brief:approve", "action_ts": TS, "value": {"id": 1}}])), Stop.MALFORMED),
        (form(pressed(actions=[])), Stop.UNKNOWN_EVENT),
        (form(pressed(actions=[{"action_id": "other", "action_ts": TS, "value": "b-1"}])), Stop.UNKNOWN_EVENT),
        (form(pressed(type="view_submission")), Stop.MALFORMED),
        (form(pressed(type="block_suggestion")), Stop.UNKNOWN_EVENT),
    ],
)  # fmt: skip
async def test_what_is_no_press_of_ours_is_acknowledged_and_goes_no_further(
    door: FrontDoor, body: bytes, stop: Stop
) -> None:
    assert await send_press(door.interactive, body, SECRET) == 200
    assert (door.inbox.presses, door.inbox.stops) == ([], [stop])


async def test_a_press_that_could_not_be_committed_is_not_acknowledged(door: FrontDoor) -> None:
    door.inbox.failures = [OSError("the database is away")]
    assert await send_press(door.interactive, form(pressed()), SECRET) == 500
    assert await send_press(door.interactive, form(pressed()), SECRET) == 200
    assert len(door.inbox.presses) == 1
