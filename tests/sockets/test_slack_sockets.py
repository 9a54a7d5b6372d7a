"""Socket Mode over real WebSockets: committed before acknowledged, and one connection takes over from another."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.front import Front
from bot.channels.slack.edge.interactions import NOTHING, Answer, Command, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.socket_line import SocketPace
from bot.channels.slack.edge.sockets import Sockets, dialling
from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import APP_TOKEN, BOT_USER, HOME, FakeSlack
from tests.sockets.slack_front_door import NOW, Inbox

QUICK = SocketPace(
    hello=1.0, ping=0.05, silence=0.2, leaving=0.3, commit=0.3, grace=1.0, pause=0.01, longest_pause=0.05
)


@dataclass
class Clerk:
    """The managers' side, which answers a command and remembers what it was asked."""

    commands: list[Command] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)

    async def command(self, command: Command) -> Answer:
        self.commands.append(command)
        return Answer({"response_type": "ephemeral", "text": f"{command.words} by {command.by.user}"})

    async def shortcut(self, shortcut: Shortcut) -> Answer:
        return NOTHING

    async def pressed(self, press: ViewPress) -> Answer:
        return NOTHING

    async def submitted(self, submission: Submission) -> Answer:
        return NOTHING

    async def home_opened(self, user: str) -> None:
        self.homes.append(user)


@dataclass
class Socketed:
    slack: FakeSlack
    hands: Hands
    inbox: Inbox
    clerk: Clerk
    sockets: Sockets

    def send(self, text: str) -> Any:
        """A frame of any content over the first connection."""
        return self.slack.sockets.connections[0].socket.send_str(text)


@pytest.fixture
async def made() -> AsyncIterator[Socketed]:
    slack, inbox, clerk = FakeSlack(), Inbox(), Clerk()
    await slack.start()
    slack.sockets.warning, slack.sockets.ack_timeout, slack.sockets.ping_every = 0.2, 0.4, 0.04
    front = Front(Installation(HOME, BOT_USER), inbox, lambda: NOW, clerk, inbox.stopped)
    sockets = Sockets(dialling(slack_client(APP_TOKEN, base_url=slack.base_url)), front, pace=QUICK)
    sockets.start()
    made = Socketed(slack, Hands(slack, slack.sockets), inbox, clerk, sockets)
    await until(lambda: sockets.state.standing == 2)
    yield made
    await sockets.stop()
    await slack.stop()
    assert slack.violations == []


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in the fake as well
            await asyncio.sleep(0.005)


async def test_two_connections_stand_and_a_message_is_kept_once_and_acknowledged(made: Socketed) -> None:
    await made.hands.says("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> what is our tier?")
    assert (made.sockets.state.standing, made.sockets.state.fault) == (2, "")
    assert [attempt[-1].acknowledged for attempt in made.hands.attempts] == [True, True]
    assert len(made.inbox.rows) == 1
    assert len(made.slack.sockets.acknowledged) == 2


async def test_what_could_not_be_committed_is_not_acknowledged_and_comes_again(made: Socketed) -> None:
    made.inbox.failures = [ConnectionError("database away")]
    await made.hands.says("U0ALICE", "C0PARTNER", "hello")
    [attempts] = made.hands.attempts
    assert [attempt.acknowledged for attempt in attempts] == [False, True]
    assert made.inbox.texts == ["hello"]


async def test_a_commit_that_hangs_is_given_up_and_the_event_taken_when_it_comes_again(made: Socketed) -> None:
    made.inbox.delays = [30.0]
    made.slack.sockets.retry_delays = (0.05, 0.1)
    await made.hands.says("U0ALICE", "C0PARTNER", "hello")
    assert made.hands.attempts[0][-1].acknowledged
    assert made.inbox.texts == ["hello"]


