"""The partners of our own map: the HubSpot id of each, in the object type that carries its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.tables import objects
from crm.errors import CrmUnavailable

KIND = "partner"


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """`id` is ours; `name` as it was last seen in HubSpot."""

    id: str
    hubspot_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PartnerDirectory:
    """Every method may raise CrmUnavailable."""

    engine: AsyncEngine

    async def by_id(self, partner_ids: Collection[str]) -> dict[str, KnownPartner]:
        return {known.id: known for known in await self._known(objects.c.record_id.in_(partner_ids))}

    async def by_hubspot_id(self, object_type: str, hubspot_ids: Collection[str]) -> dict[str, KnownPartner]:
        known = await self._known(objects.c.object_type == object_type, objects.c.hubspot_id.in_(hubspot_ids))
        return {one.hubspot_id: one for one in known}

    async def names(self) -> dict[str, str]:
        """Of all partners, by id."""
        return {one.id: one.name for one in await self._known()}

    async def by_name(self) -> dict[str, KnownPartner]:
        """By name in lower case; names that two partners have are left out."""
        known = await self._known()
        times = Counter(_folded(one.name) for one in known)
        return {_folded(one.name): one for one in known if one.name and times[_folded(one.name)] == 1}

    async def _known(self, *conditions: ColumnElement[bool]) -> list[KnownPartner]:
        query = select(objects.c.record_id, objects.c.hubspot_id, objects.c.seen["name"].astext)
        query = query.where(objects.c.kind == KIND, objects.c.record_id != "", ~objects.c.archived, *conditions)
        try:
            async with self.engine.connect() as connection:
                rows = (await connection.execute(query)).all()
        except DBAPIError as fault:
            raise CrmUnavailable(f"the HubSpot adapter's database does not answer: {fault.orig}") from fault
        return [KnownPartner(record_id, hubspot_id, name or "") for record_id, hubspot_id, name in rows]


def _folded(name: str) -> str:
    return name.strip().casefold()
