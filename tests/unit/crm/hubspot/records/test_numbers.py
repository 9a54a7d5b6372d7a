"""The number of a deal is the agent's: what people do to it in HubSpot makes no second deal and loses none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from crm.adapters.hubspot.schema import NUMBER, SOURCED_BY
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import NOTHING, Answer, HubSpot
from crm.errors import CrmRejected, CrmUnavailable
from crm.records import Deal
from tests.contract.records import DEAL, PARTNER
from tests.unit.crm.hubspot.records.conftest import House

OURS = replace(DEAL, others=())


async def _one(house: House) -> Deal:
    [deal] = [one for one in (await house.crm.changes()).deals if one.partner_id == PARTNER.id]
    return deal


@pytest.mark.parametrize("changed", ["", "D-000001", "whatever we like"])
async def test_a_number_that_a_person_changed_is_written_again(house: House, changed: str) -> None:
    await house.crm.save_deal(OURS)
    made = house.deal(OURS.number)
    house.portal.person_edits("deals", made.id, **{NUMBER: changed})
    assert await house.crm.deal(PARTNER.id, OURS.number) == OURS
    await house.crm.update_deal(OURS, replace(OURS, next_step="Call them"))
    assert house.deal(OURS.number).id == made.id
    assert house.deal(OURS.number).values["partnerline_next_step"] == "Call them"


@pytest.mark.parametrize("changed", ["", "D-000001"])
async def test_so_is_that_of_a_deal_that_people_made(house: House, changed: str) -> None:
    made = house.portal.person_creates("deals", dealname="By hand", **{SOURCED_BY: PARTNER.id})
    first = await _one(house)
    house.portal.person_edits("deals", made.id, **{NUMBER: changed})
    assert (await _one(house)).number == first.number
    assert house.deal(first.number).id == made.id


async def test_a_deal_of_the_vendors_own_that_is_given_to_a_partner_gets_a_number_of_ours(house: House) -> None:
    company = house.portal.person_creates("companies", name="Nordlicht", domain="nordlicht.example")
    made = house.portal.person_creates("deals", dealname="By hand")
    house.portal.person_associates("deals", made.id, "companies", company.id, primary=True)
    [own] = await house.crm.customer_deals("nordlicht.example")
    assert own.number == f"H-{made.id}"
    house.portal.person_edits("deals", made.id, **{SOURCED_BY: PARTNER.id})
    given = await _one(house)
    assert given.number.startswith("D-")
    assert house.deal(given.number).id == made.id


class LockedHubSpot(HubSpot):
    """One record of it is locked for good."""

    locked = ""

    async def call(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
    ) -> Answer:
        if call is calls.UPDATE and at["id"] == self.locked:
            raise CrmUnavailable("the record is locked")
        return await super().call(call, at=at, query=query, body=body)


async def test_a_deal_that_is_locked_in_hubspot_holds_up_no_other(house: House) -> None:
    hub = LockedHubSpot(house.engine, house.options)
    made = [house.portal.person_creates("deals", dealname=f"Deal {n}", **{SOURCED_BY: PARTNER.id}) for n in (1, 2)]
    hub.locked = made[0].id
    deals = (await house.worker(hub).changes()).deals
    assert len({deal.number for deal in deals}) == 2
    assert all(deal.number.startswith("D-") for deal in deals)
    # Its number is the same once it is written there.
    hub.locked = ""
    assert {deal.number for deal in (await house.crm.changes()).deals} == {deal.number for deal in deals}
    assert {one.values[NUMBER] for one in house.portal.all("deals")} == {deal.number for deal in deals}


async def test_the_number_of_a_merged_deal_does_not_go_to_the_one_that_is_left(house: House) -> None:
    other = replace(OURS, id="d-2", number="D-48214")
    await house.crm.save_deal(OURS)
    await house.crm.save_deal(other)
    left, gone = house.deal(OURS.number).id, house.deal(other.number).id
    house.portal.person_merges("deals", left, gone)
    with pytest.raises(CrmRejected):
        await house.crm.update_deal(other, replace(other, next_step="Call them"))
    assert house.deal(OURS.number).id == left
