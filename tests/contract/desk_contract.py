"""What every CRM adapter promises to a deal desk: leads, changes of single fields, and who sells to a customer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crm.errors import CrmConflict, CrmRejected
from crm.money import Money
from crm.ports import CrmPort
from crm.records import Deal, Lead, LeadSource, LeadState, Stage
from tests.contract.records import DEAL, LEAD, OTHER_PARTNER, PARTNER

OWN = replace(DEAL, id="d-own", number="D-90001", partner_id="")
WON = replace(DEAL, stage=Stage.WON, won_on=date(2026, 11, 20), stage_since=date(2026, 11, 20))


class DealDeskContract:
    async def test_a_lead_comes_back_whole(self, crm: CrmPort) -> None:
        await crm.save_lead(LEAD)
        assert (await crm.changes()).leads == (LEAD,)

    async def test_a_lead_with_nothing_but_a_number_belongs_to_nobody(self, crm: CrmPort) -> None:
        bare = Lead("L-1", LeadSource.VENDOR, LeadState.UNPLACED)
        await crm.save_lead(bare)
        assert (await crm.changes()).leads == (bare,)

    async def test_a_lead_passes_from_one_partner_to_the_next(self, crm: CrmPort) -> None:
        await crm.save_lead(LEAD)
        passed_on = replace(LEAD, partner_id=OTHER_PARTNER.id, state=LeadState.OFFERED)
        await crm.save_lead(passed_on)
        assert (await crm.changes()).leads == (passed_on,)

    async def test_a_lead_of_an_unknown_partner_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected):
            await crm.save_lead(replace(LEAD, partner_id="p-nobody"))

    async def test_a_deal_of_the_vendors_own_belongs_to_no_partner(self, crm: CrmPort) -> None:
        await crm.save_deal(OWN)
        assert (await crm.changes()).deals == (OWN,)
        assert await crm.deal(PARTNER.id, OWN.number) is None

    async def test_an_update_writes_what_changed_and_nothing_else(self, crm: CrmPort) -> None:
        held = replace(DEAL, internal_notes="newer than what was seen", next_step="Call them")
        await crm.save_deal(held)
        await crm.update_deal(DEAL, WON)
        merged = replace(held, stage=WON.stage, won_on=WON.won_on, stage_since=WON.stage_since)
        assert await crm.deal(PARTNER.id, DEAL.number) == merged

    async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(self, crm: CrmPort) -> None:
        await crm.save_deal(replace(DEAL, stage=Stage.LOST))
        with pytest.raises(CrmConflict) as conflict:
            await crm.update_deal(DEAL, replace(WON, next_step="Order"))
        assert conflict.value.fields == ("stage",)
        assert await crm.deal(PARTNER.id, DEAL.number) == replace(DEAL, stage=Stage.LOST)

    @pytest.mark.parametrize("now", [Money(Decimal("48000.10"), "EUR"), Money(Decimal(1), "CHF"), None])
    async def test_a_sum_is_compared_with_its_currency(self, crm: CrmPort, now: Money | None) -> None:
        await crm.save_deal(replace(DEAL, amount=now))
        with pytest.raises(CrmConflict) as conflict:
            await crm.update_deal(DEAL, replace(DEAL, amount=Money(Decimal(60_000), "CHF")))
        assert conflict.value.fields == ("amount",)

    async def test_an_update_that_is_there_already_changes_nothing(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.update_deal(DEAL, WON)
        cursor = (await crm.changes()).cursor
        await crm.update_deal(DEAL, WON)
        await crm.update_deal(WON, WON)
        assert (await crm.changes(cursor)).deals == ()

    async def test_of_two_updates_at_once_one_is_told(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        lost = replace(DEAL, stage=Stage.LOST)
        ends = await asyncio.gather(crm.update_deal(DEAL, WON), crm.update_deal(DEAL, lost), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ends) == ["CrmConflict", "NoneType"]

    async def test_a_deal_of_somebody_else_is_not_updated(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        foreign = replace(DEAL, partner_id=OTHER_PARTNER.id)
        for seen in (foreign, replace(DEAL, number="D-1"), replace(DEAL, partner_id="")):
            with pytest.raises(CrmRejected):
                await crm.update_deal(seen, replace(seen, stage=Stage.WON))
        assert await crm.deal(PARTNER.id, DEAL.number) == DEAL

    async def test_a_customers_deals_are_found_whoever_brings_them(self, crm: CrmPort) -> None:
        deals = [
            OWN,
            _with(1, "shop.nordlicht.example"),
            _with(2, "www.nordlicht.example", OTHER_PARTNER.id),
            _with(3, "nicht-nordlicht.example"),
            _with(4, "nordlicht.example.org"),
            _with(5, ""),
        ]
        for one in deals:
            await crm.save_deal(one)
        found = await crm.customer_deals("nordlicht.example")
        assert sorted(d.number for d in found) == ["D-00001", "D-00002", "D-90001"]

    @pytest.mark.parametrize("domain", ["", "%", "_ordlicht.example", "nordlicht%", "nobody.example", "\x00"])
    async def test_a_domain_of_nobody_names_nobodys_deals(self, crm: CrmPort, domain: str) -> None:
        await crm.save_deal(DEAL)
        await crm.save_deal(_with(5, ""))
        assert await crm.customer_deals(domain) == []


def _with(number: int, domain: str, partner_id: str = PARTNER.id) -> Deal:
    return replace(DEAL, id=f"d-{number}", number=f"D-{number:05}", customer_domain=domain, partner_id=partner_id)
