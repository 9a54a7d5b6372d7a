"""Jobs of a worker that died, jobs whose end nobody wrote down, and turns that one process has at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from procrastinate import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker as QueueWorker
from sqlalchemy import text

from bot.storage.crowd import waiting
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import DELIVER, HANDLE, READ, SCREEN, NewJob, Queue
from bot.storage.turns import turn
from bot.worker.forgotten import Forgotten


class House:
    def __init__(self, storage: Database, queue: Queue) -> None:
        self.storage = storage
        self.queue = queue

    async def waiting(self, name: str, lock: str) -> None:
        async with self.storage.begin() as connection:
            await self.queue.defer(connection, [NewJob(name, lock, {"inbox_id": lock})])

    async def taken(self, worker_id: int | None = None) -> Job:
        """The next job, marked as running at a worker."""
        manager = self.queue.app.job_manager
        job = await manager.fetch_job(queues=None, worker_id=worker_id or await self.worker())
        assert job is not None
        return job

    async def worker(self) -> int:
        return await self.queue.app.job_manager.register_worker()

    async def silent_for(self, seconds: int) -> None:
        async with self.storage.begin() as connection:
            said = text("update procrastinate_workers set last_heartbeat = now() - make_interval(secs => :s)")
            await connection.execute(said, {"s": seconds})

    async def jobs(self) -> list[tuple[str, str | None, str]]:
        found = await self.queue.app.job_manager.list_jobs_async()
        return sorted((job.task_name, job.lock, str(job.status)) for job in found)


@pytest.fixture
def house(storage: Database, queue: Queue) -> House:
    return House(storage, queue)


async def test_a_job_exists_if_and_only_if_the_transaction_was_committed(house: House) -> None:
    async def rolled_back() -> None:
        async with house.storage.begin() as connection:
            await house.queue.defer(connection, [NewJob(READ, "a", {"inbox_id": "a"})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await rolled_back()
    assert await house.jobs() == []
    await house.waiting(READ, "b")
    assert await house.jobs() == [(READ, "b", "todo")]


async def test_a_dead_workers_jobs_are_put_back_and_a_living_ones_are_not(house: House) -> None:
    await house.waiting(READ, "a")
    await house.taken()
    assert await house.queue.rescue(10) == 0
    await house.silent_for(20)
    assert await house.queue.rescue(10) == 1
    assert await house.jobs() == [(READ, "a", "todo")]


async def test_a_dead_drain_gives_way_to_the_one_that_waits(house: House) -> None:
    """Two waiting drains of a name cannot be; the dead one must not keep the waiting one from running for ever."""
    assert await house.queue.nudge(DELIVER, "deliver:mail", destination="mail")
    await house.taken()
    assert await house.queue.nudge(DELIVER, "deliver:mail", destination="mail")
    await house.waiting(READ, "a")
    await house.taken()
    await house.silent_for(20)
    assert await house.queue.rescue(10) == 2
    assert await house.jobs() == [(DELIVER, "deliver:mail", "todo"), (READ, "a", "todo")]


async def test_a_dead_drain_with_none_waiting_is_asked_for_again(house: House) -> None:
    await house.queue.nudge(DELIVER, "deliver:mail", destination="mail")
    await house.taken()
    await house.silent_for(20)
    assert await house.queue.rescue(10) == 1
    again = await house.taken()
    assert (again.task_name, again.task_kwargs) == (DELIVER, {"destination": "mail"})


async def test_a_job_that_ended_meanwhile_is_left_alone(house: House) -> None:
    await house.waiting(READ, "a")
    job = await house.taken()
    await house.queue.put_back(job)
    assert not await house.queue.put_back(job)
    assert await house.jobs() == [(READ, "a", "todo")]


async def test_a_nudge_is_one_job_however_many_ask(house: House) -> None:
    asked = [await house.queue.nudge(DELIVER, "deliver:crm", destination="crm") for _ in range(3)]
    assert asked == [True, False, False]


async def test_a_job_whose_end_was_not_written_down_is_put_back_at_the_second_look(house: House) -> None:
    forgotten = Forgotten(house.queue, 1.0)
    worker_id = await _known_to(forgotten, house)
    await house.waiting(READ, "a")
    await house.taken(worker_id)
    assert [await forgotten.look() for _ in range(3)] == [0, 1, 0]
    assert await house.jobs() == [(READ, "a", "todo")]


async def test_a_job_that_runs_is_not_forgotten_however_long(house: House) -> None:
    forgotten = Forgotten(house.queue, 1.0)
    worker_id = await _known_to(forgotten, house)
    await house.waiting(READ, "a")
    job = await house.taken(worker_id)
    done = asyncio.Event()
    running = asyncio.create_task(_through(forgotten, house, worker_id, job, done))
    await asyncio.sleep(0)
    assert [await forgotten.look() for _ in range(3)] == [0, 0, 0]
    done.set()
    await running


async def _known_to(forgotten: Forgotten, house: House) -> int:
    """A worker that ran a job before."""
    worker_id = await house.worker()
    await house.waiting(READ, "before")
    job = await house.taken(worker_id)
    done = asyncio.Event()
    done.set()
    await _through(forgotten, house, worker_id, job, done)
    await house.queue.app.job_manager.finish_job(job, status=Status.SUCCEEDED, delete_job=True)
    return worker_id


async def _through(forgotten: Forgotten, house: House, worker_id: int, job: Job, done: asyncio.Event) -> None:
    worker = QueueWorker(house.queue.app)
    worker.worker_id = worker_id
    context = JobContext(start_timestamp=0, app=house.queue.app, job=job, abort_reason=lambda: None)

    async def work() -> Any:
        await done.wait()

    await forgotten.seen(work, context, worker)


async def test_a_turn_is_one_processes_at_a_time(storage: Database) -> None:
    async with turn(storage, "a") as first, turn(storage, "a") as second, turn(storage, "b") as other:
        assert (first, second, other) == (True, False, True)
    async with turn(storage, "a") as again:
        assert again


async def test_a_turn_ends_with_a_block_that_raises(storage: Database) -> None:
    with pytest.raises(RuntimeError):
        async with turn(storage, "a"):
            raise RuntimeError
    async with turn(storage, "a") as again:
        assert again


async def test_a_turn_ends_wherever_its_holder_is_cancelled(storage: Database) -> None:
    """Cancelled between the lock and the block, a pooled connection would hold the turn for ever."""

    async def drain() -> None:
        async with turn(storage, "a"):
            await asyncio.sleep(60)

    for milliseconds in (0, 1, 2, 3, 5, 8, 13, 50):
        task = asyncio.create_task(drain())
        await asyncio.sleep(milliseconds / 1000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.1)
    async with turn(storage, "a") as again:
        assert again


async def test_what_is_begun_is_ended_before_anything_new_and_only_what_could_go_now_counts_as_waiting(
    house: House,
) -> None:
    async with house.storage.begin() as connection:
        await house.queue.defer(
            connection,
            [
                NewJob(READ, "read:a", {"inbox_id": "a"}),
                NewJob(HANDLE, "partner:b", {"inbox_id": "b"}),
                NewJob(SCREEN, "partner:b", {"number": "R-1"}),
                NewJob(READ, "read:c", {"inbox_id": "c"}, wait=60),
            ],
        )
    await house.queue.deliver(Destination.MAIL)
    async with house.storage.reading() as connection:
        assert await waiting(connection) == 2
    assert [(await house.taken()).task_name for _ in range(3)] == [DELIVER, HANDLE, READ]
    async with house.storage.reading() as connection:
        assert await waiting(connection) == 0


async def test_a_drain_that_waits_already_is_not_asked_for_again(house: House) -> None:
    await house.queue.deliver(Destination.MAIL, Destination.CRM)
    await house.taken()
    await house.queue.deliver(Destination.MAIL, Destination.CRM)
    async with house.storage.begin() as connection:
        query = text("select status::text, lock from procrastinate_jobs order by id")
        jobs = [tuple(row) for row in await connection.execute(query)]
    assert jobs == [("doing", "deliver:mail"), ("todo", "deliver:crm"), ("todo", "deliver:mail")]
