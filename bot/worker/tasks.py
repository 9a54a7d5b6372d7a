"""The jobs as the queue knows them, and the worker that runs them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import ConnectorException

from bot.desk.screening import Screening
from bot.payouts.payout_clock import PayoutClock
from bot.payouts.sending import StatementDocuments
from bot.storage import ticks
from bot.storage.database import Database, StorageUnavailable
from bot.storage.outbox import Destination
from bot.storage.queue import (
    ANNOUNCE,
    DELIVER,
    HANDLE,
    READ,
    SCREEN,
    SLACK_CHANNEL,
    SLACK_HOME,
    STATEMENT_DOCUMENTS,
    STATEMENT_RUN,
    TICK,
    Queue,
)
from bot.worker.channel_events import ChannelEvents
from bot.worker.delivering import DeliverJob
from bot.worker.forgotten import Forgotten
from bot.worker.handling import HandleJob
from bot.worker.housekeeping import Housekeeping
from bot.worker.pace import Pace
from bot.worker.reading import ReadJob

log = logging.getLogger(__name__)

# While the database restarts nothing is lost and nothing is shunted: the job comes again, however often. What fails by
# itself is shunted by the jobs. A drain is not repeated: whoever has something to send asks for one, as does the clock.
_RETRY = RetryStrategy(wait=1)
# What else stops a run is asked for anew by the clock.
_RETRY_STORAGE = RetryStrategy(wait=1, retry_exceptions={StorageUnavailable})
_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Jobs:
    """Everything a worker does, ready to run."""

    database: Database
    read: ReadJob
    handle: HandleJob
    deliver: DeliverJob
    housekeeping: Housekeeping
    screening: Screening
    documents: StatementDocuments
    payouts: PayoutClock
    home: Callable[[str], Awaitable[None]] | None = None
    """Shows one person's Home tab in Slack; None without Slack."""
    channel_events: ChannelEvents | None = None
    announce: Callable[[str], Awaitable[None]] | None = None
    """Has one announcement go on; None where there are none."""


def register(queue: Queue, jobs: Jobs) -> None:
    """Give the queue's names their work."""

    @queue.app.task(name=READ, retry=_RETRY, pass_context=True)
    async def read(context: JobContext, inbox_id: str) -> None:
        await jobs.read(inbox_id, context.job.attempts)

    @queue.app.task(name=HANDLE, retry=_RETRY, pass_context=True)
    async def handle(context: JobContext, inbox_id: str) -> None:
        await jobs.handle(inbox_id, context.job.attempts)

    @queue.app.task(name=DELIVER)
    async def deliver(destination: str) -> None:
        await jobs.deliver(Destination(destination))

    @queue.app.task(name=SCREEN, retry=_RETRY, pass_context=True)
    async def screen(context: JobContext, number: str, waited: int = 0) -> None:
        await jobs.screening(number, waited, context.job.attempts)

    @queue.app.task(name=SLACK_CHANNEL, retry=_RETRY_STORAGE)
    async def slack_channel(kind: str, key: str, event: dict[str, str]) -> None:
        if jobs.channel_events is not None:
            await jobs.channel_events(kind, key, event)

    @queue.app.task(name=TICK)
    async def tick(name: str, tick: str) -> None:
        async with jobs.database.begin() as connection:
            if not await ticks.claim(connection, name, tick):
                return
        await jobs.housekeeping(name)

    _register_pages(queue, jobs)


def _register_pages(queue: Queue, jobs: Jobs) -> None:
    """Statements, their documents, and what stands in Slack's Home tabs."""

    @queue.app.task(name=STATEMENT_DOCUMENTS, retry=_RETRY, pass_context=True)
    async def documents(context: JobContext, statement_id: str, revision: int) -> None:
        await jobs.documents(statement_id, revision, context.job.attempts)

    @queue.app.task(name=STATEMENT_RUN, retry=_RETRY_STORAGE)
    async def statement_run(period: str) -> None:
        await jobs.payouts.run_period(period)

    @queue.app.task(name=ANNOUNCE, retry=_RETRY_STORAGE)
    async def announce(announcement_id: str) -> None:
        if jobs.announce is not None:
            await jobs.announce(announcement_id)

    @queue.app.task(name=SLACK_HOME, retry=_RETRY_STORAGE)
    async def slack_home(user: str) -> None:
        if jobs.home is not None:
            await jobs.home(user)


class Worker:
    """Runs jobs until stopped; a database that goes away is waited for."""

    def __init__(self, queue: Queue, concurrency: int, pace: Pace = _PACE) -> None:
        self._queue = queue
        self._concurrency = concurrency
        self._pace = pace
        self._forgotten = Forgotten(queue, pace.stalled)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="worker")

    async def stop(self) -> None:
        """Jobs under way get ten seconds to finish."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _run(self) -> None:
        watch = asyncio.create_task(self._forgotten.watch(), name="forgotten jobs")
        try:
            while True:
                await self._run_once()
                await asyncio.sleep(self._pace.pause)
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _run_once(self) -> None:
        try:
            await self._queue.app.run_worker_async(
                concurrency=self._concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=self._pace.polling,
                update_heartbeat_interval=self._pace.beat,
                stalled_worker_timeout=self._pace.pruned,
                shutdown_graceful_timeout=10.0,
                delete_jobs="successful",
                worker_middleware=[self._forgotten.seen],
            )
        except (ConnectorException, StorageUnavailable, OSError) as fault:
            log.warning("the worker waits for the database: %s", fault)
        except Exception:
            # Whatever it was, an agent that accepts and never answers would be worse.
            log.exception("the worker stopped by a fault and starts again")
