"""The pace of calls to Slack is kept by all workers together, and a hold holds what it was said of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage import slack_pace
from bot.storage.database import Database
from bot.storage.slack_pace import StoredPace


@dataclass(frozen=True)
class Calls:
    name: str = "users.info"
    every: float = 10.0
    burst: int = 1


async def later(storage: Database, seconds: float) -> None:
    """As if so much time had passed."""
    async with storage.begin() as connection:
        await connection.execute(
            text("update slack_pace set next_at = next_at - make_interval(secs => :seconds)"), {"seconds": seconds}
        )


async def value(storage: Database, query: str) -> Any:
    async with storage.begin() as connection:
        return await connection.scalar(text(query))


async def test_the_first_call_goes_and_the_next_hears_how_long_it_has_to_wait(storage: Database) -> None:
    pace = StoredPace(storage)
    assert await pace.take(Calls()) == 0.0
    assert await pace.take(Calls()) == pytest.approx(10, abs=0.5)
    await later(storage, 4)
    assert await pace.take(Calls()) == pytest.approx(6, abs=0.5)
    await later(storage, 6)
    assert await pace.take(Calls()) == 0.0


async def test_a_burst_goes_at_once_and_comes_back_with_time_and_no_further(storage: Database) -> None:
    pace, calls = StoredPace(storage), Calls(burst=3)
    assert [await pace.take(calls) for _ in range(3)] == [0.0] * 3
    assert await pace.take(calls) == pytest.approx(10, abs=0.5)
    await later(storage, 10)
    assert await pace.take(calls) == 0.0
    assert await pace.take(calls) == pytest.approx(10, abs=0.5)
    await later(storage, 10_000)
    assert [bool(await pace.take(calls)) for _ in range(4)] == [False, False, False, True]


async def test_what_may_not_go_is_not_counted(storage: Database) -> None:
    pace = StoredPace(storage)
    await pace.take(Calls())
    for _ in range(5):
        await pace.take(Calls())
    await later(storage, 10)
    assert await pace.take(Calls()) == 0.0


async def test_workers_that_call_at_the_same_time_share_one_limit(storage: Database) -> None:
    """Two databases stand for two processes: nothing is shared but what is stored."""
    other = Database(storage.postgres)
    waits = await asyncio.gather(
        *(StoredPace((storage, other)[number % 2]).take(Calls(burst=7)) for number in range(40))
    )
    await other.aclose()
    assert waits.count(0.0) == 7


async def test_a_held_line_waits_for_its_end_and_then_goes_on_without_a_burst(storage: Database) -> None:
    pace, calls = StoredPace(storage), Calls(burst=5)
    await pace.hold(calls, 30)
    assert await pace.take(calls) == pytest.approx(30, abs=0.5)
    await later(storage, 30)
    assert await pace.take(calls) == 0.0
    assert await pace.take(calls) == pytest.approx(10, abs=0.5)


async def test_a_shorter_hold_does_not_end_a_longer_one(storage: Database) -> None:
    pace = StoredPace(storage)
    await pace.hold(Calls(), 60)
    await pace.hold(Calls(), 1)
    assert await pace.held("users.info") == pytest.approx(60, abs=0.5)


async def test_a_hold_leaves_other_lines_alone(storage: Database) -> None:
    pace = StoredPace(storage)
    await pace.hold(Calls("chat.postMessage C1"), 60)
    assert await pace.take(Calls("chat.postMessage C2"), unless_held="chat.postMessage") == 0.0


async def test_a_line_waits_for_the_hold_of_another_that_it_names_and_is_not_counted_meanwhile(
    storage: Database,
) -> None:
    pace, post = StoredPace(storage), Calls("chat.postMessage C1", every=1.0)
    await pace.hold(Calls("chat.postMessage", every=0.0), 20)
    assert await pace.take(post, unless_held="chat.postMessage") == pytest.approx(20, abs=0.5)
    assert await value(storage, "select count(*) from slack_pace where line = 'chat.postMessage C1'") == 0
    await later(storage, 20)
    assert await pace.take(post, unless_held="chat.postMessage") == 0.0


async def test_a_wait_is_never_so_short_that_asking_again_would_be_a_loop(storage: Database) -> None:
    pace, calls = StoredPace(storage), Calls(every=0.02)
    waits = [await pace.take(calls) for _ in range(3)]
    assert all(wait == 0.0 or wait >= 0.05 for wait in waits)


async def test_who_takes_a_smaller_burst_of_the_same_line_leaves_the_rest_to_others(storage: Database) -> None:
    pace, modest, other = StoredPace(storage), Calls(burst=2), Calls(burst=6)
    assert [bool(await pace.take(modest)) for _ in range(3)] == [False, False, True]
    assert [bool(await pace.take(other)) for _ in range(5)] == [False] * 4 + [True]
    await later(storage, 10)
    assert await pace.take(modest) > 0
    assert await pace.take(other) == 0.0


async def test_lines_at_rest_are_forgotten(storage: Database) -> None:
    pace = StoredPace(storage)
    await pace.take(Calls("old"))
    await later(storage, 4_000)
    await pace.take(Calls("new"))
    async with storage.begin() as connection:
        assert await slack_pace.forget_old(connection) == 1
    assert await value(storage, "select line from slack_pace") == "new"
