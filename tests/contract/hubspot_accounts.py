"""HubSpot accounts that are set up for the agent: made once for each way of attribution, and copied for every test."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.setup.at_once import set_up_at_once
from crm.adapters.hubspot.tables import metadata
from crm.records import Partner
from tests.fakes.hubspot import Hub, Portal
from tests.fakes.hubspot.plans import Allowance
from tests.fakes.hubspot.records import Change

FREELY = Allowance(burst=10**6, daily=10**9, labels=50, custom_objects=10, pipelines=100, searches=10**6)
"""What limits do to calls is tested elsewhere."""


async def emptied(engine: AsyncEngine) -> None:
    """A database in which nobody knows of HubSpot: quicker than another one."""
    async with engine.begin() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))


@dataclass(frozen=True)
class _Ready:
    """An account, and what the adapter's own tables say of it."""

    portal: Portal
    rows: dict[str, list[dict[str, Any]]]


class Accounts:
    """On one running fake; each `fresh` account takes the place of the one before. `known` partners are in it, so that
    tests need not wait for them.
    """

    def __init__(self, hub: Hub, known: Sequence[Partner] = ()) -> None:
        self.hub = hub
        self._partners = known
        self._ready: dict[AttributionWay, _Ready] = {}

    def options(self, way: AttributionWay, **more: object) -> HubSpotOptions:
        usual: dict[str, object] = {"burst": 10**5, "searches": 10**5, "daily": 10**8}
        return HubSpotOptions(self.hub.token, self.hub.url, attribution=way, **usual | more)  # type: ignore[arg-type]

    async def fresh(self, way: AttributionWay, engine: AsyncEngine) -> Portal:
        """`engine` is of a database that knows nothing of HubSpot yet."""
        if way not in self._ready:
            self._ready[way] = await self._made(way, engine)
        ready = self._ready[way]
        self.hub.reset(copied(ready.portal))
        await emptied(engine)
        async with engine.begin() as connection:
            for table in metadata.sorted_tables:
                if rows := ready.rows[table.name]:
                    await connection.execute(insert(table), rows)
        return self.hub.portal

    async def _made(self, way: AttributionWay, engine: AsyncEngine) -> _Ready:
        self.hub.reset(Portal(allowance_of=FREELY))
        await emptied(engine)
        options = self.options(way)
        await set_up_at_once(engine, options)
        crm = HubSpotCrm(engine, options)
        for partner in self._partners:
            await crm.save_partner(partner)
        await crm.aclose()
        async with engine.connect() as connection:
            rows = {
                table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()]
                for table in metadata.sorted_tables
            }
        return _Ready(copied(self.hub.portal), rows)


def copied(portal: Portal) -> Portal:
    """With its records, as if it had been another account all along."""
    told: list[Callable[[Change], None]] = []
    made = copy.deepcopy(portal, {id(portal.lock): threading.RLock(), id(portal.records.told): told})
    made.changes = []
    told.append(made.changes.append)
    return made