async def test_a_connection_cut_before_the_acknowledgement_loses_nothing(made: Socketed) -> None:
    made.inbox.delays = [0.1]
    saying = asyncio.create_task(made.hands.says("U0ALICE", "C0PARTNER", "hello"))
    await until(lambda: bool(made.inbox.seen))
    for connection in list(made.slack.sockets.connections):
        made.slack.sockets.cut(connection)
    await saying
    assert made.hands.attempts[0][-1].acknowledged
    assert made.inbox.texts == ["hello"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_successor_stands_before_the_old_connection_ends(made: Socketed, reason: str) -> None:
    old = made.slack.sockets.connections[0]
    await made.slack.sockets.disconnect(old, reason)
    await until(lambda: len(made.slack.sockets.live) == 2)
    assert not old.socket.closed
    await made.hands.says("U0ALICE", "C0PARTNER", "meanwhile")
    await until(lambda: old.socket.closed)
    assert made.sockets.state.standing == 2
    assert made.inbox.texts == ["meanwhile"]


async def test_what_still_comes_over_a_connection_that_is_leaving_is_taken(made: Socketed) -> None:
    old = made.slack.sockets.connections[0]
    await made.slack.sockets.disconnect(old)
    payload = made.hands.payloads.message("C0PARTNER", {"user": "U0ALICE", "text": "late", "ts": "1790000001.000100"})
    await old.socket.send_json({"envelope_id": "late", "type": "events_api", "payload": payload})
    await until(lambda: made.inbox.texts == ["late"])
    await until(lambda: "late" in made.slack.sockets.unknown)  # acknowledged, though the fake waits for it no more


async def test_both_told_to_go_at_once_are_both_replaced(made: Socketed) -> None:
    await made.slack.sockets.disconnect()
    await until(lambda: len(made.slack.sockets.live) == 2)
    await made.hands.says("U0ALICE", "C0PARTNER", "hello")
    assert made.inbox.texts == ["hello"]


async def test_a_connection_that_falls_silent_is_replaced(made: Socketed) -> None:
    silent = made.slack.sockets.connections[0]
    made.slack.sockets.mute(silent)
    made.slack.sockets.retry_delays = (0.1, 0.2)
    await until(lambda: made.slack.sockets.opened == 3 and made.sockets.state.standing == 2)
    await until(lambda: silent not in made.slack.sockets.connections)
    await made.hands.says("U0ALICE", "C0PARTNER", "hello")
    assert made.inbox.texts == ["hello"]


async def test_a_quiet_connection_that_answers_when_asked_stays(made: Socketed) -> None:
    made.slack.sockets.ping_every = 60.0
    await asyncio.sleep(0.3)
    assert made.slack.sockets.opened == 2
    assert made.sockets.state.silent is not None
    assert made.sockets.state.silent < QUICK.silence


async def test_while_slack_is_away_it_is_tried_again_and_said(made: Socketed) -> None:
    made.slack.refuse["apps.connections.open"] = "invalid_auth"
    made.slack.sockets.cut()
    await until(lambda: made.sockets.state.fault == "Slack does not accept the app token: invalid_auth")
    assert made.sockets.state.in_words == "not connected"
    del made.slack.refuse["apps.connections.open"]
    made.slack.sockets.refusing = True
    await until(lambda: "503" in made.sockets.state.fault)
    made.slack.sockets.refusing = False
    await until(lambda: made.sockets.state.standing == 2)
    assert (made.sockets.state.in_words, made.sockets.state.fault) == ("2 of 2 connections", "")


async def test_a_slack_that_ends_every_connection_at_once_is_not_run_against(made: Socketed) -> None:
    for _ in range(3):
        await made.slack.sockets.disconnect(reason="link_disabled")
        await until(lambda: len(made.slack.sockets.live) == 2)
    assert made.slack.sockets.opened == 8


@pytest.mark.parametrize(
    "frame",
    ["", "nonsense", "[]", "null", "[" * 100_000, '{"type": ["hello"]}', '{"type": "events_api", "payload": {}}',
     '{"type": "events_api", "envelope_id": 5, "payload": {}}'],
)  # fmt: skip
async def test_a_frame_of_another_shape_is_passed_over(made: Socketed, frame: str) -> None:
    await made.send(frame)
    await made.hands.says("U0ALICE", "C0PARTNER", "hello")
    await made.hands.says("U0ALICE", "C0PARTNER", "again")
    assert made.inbox.texts == ["hello", "again"]
    assert made.slack.sockets.opened == 2


@pytest.mark.parametrize(
    ("envelope", "stop"),
    [
        ({"type": "weather", "payload": {}}, Stop.UNKNOWN_EVENT),
        ({"type": "events_api", "payload": []}, Stop.MALFORMED),
        ({"type": "events_api"}, Stop.MALFORMED),
        ({"type": "events_api", "payload": {"type": "event_callback"}}, Stop.MALFORMED),
        ({"type": "interactive", "payload": {"type": "block_actions"}}, Stop.MALFORMED),
        ({"type": "slash_commands", "payload": {"command": "/partners"}}, Stop.MALFORMED),
    ],
)
async def test_an_envelope_that_is_nothing_for_us_is_acknowledged(
    made: Socketed, envelope: dict[str, Any], stop: Stop
) -> None:
    await made.send(json.dumps(envelope | {"envelope_id": "odd"}))
    await until(lambda: made.slack.sockets.unknown == ["odd"])
    assert made.inbox.stops == [stop]


async def test_a_command_is_answered_with_its_acknowledgement_and_carried_out_once(made: Socketed) -> None:
    assert await made.hands.commands("U0MANAGER", "C0INTERNAL", "status") == {
        "response_type": "ephemeral", "text": "status by U0MANAGER",
    }  # fmt: skip
    payload = made.hands.interactions.command("U0MANAGER", made.slack.channels["C0INTERNAL"], "/partners", "approve 1")
    answers = [await made.slack.sockets.send("same", payload, Kind.COMMAND) for _ in range(3)]
    assert {answer.body for answer in answers} == {answers[0].body}
    assert [command.words for command in made.clerk.commands] == ["status", "approve 1"]


async def test_the_home_tab_opened_reaches_the_managers_side(made: Socketed) -> None:
    await made.hands.opens_home("U0MANAGER")
    await made.hands.opens_home("U0MANAGER", "messages")
    assert made.clerk.homes == ["U0MANAGER"]


async def test_stopping_commits_and_acknowledges_what_is_in_hand(made: Socketed) -> None:
    made.inbox.delays = [0.1]
    saying = asyncio.create_task(made.hands.says("U0ALICE", "C0PARTNER", "last words"))
    await until(lambda: bool(made.inbox.seen))
    began = time.monotonic()
    await made.sockets.stop()
    await saying
    assert made.hands.attempts[0][0].acknowledged
    assert made.inbox.texts == ["last words"]
    assert time.monotonic() - began < 20


async def test_hundreds_of_envelopes_at_once_are_each_kept_once(made: Socketed) -> None:
    made.slack.sockets.ack_timeout = 5.0
    says = (made.hands.says("U0ALICE", "C0PARTNER", f"number {number}") for number in range(300))
    await asyncio.gather(*says)
    assert len(made.inbox.texts) == len(set(made.inbox.texts)) == 300


@pytest.mark.parametrize(
    "url", ["ws://slack.example/link", "http://127.0.0.1/", "wss//", "", 5, "ws://127.0.0.1.evil.example/"]
)
async def test_an_address_that_is_not_encrypted_is_not_dialled(url: Any) -> None:
    class Telling:
        async def api_call(self, method: str, *, data: dict[str, str]) -> Any:
            return SimpleNamespace(data={"ok": True, "url": url}, headers={})

    with pytest.raises(SlackUnavailable):
        await dialling(cast("AsyncWebClient", Telling()))()
