"""What it costs to log interactions in HubSpot: calls for each while thousands wait, and how far behind it is idle.

HubSpot is the stateful fake of the tests with the limits of the smallest plan, the agent's part is the deliver job.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import delete

from bot.storage import tables
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres
from bot.worker.crm_outlet import CrmOutlet, Gathering
from bot.worker.delivering import DeliverJob
from crm.adapters.hubspot import migrate as migrate_hubspot
from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import HubSpotOptions
from crm.records import Interaction
from tests.contract.hubspot_accounts import emptied
from tests.durability import timelines
from tests.durability.timelines import Held, Waiting
from tests.fakes.hubspot import Hub, Portal, running_hubspot

WAITING = 10_000
IDLE = 10
ALLOWED, OURS = 100, 90  # calls in ten seconds
GOAL_CALLS, GOAL_SECONDS = 0.05, 5.0
STEPS = 3


@dataclass(frozen=True, slots=True)
class Logged:
    """`calls` for each interaction, `lost` and `doubled` of them; `seconds` in all, or the longest behind when idle."""

    what: str
    count: int
    calls: float
    seconds: float
    lost: int
    doubled: int
    over_limit: int


async def measure(postgres: Postgres, step: Callable[[], None]) -> list[Logged]:
    database = Database(postgres)
    await migrate(database.engine)
    await migrate_hubspot(database.engine)
    found = []
    try:
        for what, wrong in (("all is well", False), ("5 % 429, 2 % lost answers, 1 % 5xx", True)):
            async with _account(database) as (hub, deliver):
                found.append(await _waiting(database, hub, deliver, what, wrong=wrong))
            step()
        async with _account(database) as (hub, deliver):
            found.append(await _idle(database, hub, deliver))
        step()
    finally:
        await database.aclose()
    return found


@asynccontextmanager
async def _account(database: Database) -> AsyncIterator[tuple[Hub, DeliverJob]]:
    await emptied(database.engine)
    async with database.begin() as connection:
        await connection.execute(delete(tables.outbox))
    with running_hubspot(Portal()) as hub:
        hub.moods.enforce(burst=ALLOWED)
        await timelines.fill(hub, database.engine)
        crm = HubSpotCrm(database.engine, HubSpotOptions(hub.token, url=hub.url, burst=OURS))
        try:
            yield hub, DeliverJob(database, {Destination.CRM: CrmOutlet(crm, Gathering(2.5))})
        finally:
            await crm.aclose()


async def _waiting(database: Database, hub: Hub, deliver: DeliverJob, what: str, *, wrong: bool) -> Logged:
    wanted = timelines.interactions(WAITING)
    await timelines.put(database.engine, wanted)
    if wrong:
        timelines.gone_wrong(hub, burst=ALLOWED)
    began = time.perf_counter()
    waiting = Waiting(database.engine)
    while await waiting.left():
        await deliver(Destination.CRM)
        await asyncio.sleep(0.2)
    return _logged(f"{WAITING:,} waiting, {what}", hub, wanted, time.perf_counter() - began)


async def _idle(database: Database, hub: Hub, deliver: DeliverJob) -> Logged:
    """One message and its answer now and then."""
    wanted = timelines.interactions(2 * IDLE)
    behind = []
    for number in range(IDLE):
        await timelines.put(database.engine, wanted[2 * number : 2 * number + 2])
        began = time.perf_counter()
        await deliver(Destination.CRM)
        behind.append(time.perf_counter() - began)
        await asyncio.sleep(0.5)
    return _logged("one message and its answer at a time", hub, wanted, max(behind))


def _logged(what: str, hub: Hub, wanted: Sequence[Interaction], seconds: float) -> Logged:
    held = Held.of(hub)
    lost, doubled = len(held.lost(wanted)), len(held.doubled(wanted))
    return Logged(what, len(wanted), held.calls / len(wanted), seconds, lost, doubled, held.over_limit)
