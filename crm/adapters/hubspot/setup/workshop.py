"""What an operator's commands need of the HubSpot adapter: setting up, checking, importing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.account.portal import Portal, connected_portal
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.importing import Importer
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.setup import SetUp
from crm.adapters.hubspot.setup.carrying_over import CarryingOver
from crm.adapters.hubspot.setup.checking import Check
from crm.adapters.hubspot.transport.client import HubSpot


@dataclass(frozen=True, slots=True)
class Workshop:
    hub: HubSpot
    account: Account
    portal: Portal
    setup: SetUp
    engine: AsyncEngine
    now: Callable[[], datetime]

    @property
    def importer(self) -> Importer:
        return Importer(self.portal, self.engine, self.now)

    @property
    def carrying_over(self) -> CarryingOver:
        return CarryingOver(self.portal, self.engine)

    def check(self, currencies: Sequence[str] = ()) -> Check:
        """`currencies` are those of the program."""
        return Check(self.hub, self.account, self.setup, currencies)


@asynccontextmanager
async def workshop(
    engine: AsyncEngine, options: HubSpotOptions, now: Callable[[], datetime]
) -> AsyncIterator[Workshop]:
    """`hubspot.migrate` must have run. The engine stays its owner's."""
    portal = connected_portal(engine, options, now=now)
    setup = SetUp(portal.hub, portal.account, PartnerDirectory(engine))
    try:
        yield Workshop(portal.hub, portal.account, portal, setup, engine, now)
    finally:
        await portal.hub.aclose()
        await portal.locks.aclose()
