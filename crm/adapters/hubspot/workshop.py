"""What an operator's commands need of the HubSpot adapter: setting up, checking, importing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account import Account
from crm.adapters.hubspot.attribution import attributions
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.checking import Check
from crm.adapters.hubspot.client import HubSpot
from crm.adapters.hubspot.importing import Importer
from crm.adapters.hubspot.locks import Locks
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.portal import Portal
from crm.adapters.hubspot.setup import SetUp
from crm.adapters.hubspot.store import Objects


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

    def check(self, currencies: Sequence[str] = ()) -> Check:
        """`currencies` are those of the program."""
        return Check(self.hub, self.account, self.setup, currencies)


@asynccontextmanager
async def workshop(
    engine: AsyncEngine, options: HubSpotOptions, now: Callable[[], datetime]
) -> AsyncIterator[Workshop]:
    """`hubspot.migrate` must have run. The engine stays its owner's."""
    hub = HubSpot(engine, options, now=now)
    locks = Locks(engine, 1)
    account = Account(engine, hub, options, now)
    portal = Portal(hub, account, attributions(engine, hub, account, now), Objects(engine), locks, options, now)
    try:
        yield Workshop(hub, account, portal, SetUp(hub, account, PartnerDirectory(engine)), engine, now)
    finally:
        await hub.aclose()
        await locks.aclose()
