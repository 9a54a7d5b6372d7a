"""Interactions on their way to HubSpot while it fails and workers die: each is logged once, and none is lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.setup.at_once import set_up_at_once
from tests.contract.hubspot_accounts import FREELY
from tests.durability import timelines
from tests.durability.figures import FIGURES
from tests.durability.processes import Mortal
from tests.durability.timelines import Held, Waiting
from tests.fakes.hubspot import Hub, Mood, Portal, running_hubspot

COUNT = int(os.environ.get("DURABLE_INTERACTIONS", "600"))  # `make plays` logs 10,000
OUTAGE = float(os.environ.get("DURABLE_OUTAGE", "3"))  # seconds; `make plays`: two minutes
WHOLE = COUNT >= 10_000
CREATE = "batch/create"
ALLOWED, OURS = 100, 90  # calls in ten seconds: what the account allows, and what the agent takes of it


@pytest.fixture
async def hub(engine: AsyncEngine) -> AsyncIterator[Hub]:
    with running_hubspot(Portal(allowance_of=FREELY)) as hub:
        await set_up_at_once(engine, HubSpotOptions(hub.token, url=hub.url, burst=1_000))
        await timelines.fill(hub, engine)
        hub.calls.clear()
        yield hub


def _environment(hub: Hub, database: str, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database.replace("postgresql+psycopg", "postgresql"),
        "PARTNERLINE_PROFILE": "production",
        "PARTNERLINE_DATA_DIR": str(folder),
        "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
        "PARTNERLINE_TRUSTED_AUTHSERV_ID": "mx.lumora.example",
        "PARTNERLINE_HTTP_PORT": "0",
        "PARTNERLINE_CONSOLE_PORT": "0",
        "PARTNERLINE_CRM": "hubspot",
        "PARTNERLINE_HUBSPOT_TOKEN": hub.token,
        "PARTNERLINE_HUBSPOT_URL": hub.url,
        "PARTNERLINE_HUBSPOT_CALLS_PER_10S": str(OURS),
        "PARTNERLINE_HUBSPOT_SETTLING": "30" if WHOLE else "1",
    }


@pytest.mark.slow
@pytest.mark.timeout(1_800 if WHOLE else 120)
async def test_each_is_logged_once_while_hubspot_fails_and_workers_die(
    hub: Hub, engine: AsyncEngine, database: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    wanted = timelines.interactions(COUNT)
    await timelines.put(engine, wanted)
    written = _told_when_written(hub, times=3 if WHOLE else 1)
    timelines.gone_wrong(hub, burst=ALLOWED)
    environment = _environment(hub, database, tmp_path)
    workers = [Mortal("work", environment, tmp_path / f"work{number}.log") for number in range(2 if WHOLE else 1)]
    waiting = Waiting(engine, hurry=not WHOLE)
    try:
        await asyncio.gather(*(worker.start() for worker in workers))
        killing = asyncio.create_task(_kill_again_and_again(workers, written))
        await waiting.until(lambda left: left <= COUNT * 2 // 3, within=900)
        hub.moods.outage(OUTAGE)
        await waiting.until(lambda left: left == 0, within=1_200 if WHOLE else 90)
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
    finally:
        for worker in workers:
            await worker.end()
    held = Held.of(hub)
    kills = sum(worker.kills for worker in workers)
    per = held.calls / COUNT
    record_property(
        FIGURES,
        f"{COUNT:,} interactions, an outage of {OUTAGE:.0f} s, {kills} kills: {len(held.lost(wanted))} lost,"
        f" {len(held.doubled(wanted))} doubled, {held.over_limit} calls over the limit, {per:.4f} calls for each",
    )
    assert held.lost(wanted) == []
    assert held.doubled(wanted) == []
    assert held.times.total() == COUNT
    assert await waiting.ends() == {"sent": COUNT}
    assert held.over_limit == 0
    assert kills > 0
    assert not WHOLE or per <= 0.05


def _told_when_written(hub: Hub, times: int) -> asyncio.Event:
    """Set when HubSpot has written a batch and not answered yet, which it takes its time for, the first few times."""
    loop, written = asyncio.get_running_loop(), asyncio.Event()
    hub.moods.slowness = 1.5
    hub.moods.next(Mood.SLOW, on=CREATE, times=times)
    hub.moods.after(CREATE, lambda: loop.call_soon_threadsafe(written.set), times=times)
    return written


async def _kill_again_and_again(workers: list[Mortal], written: asyncio.Event) -> None:
    """One after the other, at random; both where a batch was just written and nobody knows of it."""
    pause = timelines.somewhen(seed=3, first=5.0, last=25.0) if WHOLE else timelines.somewhen(3, 4.0, 9.0)
    for turn in count():
        with suppress(TimeoutError):
            await asyncio.wait_for(written.wait(), pause())
        struck = workers if written.is_set() else [workers[turn % len(workers)]]
        for worker in struck:
            await worker.kill()
        written.clear()
        await asyncio.gather(*(worker.start() for worker in struck))
