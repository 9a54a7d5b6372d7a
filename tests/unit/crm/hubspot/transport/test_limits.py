"""HubSpot's limits are kept by all together, and used well."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.tables import account
from crm.adapters.hubspot.transport.calls import Budget
from crm.adapters.hubspot.transport.limits import PATIENCE, Limits, Rate
from crm.errors import CrmUnavailable
from tests.fakes.waiting import Waiting

OPTIONS = HubSpotOptions("token", burst=90, searches=4, daily=240_000)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def limits(engine: AsyncEngine, waiting: Waiting) -> Limits:
    return Limits(engine, OPTIONS, sleep=waiting.sleep, clock=waiting.now)


def most_in(window: float, moments: Sequence[float]) -> int:
    """The most moments of a half-open window of so many seconds."""
    ordered = sorted(moments)
    return max(sum(1 for other in ordered if begin <= other < begin + window) for begin in ordered)


async def live_in(engine: AsyncEngine, zone: str) -> None:
    async with engine.begin() as connection:
        facts = {"name": "details", "value": {"timeZone": zone}, "read_at": datetime(2026, 11, 1, tzinfo=UTC)}
        await connection.execute(insert(account), facts)


@given(most=st.integers(1, 1_000), seconds=st.sampled_from([1, 10]), at_once=st.integers(0, 1_200))
def test_no_window_has_more_than_is_allowed_and_half_of_it_is_always_there(
    most: int, seconds: int, at_once: int
) -> None:
    rate = Rate.of(most, seconds, at_once)
    assert rate.size + math.ceil(seconds * rate.per_second - 1e-9) - 1 <= most
    assert rate.size >= 1
    assert rate.size + seconds * rate.per_second >= most / 2


async def test_what_is_free_is_given_at_once(limits: Limits, waiting: Waiting) -> None:
    for _ in range(15):
        assert await limits.take(Budget.BURST) == 0
    assert waiting.slept == []


async def test_calls_in_ten_seconds_stay_below_the_limit_and_use_it(limits: Limits, waiting: Waiting) -> None:
    moments = []
    for _ in range(400):
        await limits.take(Budget.BURST)
        moments.append(waiting.moment.timestamp())
    assert most_in(9.999, moments) <= 90
    assert 400 / (moments[-1] - moments[0]) > 7.5


async def test_searches_in_a_second_stay_below_theirs_and_use_it(limits: Limits, waiting: Waiting) -> None:
    moments = []
    for _ in range(40):
        await limits.take(Budget.SEARCH)
        moments.append(waiting.moment.timestamp())
    assert most_in(0.999, moments) == 4
    assert moments[-1] - moments[0] == pytest.approx(39 / 4)


async def test_searches_draw_on_the_calls_in_ten_seconds_too(engine: AsyncEngine, waiting: Waiting) -> None:
    limits = Limits(engine, HubSpotOptions("token", burst=10, searches=100), sleep=waiting.sleep, clock=waiting.now)
    moments = []
    for _ in range(30):
        await limits.take(Budget.SEARCH)
        moments.append(waiting.moment.timestamp())
    assert most_in(9.999, moments) <= 10


async def test_a_call_that_would_wait_too_long_is_told_so_and_takes_nothing(engine: AsyncEngine) -> None:
    still = Waiting()

    async def no_time_passes(seconds: float) -> None:
        still.slept.append(seconds)

    options = HubSpotOptions("token", burst=10)
    limits = Limits(engine, options, sleep=no_time_passes, clock=still.now)
    waits: list[float] = []

    async def as_many_as_there_are() -> None:
        while True:
            waits.append(await limits.take(Budget.BURST))

    with pytest.raises(CrmUnavailable, match="waiting for their turn") as refused:
        await as_many_as_there_are()
    assert max(waits) <= PATIENCE < refused.value.retry_after < PATIENCE + 2
    with pytest.raises(CrmUnavailable) as again:
        await limits.take(Budget.BURST)
    assert again.value.retry_after == refused.value.retry_after


async def test_the_days_calls_end_at_the_portals_midnight(engine: AsyncEngine, waiting: Waiting) -> None:
    await live_in(engine, "America/New_York")
    waiting.moment = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)  # 17:00 there
    limits = Limits(engine, HubSpotOptions("token", daily=5), sleep=waiting.sleep, clock=waiting.now)
    for _ in range(5):
        await limits.take(Budget.BURST)
    with pytest.raises(CrmUnavailable, match="the 5 calls to HubSpot of this day") as refused:
        await limits.take(Budget.BURST)
    assert refused.value.retry_after == 7 * 3600
    waiting.pass_by(7 * 3600 - 1)
    with pytest.raises(CrmUnavailable):
        await limits.take(Budget.SEARCH)
    waiting.pass_by(1)
    assert await limits.take(Budget.SEARCH) == 0
    assert (await limits.used()).today == 1


async def test_a_day_on_which_the_clocks_change_has_its_own_length(engine: AsyncEngine, waiting: Waiting) -> None:
    await live_in(engine, "Europe/Berlin")
    waiting.moment = datetime(2027, 3, 27, 23, 0, tzinfo=UTC)  # midnight there; a day of 23 hours begins
    limits = Limits(engine, OPTIONS, sleep=waiting.sleep, clock=waiting.now)
    assert await limits.seconds_of_day_left() == 23 * 3600


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "", "../../etc/passwd", "US/Eastern\x7f"])
async def test_a_zone_that_nobody_knows_is_utc(engine: AsyncEngine, waiting: Waiting, zone: str) -> None:
    await live_in(engine, zone)
    limits = Limits(engine, OPTIONS, sleep=waiting.sleep, clock=waiting.now)
    assert await limits.seconds_of_day_left() == 12 * 3600


async def test_a_closed_limit_is_closed_for_everybody(engine: AsyncEngine, limits: Limits, waiting: Waiting) -> None:
    other = Limits(engine, OPTIONS, sleep=waiting.sleep, clock=waiting.now)
    await other.take(Budget.BURST)
    await limits.close("burst", 10, "too many calls in ten seconds")
    assert await other.take(Budget.BURST) == pytest.approx(10 + 1 / 7.6)


async def test_those_that_waited_for_a_reopening_do_not_come_all_at_once(limits: Limits, waiting: Waiting) -> None:
    await limits.take(Budget.BURST)
    await limits.close("burst", 5, "too many")
    moments = []
    for _ in range(30):
        await limits.take(Budget.BURST)
        moments.append(waiting.moment.timestamp())
    assert most_in(0.999, moments) <= 8


async def test_a_turn_that_was_given_before_everybody_was_asked_to_wait_is_given_anew(
    engine: AsyncEngine, waiting: Waiting
) -> None:
    async def asked_meanwhile(seconds: float) -> None:
        await waiting.sleep(seconds)
        if len(waiting.slept) == 1:
            await asked.close("search", 5, "too many searches")

    asked = Limits(engine, OPTIONS, sleep=asked_meanwhile, clock=waiting.now)
    await asked.take(Budget.SEARCH)
    assert await asked.take(Budget.SEARCH) >= 5


async def test_a_later_end_that_is_known_already_stays(limits: Limits, waiting: Waiting) -> None:
    await limits.take(Budget.BURST)
    await limits.close("burst", 14, "first")
    await limits.close("burst", 1, "second")
    ((name, until, reason),) = (await limits.used()).closed
    assert (name, until, reason) == ("burst", waiting.moment + timedelta(seconds=14), "first")


async def test_a_closed_day_refuses_at_once_with_the_reason(limits: Limits) -> None:
    await limits.take(Budget.BURST)
    await limits.close("daily", 3600, "the account's calls of this day are used up")
    with pytest.raises(CrmUnavailable, match="of this day are used up") as refused:
        await limits.take(Budget.BURST)
    assert refused.value.retry_after == 3600


async def test_a_turn_takes_one_statement(engine: AsyncEngine, limits: Limits) -> None:
    await limits.take(Budget.BURST)
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        for _ in range(5):
            await limits.take(Budget.SEARCH)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len(statements) == 5


async def test_a_database_that_is_away_is_a_crm_that_is_away() -> None:
    engine = create_async_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(CrmUnavailable):
        await Limits(engine, OPTIONS).take(Budget.BURST)
    await engine.dispose()


WORKER = """
import asyncio, sys, time
from sqlalchemy.ext.asyncio import create_async_engine
from crm.adapters.hubspot.transport.calls import Budget
from crm.adapters.hubspot.transport.limits import Limits
from crm.adapters.hubspot.options import HubSpotOptions

async def main(url: str) -> None:
    engine = create_async_engine(url)
    limits = Limits(engine, HubSpotOptions("token", burst=1_000, searches=40))
    async with engine.connect():
        print("ready", flush=True)
    sys.stdin.readline()

    async def one() -> None:
        for _ in range(5):
            await limits.take(Budget.SEARCH)
            print(time.time(), flush=True)

    await asyncio.gather(*(one() for _ in range(8)))
    await engine.dispose()

asyncio.run(main(sys.argv[1]))
"""


async def test_processes_together_stay_below_the_limit_and_use_it(database: str) -> None:
    """40 searches a second are kept by two processes where the account would allow 50, as we keep 4 of 5."""
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            WORKER,
            database,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"
    heard = await asyncio.gather(*(worker.communicate(b"\n") for worker in workers))
    moments = [float(line) for out, _ in heard for line in out.splitlines()]
    assert len(moments) == 80
    assert most_in(1.0, moments) <= 50
    assert max(moments) - min(moments) < 80 / 40 * 1.5
