"""An account of HubSpot with two partners, and an agent that logs on their timelines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.portal import Portal as AgentsPortal
from crm.adapters.hubspot.account.portal import connected_portal
from crm.adapters.hubspot.logging import Interactions
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.records.store import Known
from crm.adapters.hubspot.tables import budgets
from crm.adapters.hubspot.transport.client import HubSpot
from crm.records import Channel, Direction, Interaction
from tests.contract.hubspot_accounts import FREELY
from tests.fakes.hubspot import Hub, Portal, running_hubspot
from tests.fakes.hubspot.records import Record

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def said(number: int = 1, **changes: object) -> Interaction:
    """A mail of Sara's at Brightpath about D-1."""
    usual: dict[str, object] = {
        "key": f"in:{number}",
        "partner_id": "p-1",
        "contact_id": "c-1",
        "deal_numbers": ("D-1",),
        "channel": Channel.EMAIL,
        "direction": Direction.IN,
        "at": AT + timedelta(minutes=number),
        "summary": f"deal_status: question {number}",
        "message_id": f"<{number}@brightpath.example>",
        "outcome": "answered",
        "body": f"Hello,\n\nthis is question {number}.\n\nSara",
        "subject": f"Question {number}",
        "sender": "sara@brightpath.example",
        "recipients": ("partners@lumora.example",),
        "link": f"mid:{number}@brightpath.example",
    }
    return Interaction(**usual | changes)  # type: ignore[arg-type]


def posted(number: int = 1, **changes: object) -> Interaction:
    """The same in Slack."""
    slack: dict[str, object] = {
        "channel": Channel.SLACK, "subject": "", "sender": "", "recipients": (),
        "link": "https://slack.com/archives/C1/p1764233000000100",
    }  # fmt: skip
    return said(number, **slack | changes)


class Shelf:
    """Contents by hash."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def content(self, sha256: str) -> bytes | None:
        return self.kept.get(sha256)


@dataclass
class House:
    """`ids` are HubSpot's by our names: p-1, p-2, c-1, c-2, D-1, D-2."""

    hub: Hub
    engine: AsyncEngine
    ids: dict[str, str] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    shelf: Shelf = field(default_factory=Shelf)
    portals: list[AgentsPortal] = field(default_factory=list)

    @property
    def options(self) -> HubSpotOptions:
        return HubSpotOptions(self.hub.token, self.hub.url, burst=10**5, searches=10**5, daily=10**8, settling=30.0)

    def agent(self, hub: HubSpot | None = None) -> Interactions:
        """Another process: it shares nothing but the database."""
        self.portals.append(connected_portal(self.engine, self.options, hub, now=self.now))
        return Interactions(self.portals[-1], self.shelf)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)

    def on(self, kind: str, name: str) -> list[Record]:
        """What stands on the timeline of a record."""
        return self.hub.portal.timeline(kind, self.ids[name])

    def engagements(self) -> list[Record]:
        return [*self.hub.portal.all("emails"), *self.hub.portal.all("notes")]

    async def fill(self) -> None:
        portal = self.hub.portal
        rows = []
        for number, name in ((1, "Brightpath"), (2, "Nordlicht")):
            company = portal.person_creates("companies", name=name)
            email = f"sara@{name.lower()}.example"
            contact = portal.person_creates("contacts", firstname="Sara", lastname="Lind", email=email)
            deal = portal.person_creates("deals", dealname=f"Deal {number}")
            self.ids |= {f"p-{number}": company.id, f"c-{number}": contact.id, f"D-{number}": deal.id}
            rows += [
                Known("companies", company.id, "partner", f"p-{number}", partner_id=f"p-{number}", seen={"name": name}),
                Known("contacts", contact.id, "contact", f"c-{number}", seen={"firstname": "Sara", "lastname": "Lind"}),
                Known("deals", deal.id, "deal", f"D-{number}", number=f"D-{number}"),
            ]
        self.agent()
        await self.portals[0].objects.remember(rows)
        self.hub.calls.clear()

    async def calls_may_go_on(self) -> None:
        """What closed a limit is over."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(budgets))

    async def aclose(self) -> None:
        for portal in self.portals:
            await portal.aclose()


@pytest.fixture(scope="session")
def running() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture
async def house(running: Hub, unlimited: AsyncEngine) -> AsyncIterator[House]:
    running.reset(Portal(allowance_of=FREELY))
    house = House(running, unlimited)
    await house.fill()
    yield house
    await house.aclose()
