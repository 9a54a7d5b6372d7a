"""What managers do in Slack, over HTTP: commands, forms and shortcuts reach the counter, and its word goes back."""

from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.channels.http.public import public_app
from bot.channels.http.server import HttpServer
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.endpoints import event_endpoint, form_endpoint
from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.front import Front, NotCommitted
from bot.channels.slack.edge.interactions import Answer, Command, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.signing import sign
from tests.fakes.slack.delivering import SECRET, HttpTransport
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import BOT_USER, HOME, FakeSlack
from tests.sockets.slack_front_door import NOW, Inbox, healthy, nobody

TS = "1790000001.000100"


@dataclass
class Desk:
    """Remembers what it was asked, and answers with what it was told to."""

    asked: list[Command | Shortcut | ViewPress | Submission | str] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    fault: Exception | None = None

    async def command(self, command: Command) -> Answer:
        return self._heard(command)

    async def shortcut(self, shortcut: Shortcut) -> Answer:
        return self._heard(shortcut)

    async def pressed(self, press: ViewPress) -> Answer:
        return self._heard(press)

    async def submitted(self, submission: Submission) -> Answer:
        return self._heard(submission)

    async def home_opened(self, user: str) -> None:
        self._heard(user)

    def _heard(self, what: Command | Shortcut | ViewPress | Submission | str) -> Answer:
        if self.fault is not None:
            raise self.fault
        self.asked.append(what)
        return self.answer


@dataclass
class Counter:
    url: str
    desk: Desk
    inbox: Inbox
    hands: Hands

    async def post(self, body: bytes, path: str = "interactive", **headers: str) -> tuple[int, str]:
        signed = sign(body, SECRET, int(time.time())) | {"Content-Type": "application/x-www-form-urlencoded"}
        signed |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/slack/{path}", data=io.BytesIO(body), headers=signed) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    desk, inbox = Desk(), Inbox()
    front = Front(Installation(HOME, BOT_USER), inbox, lambda: NOW, desk, inbox.stopped)
    slack, forms = event_endpoint(front, SECRET), form_endpoint(front, SECRET)
    server = HttpServer(public_app(health=healthy, unsubscribe=nobody, slack=slack, slack_forms=forms), "127.0.0.1", 0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}"
    yield Counter(url, desk, inbox, Hands(FakeSlack(), HttpTransport.to(url)))
    await server.stop()


def command(**changes: str) -> bytes:
    form = {"command": "/partners", "text": "status", "user_id": "U0MANAGER", "team_id": HOME, "channel_id": "C1"}
    return urlencode(form | {"trigger_id": "1.2.x", "token": "legacy"} | changes).encode()


def payload(**said: Any) -> bytes:
    return urlencode({"payload": json.dumps({"user": {"id": "U0MANAGER", "team_id": HOME}} | said)}).encode()


def submission(**view: Any) -> bytes:
    made = {"id": "V1", "callback_id": "announce", "private_metadata": "f-1", "hash": "1", "state": {"values": {}}}
    return payload(type="view_submission", view=made | view)


@pytest.mark.parametrize("path", ["interactive", "commands"])
async def test_a_command_is_answered_to_the_one_who_typed_it(counter: Counter, path: str) -> None:
    counter.desk.answer = Answer({"response_type": "ephemeral", "text": "3 wait for you"})
    status, body = await counter.post(command(), path)
    assert (status, json.loads(body)) == (200, {"response_type": "ephemeral", "text": "3 wait for you"})
    [asked] = counter.desk.asked
    assert isinstance(asked, Command)
    assert (asked.words, asked.by.user, asked.channel) == ("status", "U0MANAGER", "C1")


async def test_a_form_with_a_mistake_stays_open_and_says_where(counter: Counter) -> None:
    said = {"response_action": "errors", "errors": {"subject": "Please give it a subject"}}
    counter.desk.answer = Answer(said)
    status, body = await counter.post(submission())
    assert (status, json.loads(body)) == (200, said)


async def test_where_nothing_is_said_the_acknowledgement_is_empty(counter: Counter) -> None:
    assert await counter.post(submission()) == (200, "")
    assert await counter.post(payload(type="shortcut", callback_id="announce_this", trigger_id="1.2.x")) == (200, "")
    assert [type(one) for one in counter.desk.asked] == [Submission, Shortcut]


async def test_a_form_that_was_closed_is_acknowledged_and_nothing_more(counter: Counter) -> None:
    assert await counter.post(payload(type="view_closed", view={"id": "V1"})) == (200, "")
    assert (counter.desk.asked, counter.inbox.stops) == ([], [])


async def test_a_form_of_another_installation_is_none_of_ours(counter: Counter) -> None:
    assert await counter.post(submission(app_installed_team_id="T0ELSE")) == (200, "")
    assert (counter.desk.asked, counter.inbox.stops) == ([], [Stop.OTHER_TEAM])


@pytest.mark.parametrize("fault", [NotCommitted("away"), OSError("away")])
async def test_what_could_not_be_committed_is_not_acknowledged(counter: Counter, fault: Exception) -> None:
    counter.desk.fault = fault
    for body in (command(), submission()):
        status, text = await counter.post(body)
        assert status in {500, 503}
        assert "away" not in text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        command() + b"&command=/partners",
        command() + b"&" + submission(),
        submission() + b"&" + submission(),
        command(user_id="../x"),
        command(text="x" * 50_000),
        b"payload=%FF%FE",
        b"payload=[]",
        b"payload=" + b"%5B" * 50_000,
        b"&".join([b"a%d=1" % number for number in range(500)]),
        b"\xff\xfe\x00",
    ],
    ids=[
        "empty",
        "two commands",
        "both",
        "two payloads",
        "no user",
        "long",
        "no text",
        "a list",
        "deep",
        "many",
        "raw",
    ],
)
async def test_a_form_of_another_shape_is_acknowledged_or_refused_and_goes_no_further(
    counter: Counter, body: bytes
) -> None:
    status, _ = await counter.post(body)
    assert status in {200, 401}
    assert counter.desk.asked == []
    assert status == 401 or counter.inbox.stops == [Stop.MALFORMED]


@pytest.mark.parametrize("path", ["interactive", "commands"])
async def test_what_slack_did_not_sign_reaches_nobody(counter: Counter, path: str) -> None:
    for headers in ({"X_Slack_Signature": "v0=0"}, {"X_Slack_Request_Timestamp": str(int(time.time()) + 900)}):
        assert (await counter.post(command(), path, **headers))[0] == 401
    assert counter.desk.asked == []


async def test_two_megabytes_are_refused(counter: Counter) -> None:
    try:
        status, _ = await counter.post(command(text="x" * 2_000_000))
    except aiohttp.ClientError:
        status = 413  # the connection was closed while we still wrote
    assert status == 413
    assert counter.desk.asked == []


async def test_the_home_tab_is_the_counters_and_the_messages_tab_is_not(counter: Counter) -> None:
    await counter.hands.opens_home("U0MANAGER")
    await counter.hands.opens_home("U0MANAGER", "messages")
    assert counter.desk.asked == ["U0MANAGER"]
    assert counter.inbox.stops == []
