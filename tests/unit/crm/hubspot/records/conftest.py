"""The adapter on an account of the fake in which two partners are, and workers that die in the middle of a save."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import NOTHING, Answer, HubSpot
from tests.contract.hubspot_accounts import Accounts
from tests.contract.records import OTHER_PARTNER, PARTNER
from tests.fakes.hubspot import Hub, Portal, running_hubspot


class Killed(BaseException):
    """The process ended: no handler of an error saw it."""


class DyingHubSpot(HubSpot):
    """Carries out `calls` of what it is asked, and one more where the end comes `late`, before its answer arrives."""

    def __init__(self, engine: AsyncEngine, options: HubSpotOptions, calls: int, *, late: bool) -> None:
        super().__init__(engine, options)
        self._left = calls
        self._late = late

    async def call(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
    ) -> Answer:
        if self._left <= 0 and not self._late:
            raise Killed
        answer = await super().call(call, at=at, query=query, body=body)
        if self._left <= 0:
            raise Killed
        self._left -= 1
        return answer


@dataclass
class House:
    """`crm` is the adapter of one worker; `worker()` of another."""

    hub: Hub
    portal: Portal
    engine: AsyncEngine
    options: HubSpotOptions
    stack: AsyncExitStack
    crm: HubSpotCrm = field(init=False)

    def __post_init__(self) -> None:
        self.crm = self.worker()

    def worker(self, hub: HubSpot | None = None) -> HubSpotCrm:
        crm = HubSpotCrm(self.engine, self.options, None, hub)
        self.stack.push_async_callback(crm.aclose)
        return crm

    def dying(self, calls: int, *, late: bool) -> HubSpotCrm:
        return self.worker(DyingHubSpot(self.engine, self.options, calls, late=late))

    def deal(self, number: str) -> Any:
        """HubSpot's only deal of that number."""
        return self.portal.one("deals", partnerline_number=number)

    def edits(self, number: str, **values: object) -> None:
        self.portal.person_edits("deals", self.deal(number).id, **values)

    def companies(self, number: str) -> dict[str, tuple[str, ...]]:
        """Names of the companies of a deal, with the labels of each."""
        found = self.portal.labels("deals", self.deal(number).id, "companies")
        return {self.portal.one("companies", hs_object_id=id_).values["name"]: words for id_, words in found.items()}


@pytest.fixture(scope="session")
def accounts() -> Iterator[Accounts]:
    with running_hubspot() as hub:
        yield Accounts(hub, (PARTNER, OTHER_PARTNER))


OpenHouse = Callable[..., Any]


@pytest.fixture
async def house_of(accounts: Accounts, engine: AsyncEngine) -> AsyncIterator[OpenHouse]:
    async with AsyncExitStack() as stack:

        async def opened(way: AttributionWay = AttributionWay.PROPERTY, **options: object) -> House:
            portal = await accounts.fresh(way, engine)
            return House(accounts.hub, portal, engine, accounts.options(way, **options), stack)

        yield opened


@pytest.fixture
async def house(house_of: OpenHouse) -> House:
    made: House = await house_of()
    return made
