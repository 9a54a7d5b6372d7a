"""Group commit: one commit for all who wait, an answer for each, and no neighbour harmed by another's fault."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.storage.acceptor import Acceptor
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import Arrival, Inbox
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from crm.records import Channel
from tests.fakes.wire import wire_to


def arrival(number: int = 1, **changes: object) -> Arrival:
    given: dict[str, object] = {"raw": f"mail {number}".encode(), "lock": f"sender {number}", **changes}
    return Arrival(Channel.EMAIL, envelope={}, received_at=datetime.now(UTC), **given)  # type: ignore[arg-type]


class Commits:
    """Notes each commit's messages; a commit waits for `go_on`, and fails while a message in it is a `bad` one."""

    def __init__(self, bad: bytes = b"", fault: Exception | None = None) -> None:
        self.batches: list[list[bytes]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self._bad = bad
        self._fault = fault or ValueError("the database refuses this")

    async def __call__(self, arrivals: Sequence[Arrival]) -> None:
        await self.go_on.wait()
        self.batches.append([a.raw for a in arrivals])
        if self._bad in [a.raw for a in arrivals]:
            raise self._fault


async def test_a_lone_message_is_committed_at_once() -> None:
    commits = Commits()
    await Acceptor(commits).accept(arrival())
    assert commits.batches == [[b"mail 1"]]


async def test_messages_that_come_during_a_commit_share_the_next_one() -> None:
    commits = Commits()
    commits.go_on.clear()
    acceptor = Acceptor(commits)
    waiting = [asyncio.create_task(acceptor.accept(arrival(n))) for n in range(3)]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(acceptor.accept(arrival(n))) for n in range(3, 6)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in waiting)
    commits.go_on.set()
    await asyncio.gather(*waiting)
    assert [len(batch) for batch in commits.batches] == [3, 3]
    assert sorted(raw for batch in commits.batches for raw in batch) == [f"mail {n}".encode() for n in range(6)]


async def test_no_commit_grows_beyond_two_hundred() -> None:
    commits = Commits()
    acceptor = Acceptor(commits)
    await asyncio.gather(*(acceptor.accept(arrival(n)) for n in range(450)))
    assert sum(len(batch) for batch in commits.batches) == 450
    assert max(len(batch) for batch in commits.batches) <= 200


async def test_one_message_the_database_refuses_takes_no_neighbour_with_it() -> None:
    commits = Commits(bad=b"mail 2")
    acceptor = Acceptor(commits)
    ends = await asyncio.gather(*(acceptor.accept(arrival(n)) for n in range(5)), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), type(None), ValueError, type(None), type(None)]


async def test_a_database_that_is_away_is_asked_once_for_all_who_wait() -> None:
    commits = Commits(bad=b"mail 2", fault=StorageUnavailable("away"))
    acceptor = Acceptor(commits)
    ends = await asyncio.gather(*(acceptor.accept(arrival(n)) for n in range(5)), return_exceptions=True)
    assert {type(end) for end in ends} == {StorageUnavailable}
    assert len(commits.batches) == 1


async def test_who_gives_up_waiting_harms_nobody_else() -> None:
    commits = Commits()
    commits.go_on.clear()
    acceptor = Acceptor(commits)
    first = asyncio.create_task(acceptor.accept(arrival(1)))
    second = asyncio.create_task(acceptor.accept(arrival(2)))
    await asyncio.sleep(0.01)
    first.cancel()
    commits.go_on.set()
    await second
    await acceptor.accept(arrival(3))
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_accepted_means_that_row_and_job_are_there(storage: Database, queue: Queue) -> None:
    acceptor = Acceptor(Inbox(storage, queue).accept)
    await asyncio.gather(*(acceptor.accept(arrival(n)) for n in range(30)))
    jobs = list(await queue.app.job_manager.list_jobs_async(task="read"))
    assert len(jobs) == 30
    assert {job.lock for job in jobs} == {f"read:sender {n}" for n in range(30)}


async def test_a_known_key_is_accepted_again_and_leads_to_nothing_new(storage: Database, queue: Queue) -> None:
    acceptor = Acceptor(Inbox(storage, queue).accept)
    twice = [arrival(1, dedupe_key="slack:1"), arrival(1, dedupe_key="slack:1")]
    await asyncio.gather(*(acceptor.accept(one) for one in twice))
    await acceptor.accept(arrival(1, dedupe_key="slack:1"))
    assert len(list(await queue.app.job_manager.list_jobs_async(task="read"))) == 1


@pytest.mark.parametrize("delivered", [True, False])
async def test_an_answer_lost_at_the_commit_is_no_acceptance(database: str, delivered: bool) -> None:
    async with wire_to(database) as (wire, url):
        storage = Database(Postgres(url, "through a wire"))
        acceptor = Acceptor(Inbox(storage, Queue(storage.postgres)).accept)
        try:
            wire.cut_at("COMMIT", delivered=delivered)
            with pytest.raises(StorageUnavailable):
                await acceptor.accept(arrival(1))
            await acceptor.accept(arrival(1))  # the sender comes again, on a new connection
            async with storage.begin() as connection:
                kept = await connection.scalar(text("select count(*) from inbox"))
            assert kept == (2 if delivered else 1)
        finally:
            await storage.aclose()
