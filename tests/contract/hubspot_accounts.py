"""HubSpot accounts that are set up for the agent: made once for each way of attribution, and copied for every test."""

from __future__ import annotations

import io
import pickle
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.setup.at_once import set_up_at_once
from crm.adapters.hubspot.tables import metadata
from crm.records import Partner
from tests.fakes.hubspot import Hub, Portal
from tests.fakes.hubspot.plans import Allowance

FREELY = Allowance(burst=10**6, daily=10**9, labels=50, custom_objects=10, pipelines=100, searches=10**6)
"""What limits do to calls is tested elsewhere."""


_DELETIONS = ", ".join(
    f"part_{number} AS (DELETE FROM {table.fullname})" for number, table in enumerate(metadata.sorted_tables)
)
_EMPTIED = text(f"WITH {_DELETIONS} SELECT 1")


async def emptied(engine: AsyncEngine) -> None:
    """A database in which nobody knows of HubSpot: quicker than another one."""
    async with engine.begin() as connection:
        await connection.execute(_EMPTIED)


@dataclass(frozen=True)
class _Ready:
    """An account, and what the adapter's own tables say of it."""

    portal: bytes
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
        self.hub.reset(_restored(ready.portal))
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
        return _Ready(_kept(self.hub.portal), rows)


def _kept(portal: Portal) -> bytes:
    """With its records, and without whoever listens to it."""
    kept = io.BytesIO()
    _Keeper(kept, portal).dump(portal)
    return kept.getvalue()


def _restored(kept: bytes) -> Portal:
    """As if it had been another account all along."""
    restorer = _Restorer(io.BytesIO(kept))
    made: Portal = restorer.load()
    made.changes = []
    made.records.told.append(made.changes.append)
    return made


class _Keeper(pickle.Pickler):
    """A lock cannot be kept, and a listener belongs to the account that it listens to."""

    def __init__(self, file: io.BytesIO, portal: Portal) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._left_out = {id(portal.lock): "lock", id(portal.records.told): "told"}

    def persistent_id(self, obj: object) -> str | None:
        return self._left_out.get(id(obj))


class _Restorer(pickle.Unpickler):
    """Restores what a _Keeper kept, with a lock and a list of listeners of its own."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._anew = {"lock": threading.RLock(), "told": []}

    def persistent_load(self, pid: str) -> object:
        return self._anew[pid]
