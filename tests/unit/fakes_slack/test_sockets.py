"""Socket Mode over real WebSockets, with the client of Slack's own SDK on the other side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import APP_TOKEN, TOKEN, FakeSlack

Connect = Callable[[], Awaitable["Listener"]]


class Listener:
    """The SDK's client; `silent` acknowledges nothing, `says` goes back with the acknowledgement."""

    def __init__(self, url: str) -> None:
        web = AsyncWebClient(token=APP_TOKEN, base_url=url, retry_handlers=[])
        web.proxy = None
        self.client = SocketModeClient(app_token=APP_TOKEN, web_client=web, auto_reconnect_enabled=False)
        self.client.socket_mode_request_listeners.append(self._take)
        self.heard: list[SocketModeRequest] = []
        self.silent = False
        self.says: dict[str, object] = {}

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if not self.silent:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.says or None))


@pytest.fixture
async def connect(slack: FakeSlack) -> AsyncIterator[Connect]:
    slack.sockets.ack_timeout = 0.1
    async with AsyncExitStack() as stack:

        async def connected() -> Listener:
            before = len(slack.sockets.live)
            listener = Listener(slack.base_url)
            stack.push_async_callback(listener.client.close)
            await listener.client.connect()  # type: ignore[no-untyped-call]
            await wait_for(lambda: len(slack.sockets.live) > before)
            return listener

        yield connected


async def test_an_event_arrives_and_is_acknowledged(slack: FakeSlack, connect: Connect) -> None:
    listener = await connect()
    hands = Hands(slack, slack.sockets)
    await hands.says("U0ALICE", "C0PARTNER", "hello")
    (request,) = listener.heard
    assert (request.type, request.payload["event"]["text"], request.retry_attempt) == ("events_api", "hello", 0)
    assert hands.attempts[-1][-1].acknowledged
    assert slack.sockets.acknowledged == [request.envelope_id]


async def test_each_payload_goes_to_one_connection(slack: FakeSlack, connect: Connect) -> None:
    listeners = [await connect() for _ in range(3)]
    hands = Hands(slack, slack.sockets)
    for number in range(12):
        await hands.says("U0ALICE", "C0PARTNER", str(number))
    texts = [request.payload["event"]["text"] for listener in listeners for request in listener.heard]
    assert sorted(map(int, texts)) == list(range(12))
    assert all(listener.heard for listener in listeners)


async def test_without_an_acknowledgement_it_comes_again_and_says_so(slack: FakeSlack, connect: Connect) -> None:
    listener = await connect()
    listener.silent = True
    attempts = await slack.sockets.deliver({"event": {"type": "message"}})
    assert [attempt.status for attempt in attempts] == [0, 0, 0, 0]
    assert [request.retry_attempt for request in listener.heard] == [0, 1, 2, 3]
    assert {request.retry_reason for request in listener.heard[1:]} == {"timeout"}
    assert len({request.envelope_id for request in listener.heard}) == 1


async def test_a_press_is_not_sent_again_and_its_answer_comes_back(slack: FakeSlack, connect: Connect) -> None:
    listener = await connect()
    listener.says = {"response_action": "clear"}
    (answered,) = await slack.sockets.deliver({"type": "view_submission"}, Kind.INTERACTIVE)
    assert answered.answer == {"response_action": "clear"}
    listener.silent = True
    (lost,) = await slack.sockets.deliver({"type": "block_actions"}, Kind.INTERACTIVE)
    assert not lost.acknowledged


async def test_who_is_told_to_disconnect_gets_nothing_more(slack: FakeSlack, connect: Connect) -> None:
    first, second = await connect(), await connect()
    slack.sockets.warning = 0.02
    await slack.sockets.disconnect(slack.sockets.live[0])
    for _ in range(3):
        await slack.sockets.deliver({"event": {"type": "message"}})
    assert (len(first.heard), len(second.heard)) == (0, 3)
    await wait_for(lambda: len(slack.sockets.connections) == 1)


async def test_what_is_sent_into_a_silent_connection_is_taken_over_by_another(
    slack: FakeSlack, connect: Connect
) -> None:
    await connect()
    await connect()
    slack.sockets.mute(slack.sockets.live[0])
    for _ in range(4):
        attempts = await slack.sockets.deliver({"event": {"type": "message"}})
        assert attempts[-1].acknowledged
    assert slack.sockets.live[0].received


async def test_a_line_that_breaks_leaves_the_other(slack: FakeSlack, connect: Connect) -> None:
    await connect()
    other = await connect()
    slack.sockets.cut(slack.sockets.live[0])
    await wait_for(lambda: len(slack.sockets.connections) == 1)
    await slack.sockets.deliver({"event": {"type": "message"}})
    assert len(other.heard) == 1


async def test_slack_pings_and_the_client_answers(slack: FakeSlack, connect: Connect) -> None:
    slack.sockets.ping_every = 0.01
    await connect()
    await wait_for(lambda: slack.sockets.connections[0].pongs > 0)


async def test_an_address_is_good_once_and_only_with_the_apps_token(slack: FakeSlack) -> None:
    client = AsyncWebClient(token=APP_TOKEN, base_url=slack.base_url)
    client.proxy = None
    url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        answer = await session.post(
            f"{slack.base_url}apps.connections.open", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        assert (await answer.json())["error"] == "not_allowed_token_type"


async def test_an_eleventh_connection_is_sent_away(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        said = []
        for _ in range(11):
            url = f"{slack.url}/link/?ticket={slack.new_ticket()}"
            socket = await stack.enter_async_context(session.ws_connect(url))
            said.append((await socket.receive_json())["type"])
        assert said == ["hello"] * 10 + ["disconnect"]


async def test_nonsense_on_the_line_is_noted_and_does_no_harm(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{slack.url}/link/?ticket={slack.new_ticket()}"
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            for text in ("{", "[]", '{"envelope_id": "never sent"}'):
                await socket.send_str(text)
            await wait_for(lambda: len(slack.sockets.unknown) == 3)
            delivering = asyncio.create_task(slack.sockets.deliver({}, Kind.COMMAND))
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hi"}})
            assert (await delivering)[0].answer == {"text": "hi"}
