"""Interactions on their way to HubSpot while it fails and workers die: each is logged once, and none is lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.contract.hubspot_accounts import FREELY
from tests.durability import timelines
from tests.durability.figures import FIGURES
from tests.durability.processes import Mortal
from tests.durability.timelines import Held, Waiting
from tests.fakes.hubspot import Hub, Portal, running_hubspot

COUNT = int(os.environ.get("DURABLE_INTERACTIONS", "600"))  # `make plays` logs 10,000
OUTAGE = float(os.environ.get("DURABLE_OUTAGE", "3"))  # seconds; `make plays`: two minutes
WHOLE = COUNT >= 10_000
ALLOWED, OURS = 100, 90  # calls in ten seconds: what the account allows, and what the agent takes of it


@pytest.fixture
async def hub(engine: AsyncEngine) -> AsyncIterator[Hub]:
    with running_hubspot(Portal(allowance_of=FREELY)) as hub:
        await timelines.fill(hub, engine)
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
    timelines.gone_wrong(hub, burst=ALLOWED)
    environment = _environment(hub, database, tmp_path)
    workers = [Mortal("work", environment, tmp_path / f"work{number}.log") for number in range(2)]
    waiting = Waiting(engine, hurry=not WHOLE)
    try:
        await asyncio.gather(*(worker.start() for worker in workers))
        killing = asyncio.create_task(_kill_again_and_again(workers))
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


async def _kill_again_and_again(workers: list[Mortal]) -> None:
    pause = timelines.somewhen(seed=3, first=5.0, last=25.0) if WHOLE else timelines.somewhen(3, 0.2, 1.5)
    turn = 0
    while True:
        await asyncio.sleep(pause())
        worker = workers[turn % len(workers)]
        await worker.kill()
        await worker.start()
        turn += 1
