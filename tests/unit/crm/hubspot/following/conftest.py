"""An account that is set up on the fake, and somebody who follows what changes in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.attribution import attributions
from crm.adapters.hubspot.following.changes import Following
from crm.adapters.hubspot.following.event_bodies import read_events
from crm.adapters.hubspot.following.handed import Handed
from crm.adapters.hubspot.following.webhooks import touch
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.records.locks import Locks
from crm.adapters.hubspot.records.store import Objects
from crm.adapters.hubspot.schema import INFLUENCED_BY, PARTNER_ID, SOURCED_BY
from crm.adapters.hubspot.transport.client import HubSpot
from crm.ports import Changes
from tests.contract.hubspot_accounts import Accounts
from tests.fakes.hubspot import Hub, running_hubspot


@pytest.fixture(scope="session")
def running() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture(scope="session")
def accounts(running: Hub) -> Accounts:
    """Set up once for each way of attribution."""
    return Accounts(running, ())


@dataclass
class Watch:
    """Follows the account as the mirror does; `ahead` is how far its own clock is from HubSpot's."""

    hub: Hub
    engine: AsyncEngine
    portal: Portal
    events: bool = False
    cursor: str = ""
    ahead: timedelta = timedelta()
    pages: list[Changes] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def following(self) -> Following:
        return Following(self.portal, Handed(self.engine), self.events)

    async def look(self, limit: int = 500) -> Changes:
        """Everything that is new, as one; each page is kept before the next is asked for."""
        pages: list[Changes] = []
        while not pages or pages[-1].more:
            pages.append(await self.following.changes(self.cursor, limit))
            self.cursor = pages[-1].cursor
        self.pages = pages
        return merged(pages)

    async def hears(self) -> None:
        """The events that wait arrive."""
        for call in self.hub.webhooks.calls("http://here", "secret"):
            await touch(self.engine, read_events(call.body, self.now())[1])

    def waits(self, seconds: float) -> None:
        """Time goes by, here and there."""
        self.ahead += timedelta(seconds=seconds)
        self.hub.portal.clock.advance(seconds)

    async def partner(self, id_: str = "p-1", **values: str) -> str:
        type_ = await self.portal.account.partner_type()
        made = self.hub.portal.person_creates(type_, **{"name": id_.upper(), PARTNER_ID: id_} | values)
        await self.portal.attributions.introduce({id_: id_.upper()})
        return str(made.id)

    def contact(self, email: str = "sara@p1.example", of: str = "p-1", **values: str) -> str:
        said = {"email": email, "partnerline_contact_of": of, "partnerline_active": "true"} | values
        return str(self.hub.portal.person_creates("contacts", **said).id)

    def deal(self, name: str = "Acme", sourced: str = "p-1", **values: str) -> str:
        said: dict[str, Any] = {"dealname": name, "pipeline": "default", "dealstage": "qualifiedtobuy"} | values
        if sourced:
            said[SOURCED_BY] = sourced
        return str(self.hub.portal.person_creates("deals", **said).id)

    def edits(self, deal: str, **values: str) -> None:
        self.hub.portal.person_edits("deals", deal, **values)


def merged(pages: list[Changes]) -> Changes:
    def all_of(name: str) -> Any:
        return tuple(one for page in pages for one in getattr(page, name))

    names = ("partners", "contacts", "deals", "payments", "registrations", "leads", "milestones", "ended", "erased")
    return Changes(**{name: all_of(name) for name in names}, cursor=pages[-1].cursor)


def size(found: Changes) -> int:
    return sum(len(kind) for kind in (found.partners, found.contacts, found.deals, found.registrations, found.leads))


OpenWatch = Callable[..., Awaitable[Watch]]


@pytest.fixture
async def watch(running: Hub, accounts: Accounts, engine: AsyncEngine) -> AsyncIterator[OpenWatch]:
    async with AsyncExitStack() as stack:

        async def opened(way: AttributionWay = AttributionWay.PROPERTY, *, events: bool = False) -> Watch:
            await accounts.fresh(way, engine)
            return await stack.enter_async_context(_open(running, engine, way, events=events))

        yield opened


@asynccontextmanager
async def _open(hub: Hub, engine: AsyncEngine, way: AttributionWay, *, events: bool) -> AsyncIterator[Watch]:
    made: list[Watch] = []

    def now() -> datetime:
        return made[0].now() if made else datetime.now(UTC)

    async def no_wait(_seconds: float) -> None:
        return None

    options = HubSpotOptions(hub.token, url=hub.url, attribution=way, burst=100_000, searches=10_000)
    client = HubSpot(engine, options, sleep=no_wait, now=now)
    account = Account(engine, client, options, now)
    locks = Locks(engine, 2)
    try:
        portal = Portal(
            client, account, attributions(engine, client, account, now), Objects(engine), locks, options, now
        )
        made.append(Watch(hub, engine, portal, events))
        yield made[0]
    finally:
        await locks.aclose()
        await client.aclose()


__all__ = ["INFLUENCED_BY", "SOURCED_BY"]
