"""How soon Slack's events are acknowledged while the worker is busy, over HTTP and Socket Mode, and how soon answered.

The agent is one process as `partnerline serve` starts it, worker included; Slack is played by this one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
import psutil
from sqlalchemy import text

from benchmarks.mails import mails
from bot.bootstrap import Application, application
from bot.channels.slack.edge.signing import sign
from bot.demo.records import DemoRecords
from bot.demo.seed import demo_records, seed
from bot.storage import slack_channels
from bot.storage.inbox import Arrival
from bot.storage.slack_channels import SlackChannel
from bot.worker.mirroring import MirrorJob
from config.loading import load_settings
from crm.records import Channel
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import APP_TOKEN, BOT_USER, HOME, TOKEN, FakeSlack

PER_SECOND = 50
SECONDS_OF_EVENTS = 10
ANSWERS = 30
STEPS = 3
GOAL_ACKNOWLEDGED = 300.0  # milliseconds, 99 of 100
GOAL_ANSWERED = 1_000.0  # milliseconds, median

_SECRET = "benchmark"
_AUTHSERV = "mx.benchmark.example"
_WAITING = 600  # mails in the inbox, so that the worker has something to do all the time
_WARM = 25
_QUESTIONS = (
    "What tier are we in at the moment?",
    "How long is a deal protected once it is registered?",
    "What is the status of our open deals?",
    "Which details do you need to register a deal?",
)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Milliseconds from sending an event to its acknowledgement, `lost` had none in three seconds.

    `busy` is the share of a core that the agent's process used meanwhile, `waiting` how many mails it had still to
    handle at the end: its worker never rested.
    """

    way: str
    events: int
    per_second: int
    median: float
    p99: float
    slowest: float
    lost: int
    busy: float
    waiting: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds from sending a question to the answer's post, one question at a time."""

    questions: int
    median: float
    slowest: float


async def measure(database_url: str, step: Callable[[], None]) -> tuple[list[Acknowledged], Answered]:
    async with _world(database_url) as world:
        async with _agent(world.environment):
            answered = await _answered(world)
        step()
        found = []
        for way, events in (("HTTP", _over_http), ("Socket Mode", _over_a_socket)):
            await _fill(world, way)
            async with _agent(world.environment) as process, events(world) as send:
                found.append(await _acknowledged(world, way, send, process))
            step()
        return found, answered


@dataclass(frozen=True, slots=True)
class _World:
    slack: FakeSlack
    hands: Hands
    app: Application
    records: DemoRecords
    environment: dict[str, str]
    port: int

    @property
    def people(self) -> list[tuple[str, str]]:
        """(user, channel) of every contact who is in Slack, a channel's after another's."""
        by_partner = {channel.partner_id: channel.channel_id for channel in self.records.slack_channels}
        found = [(c.slack_user_id, by_partner[c.partner_id]) for c in self.records.contacts if c.slack_user_id]
        return sorted(found, key=lambda one: (found.index(one) % len(by_partner), one))


@asynccontextmanager
async def _world(database_url: str) -> AsyncIterator[_World]:
    slack, port = FakeSlack(), _free_port()
    await slack.start()
    environment = {
        "DATABASE_URL": database_url,
        "PARTNERLINE_PROFILE": "production",
        "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
        "PARTNERLINE_TRUSTED_AUTHSERV_ID": _AUTHSERV,
        "PARTNERLINE_SMTP_PORT": "0",
        "PARTNERLINE_CONSOLE_PORT": "0",
        "PARTNERLINE_HTTP_PORT": str(port),
        "PARTNERLINE_SLACK_API_URL": slack.base_url,
        "PARTNERLINE_SLACK_BOT_TOKEN": TOKEN,
        "PARTNERLINE_SLACK_SIGNING_SECRET": _SECRET,
        "PARTNERLINE_SLACK_APP_TOKEN": APP_TOKEN,
    }
    try:
        async with application(load_settings(Path(os.devnull), environ=environment)) as app:
            records = demo_records(app.today(), app.program)
            await seed(app.crm, records)
            await MirrorJob(app.database, app.crm)()
            await _people(app, slack, records)
            yield _World(slack, Hands(slack), app, records, environment, port)
    finally:
        await slack.stop()


async def _people(app: Application, slack: FakeSlack, records: DemoRecords) -> None:
    teams = {channel.partner_id: channel.team_id for channel in records.slack_channels}
    for contact in records.contacts:
        if contact.slack_user_id:
            slack.add_user(contact.slack_user_id, teams[contact.partner_id], contact.name)
    async with app.database.begin() as connection:
        for one in records.slack_channels:
            slack.add_channel(one.channel_id, {HOME, one.team_id})
            mapped = SlackChannel(HOME, one.channel_id, one.name, one.partner_id, one.team_id)
            await slack_channels.save(connection, mapped)


