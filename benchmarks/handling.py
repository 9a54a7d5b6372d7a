"""How many messages a second are read, understood, acted on, answered and logged, with one and two workers."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import text

from benchmarks.mails import mails
from bot.bootstrap import Application, application
from bot.demo.first_start import seed_once
from bot.storage.inbox import Arrival
from bot.worker.mirroring import MirrorJob
from config.loading import load_settings
from crm.records import Channel, Contact

WORKERS = (1, 2)
MESSAGES = 400
ROUNDS = 3
_TIMED_FROM = 0.1  # of the messages; before that a worker is still getting going


@dataclass(frozen=True, slots=True)
class Handling:
    """`per_second` messages from inbox to answer, `cpu_ms` of the workers for each; `ratio` to empty jobs, two each."""

    workers: int
    per_second: float
    cpu_ms: float
    ratio: float


async def measure(database_url: str, step: Callable[[], None]) -> list[Handling]:
    """Rounds take turns, so that what else the machine does weighs on all alike."""
    async with _demo(database_url) as (app, contacts):
        rounds: dict[int, list[Handling]] = {workers: [] for workers in WORKERS}
        for number in range(ROUNDS):
            idle = await _empty_jobs(database_url) / 2
            for workers in WORKERS:
                await _fill(app, contacts, f"{number}-{workers}")
                per_second, cpu_ms = await _worked_off(app, workers, database_url)
                rounds[workers].append(Handling(workers, per_second, cpu_ms, per_second / idle))
                step()
        return [_median(rounds[workers]) for workers in WORKERS]


def _median(rounds: Sequence[Handling]) -> Handling:
    return Handling(
        rounds[0].workers,
        median(r.per_second for r in rounds),
        median(r.cpu_ms for r in rounds),
        median(r.ratio for r in rounds),
    )


@asynccontextmanager
async def _demo(database_url: str) -> AsyncIterator[tuple[Application, tuple[Contact, ...]]]:
    settings = load_settings(Path(os.devnull), environ={"DATABASE_URL": database_url})
    async with application(settings) as app:
        if app.slack is None:
            raise RuntimeError("the demo has a Slack of its own")
        mirror = MirrorJob(app.database, app.crm)
        await seed_once(app.database, app.crm, mirror, app.programs, app.slack.own, app.today())
        changes = await app.crm.changes()
        yield app, tuple(contact for contact in changes.contacts if contact.active)


async def _fill(app: Application, contacts: Sequence[Contact], round_name: str) -> None:
    arrivals = [
        Arrival(
            Channel.EMAIL,
            raw,
            {"mail_from": sender, "rcpt_tos": [app.own.author.address], "peer": "127.0.0.1", "helo": "benchmark"},
            datetime.now(UTC),
            lock=sender,
        )
        for sender, raw in mails(contacts, MESSAGES, app.own.author.address, round_name)
    ]
    async with app.database.begin() as connection:
        # The cap on automatic answers counts the last hour, which here holds the rounds before.
        await connection.execute(text("update outbox set created_at = created_at - interval '2 hours'"))
        await connection.execute(text("delete from inbox"))
    await app.inbox.accept(arrivals)


async def _worked_off(app: Application, workers: int, database_url: str) -> tuple[float, float]:
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(_process("work", database_url)) for _ in range(workers)]
        await _until(app, MESSAGES)
        cpu = sum(_cpu(process.pid) for process in running)
    query = text(
        "select extract(epoch from max(handled_at) - min(handled_at)) from"
        " (select handled_at from inbox where state = 'handled' order by handled_at offset :first) late"
    )
    first = int(MESSAGES * _TIMED_FROM)
    async with app.database.begin() as connection:
        seconds = float(await connection.scalar(query, {"first": first}) or 0)
    return (MESSAGES - first) / seconds, cpu / MESSAGES * 1_000


async def _until(app: Application, handled: int) -> None:
    """Return once all are handled. Raises where one failed, since then the figure would be of something else."""
    query = text(
        "select count(*) filter (where state = 'handled'), count(*) filter (where state = 'shunted') from inbox"
    )
    async with asyncio.timeout(300):
        while True:
            async with app.database.begin() as connection:
                done, failed = (await connection.execute(query)).one()
            if failed:
                raise RuntimeError(f"{failed} message(s) could not be handled")
            if done == handled:
                return
            await asyncio.sleep(0.3)


async def _empty_jobs(database_url: str) -> float:
    async with _process("empty", database_url) as process:
        if process.stdout is None:
            raise RuntimeError("the process has no output")
        return float(await process.stdout.readline())


@asynccontextmanager
async def _process(role: str, database_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.working", role,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "DATABASE_URL": database_url},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _cpu(pid: int) -> float:
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)
