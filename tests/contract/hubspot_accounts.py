"""HubSpot accounts that are set up for the agent: made once for each way of attribution, and copied for every test."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.setup.at_once import set_up_at_once
from crm.adapters.hubspot.tables import metadata
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


class Accounts:
    """On one running fake; each `fresh` account takes the place of the one before."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._ready: dict[AttributionWay, Portal] = {}

    def options(self, way: AttributionWay, **more: object) -> HubSpotOptions:
        usual: dict[str, object] = {"burst": 10**5, "searches": 10**5, "daily": 10**8}
        return HubSpotOptions(self.hub.token, self.hub.url, attribution=way, **usual | more)  # type: ignore[arg-type]

    async def fresh(self, way: AttributionWay, engine: AsyncEngine) -> Portal:
        """`engine` is of a database that knows nothing of HubSpot yet."""
        if way not in self._ready:
            self.hub.reset(Portal(allowance_of=FREELY))
            await set_up_at_once(engine, self.options(way))
            self._ready[way] = copied(self.hub.portal)
        self.hub.reset(copied(self._ready[way]))
        return self.hub.portal


def copied(portal: Portal) -> Portal:
    """With its records, as if it had been another account all along."""
    told: list[Callable[[Change], None]] = []
    made = copy.deepcopy(portal, {id(portal.lock): threading.RLock(), id(portal.records.told): told})
    made.changes = []
    told.append(made.changes.append)
    return made