@asynccontextmanager
async def _agent(environment: dict[str, str]) -> AsyncIterator[psutil.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.working", "serve",
        stdout=asyncio.subprocess.PIPE, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        if process.stdout is None:
            raise RuntimeError("the agent has no output")
        await asyncio.wait_for(process.stdout.readline(), 120)
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _fill(world: _World, name: str) -> None:
    """Mails for the worker, and nothing left of the round before."""
    contacts = [contact for contact in world.records.contacts if contact.active]
    arrivals = [
        Arrival(
            Channel.EMAIL, _proven(sender) + raw, {"mail_from": sender, "rcpt_tos": [world.app.own.author.address]},
            datetime.now(UTC), lock=sender,
        )
        for sender, raw in mails(contacts, _WAITING, world.app.own.author.address, name)
    ]  # fmt: skip
    async with world.app.database.begin() as connection:
        await connection.execute(text("delete from inbox"))
        await connection.execute(text("delete from procrastinate_jobs where status = 'todo'"))
        await connection.execute(text("update outbox set created_at = created_at - interval '2 hours'"))
    await world.app.inbox.accept(arrivals)


def _proven(sender: str) -> bytes:
    return f"Authentication-Results: {_AUTHSERV}; dmarc=pass header.from={sender.partition('@')[2]}\r\n".encode()


Send = Callable[[dict[str, Any]], Awaitable[bool]]
"""Whether an event was acknowledged."""


@asynccontextmanager
async def _over_http(world: _World) -> AsyncIterator[Send]:
    url = f"http://127.0.0.1:{world.port}/slack/events"
    limit = aiohttp.ClientTimeout(total=3.0)
    async with aiohttp.ClientSession(timeout=limit) as session:

        async def send(payload: dict[str, Any]) -> bool:
            body = json.dumps(payload).encode()
            headers = {"Content-Type": "application/json", **sign(body, _SECRET, int(time.time()))}
            try:
                async with session.post(url, data=body, headers=headers) as answer:
                    return answer.status == 200
            except (aiohttp.ClientError, TimeoutError):
                return False

        yield send


@asynccontextmanager
async def _over_a_socket(world: _World) -> AsyncIterator[Send]:
    world.slack.sockets.retry_delays = ()

    async def send(payload: dict[str, Any]) -> bool:
        return (await world.slack.sockets.deliver(payload))[0].acknowledged

    yield send


async def _acknowledged(world: _World, way: str, send: Send, process: psutil.Process) -> Acknowledged:
    """Each event goes out at its moment, however long the ones before it take."""
    numbers = itertools.count()

    def event() -> dict[str, Any]:
        number = next(numbers)
        user, channel = world.people[number % len(world.people)]
        post = world.hands.write(user, channel, f"<@{BOT_USER}> {_QUESTIONS[number % len(_QUESTIONS)]}")
        return world.hands.payloads.message(channel, post)

    for _ in range(_WARM):
        await send(event())
    took: list[float] = []
    lost = 0

    async def one(payload: dict[str, Any]) -> None:
        nonlocal lost
        began = time.perf_counter()
        if await send(payload):
            took.append((time.perf_counter() - began) * 1_000)
        else:
            lost += 1

    began, cpu = time.perf_counter(), _cpu(process)
    async with asyncio.TaskGroup() as group:
        for number in range(PER_SECOND * SECONDS_OF_EVENTS):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            group.create_task(one(event()))
    busy = (_cpu(process) - cpu) / (time.perf_counter() - began)
    async with world.app.database.begin() as connection:
        query = text("select count(*) from inbox where state in ('received', 'read') and channel = 'email'")
        waiting = int(await connection.scalar(query) or 0)
    return Acknowledged(
        way, len(took) + lost, PER_SECOND, median(took), quantiles(took, n=100)[98], max(took), lost, busy, waiting
    )


async def _answered(world: _World) -> Answered:
    posted = asyncio.Event()
    world.slack.on_post = lambda _channel, _post: posted.set()
    took = []
    async with _over_http(world) as send:
        for number in range(ANSWERS + 2):
            user, channel = world.people[number % len(world.people)]
            said = f"<@{BOT_USER}> {_QUESTIONS[number % len(_QUESTIONS)]}"
            payload = world.hands.payloads.message(channel, world.hands.write(user, channel, said))
            posted.clear()
            began = time.perf_counter()
            await send(payload)
            async with asyncio.timeout(60):
                await posted.wait()
            took.append((time.perf_counter() - began) * 1_000)
            await asyncio.sleep(1.5)  # so that none waits for Slack's limit of one post a second
    world.slack.on_post = None
    took = took[2:]  # the first ones load what is loaded once
    return Answered(len(took), median(took), max(took))


def _cpu(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
