"""A HubSpot account on the fake, and what the adapter asks it with."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.account.label_ids import LABELS, NAMES
from crm.adapters.hubspot.attribution import Attributions, attributions
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.records.store import Known, Objects
from crm.adapters.hubspot.schema import GROUP, INFLUENCED_BY, PARTNER_ID, SOURCED_BY, Property, Shape, Wins
from crm.adapters.hubspot.setup import SetUp
from crm.adapters.hubspot.setup.bodies import group_body, partner_object_body, property_body
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from tests.fakes.hubspot import Hub, running_hubspot

_KEY = Property(PARTNER_ID, "Partner ID", Wins.OURS, unique=True)


@pytest.fixture(scope="session")
def running() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture
def hub(running: Hub) -> Hub:
    running.reset()
    return running


@dataclass(frozen=True, slots=True)
class Desk:
    """What a process has of the account."""

    hub: Hub
    engine: AsyncEngine
    client: HubSpot
    account: Account
    attributions: Attributions

    @property
    def setup(self) -> SetUp:
        return SetUp(self.client, self.account, PartnerDirectory(self.engine))

    @property
    def way(self) -> AttributionWay:
        return self.account.options.attribution

    async def partner(self, partner_id: str, name: str = "", *, known: bool = True) -> str:
        """Its company, or its record of the custom object: the HubSpot id. `known` to our own map."""
        type_ = await self.account.partner_type()
        values = {"name": name or partner_id.capitalize(), PARTNER_ID: partner_id}
        record = self.hub.portal.person_creates(type_, **values)
        if known:
            row = Known(type_, record.id, "partner", partner_id, seen={"name": values["name"]})
            await Objects(self.engine).remember([row])
        return str(record.id)

    def company(self, name: str) -> str:
        return str(self.hub.portal.person_creates("companies", name=name).id)

    def deal(self, name: str = "Fabrica", **values: str) -> str:
        return str(self.hub.portal.person_creates("deals", dealname=name, **values).id)

    def held(self, deal: str, name: str) -> str:
        return str(self.hub.portal.one("deals", hs_object_id=deal).values.get(name, ""))


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def desk(hub: Hub, engine: AsyncEngine) -> AsyncIterator[OpenDesk]:
    """Opens what one process has; a second one is another worker on the same database."""
    async with AsyncExitStack() as stack:

        async def opened(way: AttributionWay = AttributionWay.PROPERTY, **options: object) -> Desk:
            return await stack.enter_async_context(_open(hub, engine, way, options))

        yield opened


@asynccontextmanager
async def _open(hub: Hub, engine: AsyncEngine, way: AttributionWay, options: dict[str, object]) -> AsyncIterator[Desk]:
    chosen = HubSpotOptions(hub.token, url=hub.url, attribution=way, burst=1_000, searches=20, **options)  # type: ignore[arg-type]
    client = HubSpot(engine, chosen, now=_now)
    account = Account(engine, client, chosen, _now)
    try:
        yield Desk(hub, engine, client, account, attributions(engine, client, account, _now))
    finally:
        await client.aclose()


def _now() -> datetime:
    return datetime.now(UTC)


async def prepare(desk: Desk, *, shape: Shape = Shape.CHOICES) -> None:
    """What the desk's way of attribution needs, and nothing else of what setting up makes."""
    client = desk.client
    to_type = "companies"
    if desk.way is AttributionWay.OBJECT:
        to_type = str((await client.call(calls.CREATE_SCHEMA, body=partner_object_body([_KEY]))).body["objectTypeId"])
    else:
        await _property(client, "companies", _KEY)
    if desk.way is AttributionWay.PROPERTY:
        for name, label in ((SOURCED_BY, "Partner sourced by"), (INFLUENCED_BY, "Partner influenced by")):
            await _property(client, "deals", Property(name, label, Wins.SEEN, shape=shape))
        return
    for kind, label in LABELS.items():
        body = {"name": NAMES[kind], "label": label}
        await client.call(calls.DEFINE_LABEL, at={"type": "deals", "to": to_type}, body=body)


async def _property(client: HubSpot, object_type: str, prop: Property) -> None:
    at = {"type": object_type}
    groups = (await client.call(calls.LIST_GROUPS, at=at)).results
    if GROUP not in {one["name"] for one in groups}:
        await client.call(calls.CREATE_GROUP, at=at, body=group_body())
    await client.call(calls.CREATE_PROPERTY, at=at, body=property_body(prop))


_DEFINED = ("kinds", "definitions", "groups", "schemas", "pipelines")
_MADE: dict[AttributionWay, dict[str, Any]] = {}


async def made_ready(desk: Desk) -> Desk:
    """Set up as a whole: once in earnest for each way, afterwards from a copy of what that left."""
    portal = desk.hub.portal
    associations = portal.associations
    if desk.way in _MADE:
        kept = copy.deepcopy(_MADE[desk.way])
        associations.types = kept.pop("types")
        for name, value in kept.items():
            setattr(portal, name, value)
        return desk
    await desk.setup.carry_out(await desk.setup.plan())
    made = {name: getattr(portal, name) for name in _DEFINED}
    _MADE[desk.way] = copy.deepcopy({**made, "types": associations.types})
    return desk
