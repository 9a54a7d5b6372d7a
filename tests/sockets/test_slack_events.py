"""Slack events over real sockets: committed before they are acknowledged, each message once, strangers turned away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.slack.edge.events import MESSAGE_EVENTS, NOTICE_EVENTS, Stop
from tests.fakes.slack.events import FakeSlackEvents
from tests.fakes.slack.payloads import Payloads
from tests.fakes.slack.web_api import BOT_ID, BOT_USER, HOME
from tests.sockets.slack_front_door import NOW, FrontDoor, front_door


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with front_door() as opened:
        yield opened


def a_post(**facts: Any) -> dict[str, Any]:
    return {"user": "U0ALICE", "text": "hello", "ts": "1790000001.000100", **facts}


async def test_a_message_is_committed_as_it_came_and_then_acknowledged(door: FrontDoor) -> None:
    payload = door.events.message("C0PARTNER", a_post(text="Deal für Müller & Söhne"))
    [attempt] = await door.events.deliver(payload)
    assert attempt.status == 200
    [row] = door.inbox.rows.values()
    assert row.key == (HOME, "C0PARTNER", "1790000001.000100")
    assert row.event_id == payload["event_id"]
    assert row.received_at == NOW
    assert json.loads(row.raw) == row.payload == payload


async def test_a_mention_comes_as_two_events_and_is_one_message(door: FrontDoor) -> None:
    deliveries = await door.events.say("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> what is our tier?")
    assert [attempt.status for delivery in deliveries for attempt in delivery] == [200, 200]
    assert len(door.inbox.seen) == 2
    assert len(door.inbox.rows) == 1


async def test_one_message_under_eleven_event_ids_is_one_message(door: FrontDoor) -> None:
    for _ in range(11):
        await door.events.deliver(door.events.message("C0PARTNER", a_post()))
    assert len({event.event_id for event in door.inbox.seen}) == 11
    assert len(door.inbox.rows) == 1


async def test_what_could_not_be_committed_is_not_acknowledged_and_comes_again(door: FrontDoor) -> None:
    door.inbox.failures = [ConnectionError("database away"), ConnectionError("database away")]
    attempts = await door.events.deliver(door.events.message("C0PARTNER", a_post()))
    assert [attempt.status for attempt in attempts] == [500, 500, 200]
    assert door.inbox.texts == ["hello"]
    assert "database" not in attempts[0].body


async def test_a_commit_that_is_cancelled_is_not_acknowledged(door: FrontDoor) -> None:
    door.inbox.failures = [asyncio.CancelledError()]
    attempts = await door.events.deliver(door.events.message("C0PARTNER", a_post()))
    assert not attempts[0].acknowledged
    assert attempts[-1].acknowledged
    assert door.inbox.texts == ["hello"]


async def test_a_commit_slower_than_slack_waits_is_delivered_again_and_kept_once(door: FrontDoor) -> None:
    door.inbox.delays = [0.4]
    hasty = FakeSlackEvents(door.slack, f"{door.url}/slack/events", timeout=0.2, retry_delays=(0.3,))
    attempts = await hasty.deliver(hasty.message("C0PARTNER", a_post()))
    assert [attempt.status for attempt in attempts] == [0, 200]
    assert len(door.inbox.seen) == 2
    assert door.inbox.texts == ["hello"]


@pytest.mark.parametrize("name", NOTICE_EVENTS)
async def test_every_other_event_subscribed_to_is_passed_on(door: FrontDoor, name: str) -> None:
    [attempt] = await door.events.deliver(door.events.envelope({"type": name, "channel": "C0PARTNER"}))
    assert attempt.status == 200
    [(kind, payload)] = door.inbox.notices
    assert kind == name
    assert payload["event"]["channel"] == "C0PARTNER"


@pytest.mark.parametrize("name", MESSAGE_EVENTS)
async def test_every_message_event_reaches_the_inbox(door: FrontDoor, name: str) -> None:
    [attempt] = await door.events.deliver(door.events.envelope({"type": name, "channel": "C0PARTNER", **a_post()}))
    assert attempt.status == 200
    assert door.inbox.texts == ["hello"]


async def test_a_notice_that_could_not_be_committed_comes_again(door: FrontDoor) -> None:
    door.inbox.failures = [ConnectionError()]
    attempts = await door.events.deliver(door.events.envelope({"type": "channel_shared", "channel": "C0PARTNER"}))
    assert [attempt.status for attempt in attempts] == [500, 200]
    assert [kind for kind, _ in door.inbox.notices] == ["channel_shared"]


@pytest.mark.parametrize("name", ["tokens_revoked", "app_uninstalled"])
async def test_the_end_of_the_installation_is_told_even_without_an_authorization(door: FrontDoor, name: str) -> None:
    payload = door.events.envelope({"type": name})
    del payload["authorizations"], payload["context_team_id"]
    [attempt] = await door.events.deliver(payload)
    assert attempt.status == 200
    assert [kind for kind, _ in door.inbox.notices] == [name]


async def test_that_slack_dropped_events_is_told(door: FrontDoor) -> None:
    [attempt] = await door.events.deliver(Payloads(door.slack).rate_limited())
    assert attempt.status == 200
    assert [kind for kind, _ in door.inbox.notices] == ["app_rate_limited"]


@pytest.mark.parametrize(
    ("facts", "stop"),
    [
        ({"bot_id": "B0OTHER"}, Stop.BOT_POST),
        ({"bot_id": BOT_ID, "user": BOT_USER}, Stop.OWN_POST),
        ({"user": BOT_USER}, Stop.OWN_POST),
        ({"user": "USLACKBOT"}, Stop.BOT_POST),
        ({"subtype": "message_changed"}, Stop.UNCHANGED),
        ({"subtype": "channel_join"}, Stop.SUBTYPE),
        ({"subtype": "bot_message", "user": None}, Stop.SUBTYPE),
        ({"ts": None}, Stop.MALFORMED),
        ({"ts": "yesterday"}, Stop.MALFORMED),
        ({"thread_ts": "C0OTHER/1700000000.000100"}, Stop.MALFORMED),
        ({"user": None}, Stop.MALFORMED),
        ({"user": "x" * 10_000}, Stop.MALFORMED),
        ({"user": {"id": "U1"}}, Stop.MALFORMED),
    ],
)
async def test_what_is_no_message_of_a_person_stops_and_is_acknowledged(
    door: FrontDoor, facts: dict[str, Any], stop: Stop
) -> None:
    [attempt] = await door.events.deliver(door.events.message("C0PARTNER", a_post(**facts)))
    assert attempt.status == 200
    assert door.inbox.stops == [stop]
    assert door.inbox.seen == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
async def test_files_and_broadcast_answers_are_messages(door: FrontDoor, subtype: str) -> None:
    await door.events.deliver(door.events.message("C0PARTNER", a_post(subtype=subtype)))
    assert door.inbox.texts == ["hello"]


async def test_an_event_for_another_workspace_is_acknowledged_and_dropped(door: FrontDoor) -> None:
    for payload in (
        door.events.message("C0PARTNER", a_post()),
        door.events.envelope({"type": "channel_shared", "channel": "C0PARTNER"}),
    ):
        payload["authorizations"][0]["team_id"] = "T0ELSE"
        [attempt] = await door.events.deliver(payload)
        assert attempt.status == 200
    assert door.inbox.stops == [Stop.OTHER_TEAM, Stop.OTHER_TEAM]
    assert (door.inbox.seen, door.inbox.notices) == ([], [])


async def test_a_message_whose_workspace_is_not_named_is_not_taken_for_ours(door: FrontDoor) -> None:
    payload = door.events.message("C0PARTNER", a_post())
    payload["authorizations"] = []
    payload["context_team_id"] = None
    await door.events.deliver(payload)
    assert door.inbox.stops == [Stop.MALFORMED]


async def test_an_event_nobody_subscribed_to_is_acknowledged(door: FrontDoor) -> None:
    [attempt] = await door.events.deliver(door.events.envelope({"type": "emoji_changed"}))
    assert attempt.status == 200
    assert door.inbox.stops == [Stop.UNKNOWN_EVENT]


async def test_emoji_alone_are_a_message(door: FrontDoor) -> None:
    await door.events.say("U0ALICE", "C0PARTNER", "👍🏽 🎉")
    assert door.inbox.texts == ["👍🏽 🎉"]


async def test_slack_may_verify_the_address(door: FrontDoor) -> None:
    [attempt] = await door.events.deliver({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"})
    assert attempt.status == 200
    assert json.loads(attempt.body) == {"challenge": "3eZbrw1aB"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
async def test_a_bad_signature_is_turned_away(door: FrontDoor, headers: dict[str, str]) -> None:
    body = json.dumps(door.events.message("C0PARTNER", a_post())).encode()
    attempt = await door.events.post(body, headers)
    assert attempt.status == 401
    assert door.inbox.seen == []


async def test_another_secret_and_an_old_timestamp_are_turned_away(door: FrontDoor) -> None:
    body = json.dumps(door.events.message("C0PARTNER", a_post())).encode()
    stranger = FakeSlackEvents(door.slack, f"{door.url}/slack/events", secret="another")
    assert (await stranger.post(body)).status == 401
    assert (await door.events.post(body, sign_at=time.time() - 600)).status == 401
    assert (await door.events.post(body, sign_at=time.time() + 600)).status == 401
    assert door.inbox.seen == []


async def test_a_certificate_check_without_a_signature_opens_nothing(door: FrontDoor) -> None:
    payload = {**door.events.message("C0PARTNER", a_post()), "ssl_check": "1"}
    attempt = await door.events.post(json.dumps(payload).encode(), {"X-Slack-Signature": "v0=0"})
    assert attempt.status == 401
    signed = await door.events.post(json.dumps(payload).encode())
    assert signed.status == 200
    assert door.inbox.seen == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"5", b"\xff\xfe", b'{"type":' + b"[" * 100_000, b"payload=%7B%7D"],
    ids=["empty", "cut", "list", "null", "number", "no utf-8", "deep", "form"],
)
async def test_a_body_that_is_no_json_object_is_refused_for_good(door: FrontDoor, body: bytes) -> None:
    attempt = await door.events.post(body)
    assert attempt.status in {400, 401}
    if attempt.status == 400:
        assert attempt.headers["X-Slack-No-Retry"] == "1"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": 5},
        {"type": "event_callback"},
        {"type": "event_callback", "event": "message"},
        {"type": "event_callback", "event": {}},
        {"type": "event_callback", "event": {"type": ["message"]}},
        {"type": "event_callback", "event": {"type": "message"}, "authorizations": ["T1"]},
        {"type": "event_callback", "event": {"type": "message", "user": 5}},
        {"type": "event_callback", "event": {"type": "message"}, "team": 5},
    ],
)
async def test_a_signed_body_of_another_shape_is_acknowledged_and_noted(
    door: FrontDoor, payload: dict[str, Any]
) -> None:
    [attempt] = await door.events.deliver(payload)
    assert attempt.status == 200
    assert door.inbox.stops == [Stop.MALFORMED]


async def test_two_megabytes_are_refused(door: FrontDoor) -> None:
    payload = door.events.message("C0PARTNER", a_post(text="x" * 2_000_000))
    attempt = await door.events.post(json.dumps(payload).encode())
    assert attempt.status in {0, 413}
    assert door.inbox.seen == []
