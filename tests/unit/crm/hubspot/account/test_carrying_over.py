"""Another way of attribution is chosen: who brought which deal goes along, and until then nothing is read wrongly."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.account.portal import Portal, connected_portal
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.store import DEALS, Known
from crm.adapters.hubspot.schema import PARTNER_ID, SOURCED_BY
from crm.adapters.hubspot.setup.carrying_over import CarryingOver
from crm.adapters.hubspot.setup.checking import Check
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import Answer, HubSpot
from crm.errors import CrmUnavailable
from crm.findings import Health
from crm.records import Attribution, Partner, PartnerType
from tests.fakes.hubspot import Hub
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, made_ready

SOURCED, INFLUENCED = Attribution.SOURCED, Attribution.INFLUENCED
PROPERTY, LABELS, OBJECT = AttributionWay
PARTS = (("quaywise", SOURCED), ("brightpath", INFLUENCED))
QUAYWISE = Partner("quaywise", "Quaywise", (PartnerType.REFERRAL,), "Select", domains=("quaywise.example",))
BRIGHTPATH = replace(QUAYWISE, id="brightpath", name="Brightpath", domains=("brightpath.example",))


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def portal_of(desk: Desk, hub: HubSpot | None = None) -> AsyncIterator[Portal]:
    portal = connected_portal(desk.engine, desk.account.options, hub or desk.client, now)
    try:
        yield portal
    finally:
        await portal.locks.aclose()


async def begun(desk: Desk) -> str:
    """Two partners and a deal of theirs, by the desk's way."""
    await made_ready(desk)
    deal = desk.deal()
    async with portal_of(desk) as portal:
        for partner in (QUAYWISE, BRIGHTPATH):
            await Partners(portal).save(partner)
        await portal.attributions.write(deal, PARTS, ())
        await portal.objects.remember([Known(DEALS, deal)], now())
    return deal


async def carried(desk: Desk) -> tuple[str, ...]:
    async with portal_of(desk) as portal:
        carrying = CarryingOver(portal, desk.engine)
        former = await carrying.former()
        assert former is not None
        return await carrying.run(former)


@pytest.mark.parametrize(("former", "chosen"), list(itertools.permutations(AttributionWay, 2)))
async def test_deals_are_of_the_same_partners_by_the_new_way(
    desk: OpenDesk, hub: Hub, former: AttributionWay, chosen: AttributionWay
) -> None:
    deal = await begun(await desk(former))
    opened = await desk(chosen)
    await opened.setup.carry_out(await opened.setup.plan())
    assert await carried(opened) == ()
    after = await desk(chosen)
    assert await after.attributions.read([deal]) == {deal: PARTS}
    async with portal_of(after) as portal:
        assert await CarryingOver(portal, after.engine).former() is None
        read = await Partners(portal).one("quaywise")
    assert read is not None
    assert read.partner == QUAYWISE
    assert len(hub.portal.all("companies", name="Quaywise")) == 1


async def test_until_it_is_carried_over_nothing_is_read_or_written(desk: OpenDesk) -> None:
    deal = await begun(await desk(PROPERTY))
    opened = await desk(LABELS)
    with pytest.raises(NotSetUp, match="hubspot_attribution was `property` until now, and is `labels`"):
        await opened.attributions.read([deal])
    with pytest.raises(NotSetUp, match="crm setup` carries over"):
        await opened.attributions.write(deal, (), PARTS)
    await opened.setup.carry_out(await opened.setup.plan())
    told = [one async for one in Check(opened.client, opened.account, opened.setup).findings()][-1]
    assert told.health is Health.FAULT
    assert "was `property` until now" in told.said


@pytest.mark.parametrize("tried", [LABELS, OBJECT])
async def test_a_way_that_was_only_tried_leaves_nothing_to_carry_over(desk: OpenDesk, tried: AttributionWay) -> None:
    with suppress(NotSetUp):
        await (await desk(tried)).account.partner_type()
    opened = await desk(PROPERTY)
    async with portal_of(opened) as portal:
        assert await CarryingOver(portal, opened.engine).former() is None


async def test_what_people_chose_besides_stays_by_the_former_way(desk: OpenDesk) -> None:
    first = await desk(PROPERTY)
    deal = await begun(first)
    opened = await desk(LABELS)
    await opened.setup.carry_out(await opened.setup.plan())
    await carried(opened)
    assert opened.held(deal, SOURCED_BY) == "quaywise"


async def test_a_former_way_that_is_gone_from_hubspot_counts_as_it_was_written_last(desk: OpenDesk, hub: Hub) -> None:
    deal = await begun(await desk(PROPERTY))
    opened = await desk(LABELS)
    written = '[["quaywise", "sourced"], ["brightpath", "influenced"]]'
    async with portal_of(opened) as portal:
        await portal.objects.remember([Known(DEALS, deal, seen={"attributed": written})], now())
    del hub.portal.definitions["0-3"][SOURCED_BY]
    await opened.setup.carry_out(await opened.setup.plan())
    await carried(opened)
    assert await (await desk(LABELS)).attributions.read([deal]) == {deal: PARTS}


class Interrupted(HubSpot):
    """Goes away after so many changes."""

    def __init__(self, inner: HubSpot, after: int) -> None:
        self.options = inner.options
        self._inner, self._left = inner, after

    async def call(self, call: Call, **given: Any) -> Answer:
        if call.method in {"PUT", "PATCH"} or call.name in {"upsert objects", "create an object"}:
            if self._left == 0:
                raise CrmUnavailable("HubSpot does not answer")
            self._left -= 1
        return await self._inner.call(call, **given)

    async def pages(self, call: Call, **given: Any) -> AsyncIterator[list[dict[str, Any]]]:
        async for page in self._inner.pages(call, **given):
            yield page


@pytest.mark.parametrize(("former", "chosen"), [(PROPERTY, OBJECT), (OBJECT, LABELS)])
async def test_interrupted_anywhere_it_is_completed_by_the_next_run(
    desk: OpenDesk, hub: Hub, former: AttributionWay, chosen: AttributionWay
) -> None:
    deal = await begun(await desk(former))
    opened = await desk(chosen)
    await opened.setup.carry_out(await opened.setup.plan())
    for changes in range(20):
        async with portal_of(opened, Interrupted(opened.client, changes)) as portal:
            try:
                await CarryingOver(portal, opened.engine).run(former)
                break
            except CrmUnavailable:
                continue
    assert await (await desk(chosen)).attributions.read([deal]) == {deal: PARTS}
    type_ = await (await desk(chosen)).account.partner_type()
    assert len(hub.portal.all(type_, **{PARTNER_ID: "quaywise"})) == 1
    assert len(hub.portal.all("companies", name="Quaywise")) == 1


async def test_what_hubspot_refuses_is_told_and_the_former_way_stays(desk: OpenDesk, hub: Hub) -> None:
    deal = await begun(await desk(LABELS))
    opened = await desk(PROPERTY)
    await opened.setup.carry_out(await opened.setup.plan())
    held = hub.portal.definitions["0-3"]["partnerline_sourced_by"]
    object.__setattr__(held, "field_type", "select")
    hub.portal.person_edits("deals", deal, **{SOURCED_BY: "brightpath"})
    (told,) = await carried(opened)
    assert told.startswith(f"deal {deal}: Quaywise cannot be entered as well")
    async with portal_of(opened) as portal:
        assert await CarryingOver(portal, opened.engine).former() is LABELS
