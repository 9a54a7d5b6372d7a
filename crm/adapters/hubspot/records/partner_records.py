"""Partners in HubSpot: the company of each, or its record of the custom object and the company beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.mapping.fields import Ground
from crm.adapters.hubspot.mapping.partners import DATA, PARTNERS
from crm.adapters.hubspot.records.codec import kept, text_of
from crm.adapters.hubspot.records.customers import Customer, company_of
from crm.adapters.hubspot.records.partner_reading import PARTNER_NAMES, PartnerRead, partner_row, read_partners
from crm.adapters.hubspot.records.room import fits
from crm.adapters.hubspot.records.store import COMPANIES, PARTNER, Known
from crm.adapters.hubspot.schema import PARTNER_ID
from crm.errors import CrmConflict, CrmRejected
from crm.records import Partner


@dataclass(frozen=True, slots=True)
class Partners:
    portal: Portal

    async def one(self, partner_id: str, *, remember: bool = True) -> PartnerRead | None:
        """As HubSpot has it now."""
        object_type = await self.portal.account.partner_type()
        found = await self.portal.read(object_type, partner_id, PARTNER_NAMES, PARTNER_ID)
        if found is None:
            return None
        return (await read_partners(self.portal, object_type, [found], remember=remember))[0]

    async def known(self, partner_id: str) -> bool:
        """Whether HubSpot has the partner; asked only for one that we have not seen."""
        if await self.portal.objects.of_record(PARTNER, partner_id) is not None:
            return True
        return await self.one(partner_id) is not None

    async def among(self, partner_ids: Collection[str]) -> Collection[str]:
        """Those that we have seen in HubSpot."""
        return (await self.portal.objects.of_records(PARTNER, partner_ids)).keys()

    async def save(self, partner: Partner) -> None:
        partner = kept(partner)
        if not askable(partner.id):
            raise CrmRejected("HubSpot cannot hold a partner of this id; choose a short one without blanks")
        object_type = await self.portal.account.partner_type()
        async with self.portal.locks.of(f"partner:{partner.id}"):
            row = await self.portal.objects.of_record(PARTNER, partner.id)
            read = await self.one(partner.id, remember=False)
            written = await (self._made(partner, object_type) if read is None else self._changed(partner, read, row))
            await self.portal.objects.remember(
                [partner_row(object_type, written, partner, written.props)], self.portal.now()
            )
            if object_type != COMPANIES and not (row and row.links(COMPANIES)):
                await self._with_company(partner, object_type, written.id)
            await self.portal.attributions.introduce({partner.id: partner.name})

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        async with self.portal.locks.of(f"partner:{partner_id}"):
            read = await self.one(partner_id, remember=False)
            if read is None or read.partner is None:
                raise CrmRejected("there is no such partner in the CRM")
            if read.partner.tier not in (seen, wanted):
                raise CrmConflict(("tier",))
            if read.partner.tier == wanted:
                return
            changed = kept(replace(read.partner, tier=wanted))
            writes = PARTNERS.to_update(changed, {"tier"}, read.found.props, await self.portal.ground())
            # Of the copy only the tier: what people changed besides is no word of ours.
            writes[DATA] = fits(text_of(replace(read.copy or changed, tier=changed.tier)), "partner")
            await self._update(read.found, writes, changed)

    async def _made(self, partner: Partner, object_type: str) -> Found:
        props = PARTNERS.all_of(partner, await self.portal.ground())
        props[DATA] = fits(text_of(partner), "partner")
        if object_type == COMPANIES:
            if partner.domains and (company := await self._without_partner(partner)):
                return await self._adopted(partner, company, props)
            props |= {"domain": partner.domains[0]} if partner.domains else {}
        return Found(await self.portal.upsert(object_type, PARTNER_ID, partner.id, props), props)

    async def _without_partner(self, partner: Partner) -> Found | None:
        """The company that people made for the partner: it alone has one of the partner's domains."""
        wanted = {"filters": [{"propertyName": "domain", "operator": "IN", "values": list(partner.domains)}]}
        found = await self.portal.search(COMPANIES, [wanted], PARTNER_NAMES)
        free = [one for one in found if not one.props.get(PARTNER_ID)]
        return free[0] if len(free) == 1 else None

    async def _adopted(self, partner: Partner, company: Found, props: dict[str, str]) -> Found:
        """What people entered there stays."""
        ground = await self.portal.ground()
        writes = PARTNERS.to_save(partner, None, company.props, {}, ground)
        writes |= {PARTNER_ID: partner.id, DATA: props[DATA]}
        await self.portal.update(COMPANIES, company.id, writes)
        return company.with_props(writes)

    async def _changed(self, partner: Partner, read: PartnerRead, row: Known | None) -> Found:
        ground: Ground = await self.portal.ground()
        props, seen = read.found.props, row.seen if row else {}
        writes = PARTNERS.to_save(partner, read.copy, props, seen, ground)
        if (data := fits(text_of(partner), "partner")) != props.get(DATA):
            writes[DATA] = data
        await self.portal.update(await self.portal.account.partner_type(), read.found.id, writes)
        return Found(read.found.id, writes)

    async def _update(self, found: Found, writes: dict[str, str], partner: Partner) -> None:
        object_type = await self.portal.account.partner_type()
        await self.portal.update(object_type, found.id, writes)
        row = partner_row(object_type, found, partner, writes)
        await self.portal.objects.remember([row], self.portal.now())

    async def _with_company(self, partner: Partner, object_type: str, record: str) -> None:
        """A partner that is a record of the custom object has a company beside it, for contacts and what is logged."""
        domain = partner.domains[0] if partner.domains else ""
        company = await company_of(self.portal, Customer(partner.name, domain, partner.id))
        if not company:
            return
        await self.portal.link(object_type, record, COMPANIES, company)
        rows = [
            Known(object_type, record, PARTNER, partner.id, partner_id=partner.id, linked={COMPANIES: [company]}),
            Known(COMPANIES, company, PARTNER, partner_id=partner.id),
        ]
        await self.portal.objects.remember(rows, self.portal.now())
