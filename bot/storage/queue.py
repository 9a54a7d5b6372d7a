"""The durable queue (procrastinate): jobs by name, with a lock, in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection as PsycopgConnection
from psycopg import OperationalError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import StorageUnavailable, raw
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres

log = logging.getLogger(__name__)

READ = "read"
HANDLE = "handle"
DELIVER = "deliver"
SCREEN = "screen"
TICK = "tick"
STATEMENT_RUN = "statement_run"
STATEMENT_DOCUMENTS = "statement_documents"
SLACK_CHANNEL = "slack_channel"
SLACK_HOME = "slack_home"
ANNOUNCE = "announce"

_FIRST = {DELIVER: 2, HANDLE: 1, SCREEN: 1}
"""What is begun is brought to its end before anything new: however many messages wait to be read, an answer that is
written goes, and a message that is read is handled. Jobs that share a lock share a rank, as they run in their order.
"""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to defer: jobs of one `lock` run one at a time and in order; `wait` is in seconds."""

    task: str
    lock: str
    args: dict[str, Any]
    wait: int = 0


class Queue:
    """Defers jobs; the worker registers the tasks on `app` and runs them."""

    def __init__(self, postgres: Postgres, pool_size: int = 6) -> None:
        connector = PsycopgConnector(
            conninfo=postgres.dsn, min_size=1, max_size=pool_size, timeout=10, configure=_each_alone
        )
        self.app = App(connector=connector)

    async def open(self) -> None:
        await self.app.open_async()

    async def aclose(self) -> None:
        await self.app.close_async()

    async def defer(self, connection: AsyncConnection, jobs: Sequence[NewJob]) -> None:
        """Insert the jobs in the caller's transaction: they exist if and only if it commits."""
        if not jobs:
            return
        rows = [
            self.app.configure_task(
                job.task, lock=job.lock, priority=_rank(job.task),
                schedule_in={"seconds": job.wait} if job.wait else None,
            ).make_new_job(**job.args)
            for job in jobs
        ]  # fmt: skip
        try:
            await self.app.job_manager.batch_defer_jobs_async(jobs=rows, connection=await raw(connection))
        except ConnectorException as fault:
            if isinstance(fault.__cause__, OperationalError):
                raise StorageUnavailable("the queue did not answer") from fault
            raise

    async def nudge(self, task: str, lock: str, **args: Any) -> bool:
        """Defer one job of that lock unless one is waiting already; False when there was one.

        Called after a commit, never inside a transaction: a job that already waits will then see what was committed.
        """
        try:
            job = self.app.configure_task(task, lock=lock, queueing_lock=lock, priority=_rank(task))
            await job.defer_async(**args)
        except AlreadyEnqueued:
            return False
        except (TimeoutError, ConnectorException) as fault:
            raise StorageUnavailable("the queue did not answer") from fault
        return True

    async def deliver(self, *destinations: Destination) -> None:
        """Have each destination's outbox drained; called after the commit that wrote to it."""
        locks = {f"deliver:{destination.value}": destination.value for destination in destinations}
        waiting = await self._waiting(locks)
        for lock, destination in locks.items():
            if lock not in waiting:
                await self.nudge(DELIVER, lock, destination=destination)

    async def _waiting(self, locks: Collection[str]) -> set[str]:
        """Those of which a job waits already: asked first, as being turned away costs more than a look."""
        try:
            rows = await self.app.connector.execute_query_all_async(_WAITING, locks=[*locks])
        except (TimeoutError, ConnectorException) as fault:
            raise StorageUnavailable("the queue did not answer") from fault
        return {row["queueing_lock"] for row in rows}

    async def refresh(self) -> None:
        """Have the mirror look at the CRM now; called after the commit of what there is to see."""
        await self.nudge(TICK, "refresh:told", name="refresh", tick=uuid4().hex)

    async def refresh_homes(self) -> None:
        """Have the Home tabs in Slack looked at now; called after the commit of what managers did."""
        await self.nudge(TICK, "homes:told", name="homes", tick=uuid4().hex)

    async def rescue(self, seconds: float) -> int:
        """Put jobs of workers that have not been heard of for `seconds` back into the queue; how many."""
        try:
            stalled = list(await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
        except (TimeoutError, ConnectorException) as fault:
            raise StorageUnavailable("the queue did not answer") from fault
        return sum([await self.put_back(job) for job in stalled])

    async def put_back(self, job: Job) -> bool:
        """Let a job that is marked as running run again; False when it came to an end meanwhile.

        One with a queueing lock may find another of its name waiting, and two cannot: it ends, and one is asked for.
        """
        manager = self.app.job_manager
        try:
            if job.queueing_lock is None:
                await manager.retry_job(job)
                return True
            await manager.finish_job(job, status=Status.ABORTED, delete_job=True)
        except (TimeoutError, ConnectorException) as fault:
            log.warning("job %s was not put back: %s", job.id, fault.__cause__ or fault)
            return False
        await self.nudge(job.task_name, job.queueing_lock, **job.task_kwargs)
        return True

    async def running_at(self, worker_id: int) -> list[Job]:
        """The jobs that the queue believes to be running at this worker."""
        try:
            return list(await self.app.job_manager.list_jobs_async(status="doing", worker_id=worker_id))
        except (TimeoutError, ConnectorException) as fault:
            raise StorageUnavailable("the queue did not answer") from fault


async def _each_alone(connection: PsycopgConnection[Any]) -> None:
    """The queue's own statements stand alone: a transaction around every one would be two more turns for each."""
    await connection.set_autocommit(True)


_WAITING = (
    "select queueing_lock from procrastinate_jobs where status = 'todo' and queueing_lock = any(%(locks)s::text[])"
)


def _rank(task: str) -> int:
    return _FIRST.get(task, 0)


async def live_workers(connection: AsyncConnection, seconds: float = 15.0) -> int:
    """How many workers gave a sign of life in the last `seconds`, on any machine."""
    query = text(
        "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => :seconds)"
    )
    return int(await connection.scalar(query, {"seconds": seconds}) or 0)
