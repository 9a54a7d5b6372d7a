"""What falls due is seen to once, by one, in one piece; and what fails is tried again and holds up nobody."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.due import DueDesk
from bot.storage import mirror, tasks, timers
from bot.storage.database import Database, StorageUnavailable
from bot.storage.queue import Queue
from knowledge.deal_clock import Timer
from tests.builders import partner
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

START = datetime(2026, 11, 26, 9, tzinfo=UTC)


async def nothing_overlooked() -> int:
    return 0


@dataclass
class Bell:
    """Rings for each timer, and fails for those it is told to."""

    rung: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    first: Callable[[Timer], Awaitable[None]] | None = None

    async def __call__(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        await tasks.open_task(connection, f"rung:{timer.key}", "notice", "it rang")
        if self.first:
            await self.first(timer)
        if timer.key in self.broken:
            raise LookupError("the bell is broken")
        self.rung.append(timer.key)


@dataclass
class House:
    storage: Database
    queue: Queue
    bell: Bell = field(default_factory=Bell)
    now: datetime = START

    @property
    def desk(self) -> DueDesk:
        return DueDesk(self.storage, self.queue, lambda: self.now, {"bell": self.bell}, nothing_overlooked)

    async def sets(self, *keys: str, after: timedelta = timedelta(), kind: str = "bell") -> None:
        async with self.storage.begin() as connection:
            for key in keys:
                await timers.schedule(connection, Timer(key, kind, "D-1", START + after, {}, "p-1"))

    async def effects(self) -> list[str]:
        async with self.storage.begin() as connection:
            return sorted(task.summary for task in await tasks.open_tasks(connection))


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    async with storage.begin() as connection:
        await mirror.store(connection, [partner()])
    return House(storage, queue)


async def test_nothing_falls_due_before_its_time(house: House) -> None:
    await house.sets("a", after=timedelta(minutes=1))
    assert await house.desk() == 0
    house.now += timedelta(minutes=1)
    assert await house.desk() == 1
    assert house.bell.rung == ["a"]


async def test_what_is_done_is_done_once(house: House) -> None:
    await house.sets("a", "b")
    assert await house.desk() == 2
    assert await house.desk() == 0
    await house.sets("a", "b", after=timedelta(seconds=-5))
    assert await house.desk() == 0


async def test_the_longest_overdue_comes_first(house: House) -> None:
    await house.sets("late", after=timedelta(hours=-1))
    await house.sets("later", after=timedelta(hours=-3))
    await house.desk()
    assert house.bell.rung == ["later", "late"]


async def test_several_desks_ring_each_bell_once(house: House) -> None:
    keys = [f"k{n:02}" for n in range(20)]
    await house.sets(*keys)
    done = await asyncio.gather(*(house.desk() for _ in range(4)))
    assert sum(done) == 20
    assert sorted(house.bell.rung) == keys


async def test_more_than_a_page_falls_due_in_one_go(house: House) -> None:
    await house.sets(*(f"k{n:03}" for n in range(230)))
    assert await house.desk() == 230


async def test_a_broken_one_leaves_no_half_effect_and_holds_up_nobody(house: House) -> None:
    await house.sets("a", "b", "c")
    house.bell.broken = {"a"}
    assert await house.desk() == 2
    assert house.bell.rung == ["b", "c"]
    assert await house.effects() == ["it rang", "it rang"]


async def test_a_broken_one_is_tried_again_with_growing_pauses_until_it_is_whole(house: House) -> None:
    await house.sets("a")
    house.bell.broken = {"a"}
    tried = 0

    async def count(_: Timer) -> None:
        nonlocal tried
        tried += 1

    house.bell.first = count
    for _ in range(60):
        await house.desk()
        house.now += timedelta(minutes=1)
    assert 4 <= tried <= 8
    house.bell.broken = set()
    house.now += timedelta(hours=1)
    assert await house.desk() == 1


async def test_a_manager_hears_once_of_what_fails_again_and_again(house: House) -> None:
    await house.sets("a")
    house.bell.broken = {"a"}
    for _ in range(6):
        await house.desk()
        house.now += timedelta(hours=1)
    (said,) = await house.effects()
    assert said == "bell of D-1 fell due and fails again and again: LookupError: the bell is broken"


async def test_a_kind_that_nobody_knows_waits_for_a_version_that_does(house: House) -> None:
    await house.sets("x", kind="of the future")
    await house.sets("a")
    assert await house.desk() == 1
    async with house.storage.begin() as connection:
        assert [t.key for t in await timers.due(connection, START + timedelta(hours=2))] == ["x"]


async def test_who_dies_in_the_middle_leaves_it_to_the_next(house: House) -> None:
    await house.sets("a")
    reached = asyncio.Event()

    async def wait_for_ever(_: Timer) -> None:
        reached.set()
        await asyncio.Event().wait()

    house.bell.first = wait_for_ever
    dying = asyncio.create_task(house.desk())
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await house.effects() == []
    house.bell.first = None
    assert await house.desk() == 1
    assert await house.effects() == ["it rang"]


@pytest.mark.parametrize("moment", ["before the end", "after the end"])
async def test_a_process_that_is_killed_neither_loses_nor_repeats_it(house: House, database: str, moment: str) -> None:
    """Killed in its transaction, or right behind it and before anything is delivered."""
    await house.sets("a", kind="killed")
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.bot.desk.killed_desk", database, START.isoformat(), moment
    )
    assert await dying.wait() == -signal.SIGKILL
    desk = replace(house.desk, handlers={"killed": house.bell})
    assert await desk() == (moment == "before the end")
    assert await house.effects() == ["it rang"]


async def test_a_connection_that_breaks_in_the_middle_changes_nothing(house: House) -> None:
    await house.sets("a")

    async def cut(_: Timer) -> None:
        async with house.storage.begin() as connection:
            others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
            await connection.execute(text(f"{others} and datname = current_database() and state like 'idle in%'"))

    house.bell.first = cut
    with pytest.raises(StorageUnavailable):
        await house.desk()
    assert await house.effects() == []
    house.bell.first = None
    assert await house.desk() == 1
    assert await house.effects() == ["it rang"]


async def test_planning_again_keeps_what_is_done_and_drops_what_is_no_longer_wanted(house: House) -> None:
    await house.sets("done")
    await house.desk()
    await house.sets("dropped", "kept", after=timedelta(hours=1))
    planned = [Timer(key, "bell", "D-1", START + timedelta(minutes=5), {}, "p-1") for key in ("done", "kept", "new")]
    async with house.storage.begin() as connection:
        await timers.set_for(connection, "D-1", planned, START)
    house.now += timedelta(hours=2)
    await house.desk()
    assert house.bell.rung == ["done", "kept", "new"]


async def test_what_only_makes_sense_ahead_is_not_set_when_past_and_not_lost_when_overdue(house: House) -> None:
    early, late = (Timer(k, "bell", "D-1", START, {}, "p-1", only_ahead=True) for k in ("early", "late"))
    async with house.storage.begin() as connection:
        await timers.set_for(connection, "D-1", [early], START - timedelta(hours=1))
        await timers.set_for(connection, "D-1", [early, late], START + timedelta(hours=1))
    house.now += timedelta(hours=1)
    await house.desk()
    assert house.bell.rung == ["early"]
