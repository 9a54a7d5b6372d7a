"""The whole agent over Socket Mode: it answers, says how it is connected, and finds back when it was cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import BOT_USER
from tests.scenarios.slack_here import SlackHouse, SlackSeat, slack_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def socketed(slack_at: SlackHouse) -> SlackHouse:
    """The same agent, to which Slack delivers over its sockets."""
    return replace(slack_at, hands=Hands(slack_at.slack, slack_at.slack.sockets))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seat(socketed: SlackHouse) -> SlackSeat:
    return await slack_seat(socketed, "quaywise")


async def health(at: SlackHouse) -> dict[str, object]:
    url = f"http://127.0.0.1:{at.house.ports.http}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        found: dict[str, object] = await answer.json()
        return found | {"status": answer.status}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in the fake
            await asyncio.sleep(0.02)


async def test_a_question_over_a_socket_is_answered_in_its_thread(socketed: SlackHouse, seat: SlackSeat) -> None:
    post = await seat.says(f"<@{BOT_USER}> How long is a deal protected once it is registered?")
    assert "90" in seat.answers(post)
    assert (await seat.came(post)).state == "handled"
    assert {attempt[0].status for attempt in socketed.hands.attempts} == {200}


async def test_health_says_how_many_connections_stand(socketed: SlackHouse) -> None:
    assert await health(socketed) == {
        "ok": True, "database": "answers", "slack": "2 of 2 connections", "status": 200,
    }  # fmt: skip


async def test_an_answer_survives_that_every_connection_is_cut_meanwhile(socketed: SlackHouse, seat: SlackSeat) -> None:
    opened = socketed.slack.sockets.opened
    socketed.slack.sockets.cut()
    await until(lambda: socketed.slack.sockets.opened >= opened + 2)
    post = await seat.says(f"<@{BOT_USER}> How long is a deal protected once it is registered?")
    assert "90" in seat.answers(post)


async def test_a_slack_that_is_away_is_told_and_is_no_reason_to_start_anew(socketed: SlackHouse) -> None:
    socketed.slack.refuse["apps.connections.open"] = "internal_error"
    socketed.slack.sockets.cut()
    await until(lambda: not socketed.slack.sockets.live)
    found = await health(socketed)
    assert (found["ok"], found["status"], found["slack"]) == (True, 200, "not connected")
    del socketed.slack.refuse["apps.connections.open"]
    await until(lambda: len(socketed.slack.sockets.live) == 2)
