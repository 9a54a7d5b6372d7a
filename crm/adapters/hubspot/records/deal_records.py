"""Deals in HubSpot: saved whole, or changed in single fields, under the deal's lock and never over a person's edit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.mapping.deals import DATA, DEALS
from crm.adapters.hubspot.mapping.fields import Ground
from crm.adapters.hubspot.mapping.requests import ACCEPTED, REGISTRATION_DATA, waits
from crm.adapters.hubspot.records.codec import copy_of, kept, text_of
from crm.adapters.hubspot.records.customers import Customer
from crm.adapters.hubspot.records.deal_objects import Belonging, DealObjects, Held, check_number, lock_of
from crm.adapters.hubspot.records.deal_parts import known_parts
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.room import fits
from crm.adapters.hubspot.records.store import DATA as KEPT
from crm.adapters.hubspot.records.store import DEAL, REGISTRATIONS
from crm.errors import CrmConflict, CrmRejected
from crm.records import Deal, Registration


@dataclass(frozen=True, slots=True)
class Deals:
    portal: Portal
    partners: Partners
    objects: DealObjects

    async def one(self, partner_id: str, number: str) -> Deal | None:
        """As HubSpot has it now, only inside the partner."""
        read = (await self.objects.held(number, remember=True)).read
        deal = read.deal if read else None
        return deal if deal is not None and deal.partner_id == partner_id else None

    async def save(self, deal: Deal) -> None:
        deal = kept(deal)
        check_number(deal.number)
        if deal.partner_id and not await self.partners.known(deal.partner_id):
            raise CrmRejected("the deal's partner is not in the CRM; save the partner first")
        async with self.portal.locks.of(lock_of(deal.number)):
            held = await self.objects.held(deal.number)
            await self._same(deal, held)
            writes = await self._to_save(deal, held)
            hubspot_id = await self.objects.write(held, deal.number, writes)
            await self.objects.complete(hubspot_id, held, writes, self._belonging(deal, await self._parts(deal)))

    async def update(self, seen: Deal, wanted: Deal) -> None:
        seen, wanted = kept(seen), kept(wanted)
        names = {field.name for field in fields(Deal) if getattr(seen, field.name) != getattr(wanted, field.name)}
        async with self.portal.locks.of(lock_of(seen.number)):
            held = await self.objects.held(seen.number)
            read, deal = held.read, held.read.deal if held.read else None
            # A change of the partner that is made again finds the deal with the new one.
            if read is None or deal is None or deal.partner_id not in (seen.partner_id, wanted.partner_id):
                raise CrmRejected("the partner has no such deal in the CRM")
            _nobody_else(deal, seen, wanted, names)
            changed = _with(deal, wanted, names)
            ground = await self.portal.ground()
            writes = DEALS.to_update(changed, names, held.props, ground)
            if read.copy is None:
                # What was read from elsewhere, such as the customer from the company: the copy says it from now on.
                writes = {**DEALS.to_save(changed, None, held.props, {}, ground), **writes}
            # Of the copy only these: what people changed besides is no word of ours.
            data = fits(text_of(_with(read.copy or changed, wanted, names)), "deal")
            writes = _with_closing(changed, {**writes, **_if_other(held, DATA, data)}, held, ground)
            await self.portal.update("deals", read.found.id, writes)
            parts = await self._parts(changed) if names & {"partner_id", "attribution", "others"} else held.written
            await self.objects.complete(read.found.id, held, writes, self._belonging(changed, parts))

    async def _to_save(self, deal: Deal, held: Held) -> dict[str, str]:
        ground = await self.portal.ground()
        data = fits(text_of(deal), "deal")
        if held.read is None:
            return {**DEALS.all_of(deal, ground), **await self._registered(deal, ground), DATA: data}
        writes = DEALS.to_save(deal, held.read.copy, held.props, held.seen, ground)
        if held.read.copy is None and waits(held.props, ground):
            # It is accepted: out of the pipeline in which it waited.
            writes |= DEALS.to_update(deal, {"stage"}, held.props, ground)
        return _with_closing(deal, {**writes, **_if_other(held, DATA, data)}, held, ground)

    async def _registered(self, deal: Deal, ground: Ground) -> dict[str, str]:
        """What its registration says, where that waited here and not in HubSpot."""
        rows = await self.portal.objects.kept_requests(REGISTRATIONS, [deal.number])
        registration = copy_of(Registration, rows[0].seen.get(KEPT, "")) if rows else None
        if registration is None:
            return {}
        return {**ACCEPTED.all_of(registration, ground), REGISTRATION_DATA: text_of(registration)}

    async def _same(self, deal: Deal, held: Held) -> None:
        there = held.read.deal if held.read else None
        if there is not None and there.id != deal.id:
            raise CrmRejected("another deal has this number; choose a different number")
        known = await self.portal.objects.of_record(DEAL, deal.id)
        if known is not None and known.number != deal.number:
            raise CrmRejected(f"the deal has the number {known.number} in HubSpot, and keeps it")

    async def _parts(self, deal: Deal) -> Parts:
        others = {other.partner_id for other in deal.others}
        known: Collection[str] = await self.partners.among({deal.partner_id, *others})
        return known_parts(deal, known)

    def _belonging(self, deal: Deal, parts: Parts) -> Belonging:
        customer = Customer(deal.customer, deal.customer_domain, deal.partner_id)
        return Belonging(DEAL, deal.id, deal.number, deal.partner_id, customer, parts)


def _with(deal: Deal, wanted: Deal, names: Collection[str]) -> Deal:
    return replace(deal, **{name: getattr(wanted, name) for name in names})


def _nobody_else(held: Deal, seen: Deal, wanted: Deal, names: Collection[str]) -> None:
    """Raises CrmConflict with the fields that are neither as they were seen nor as they are wanted."""
    said = {name: (getattr(seen, name), getattr(wanted, name)) for name in names}
    others = [field.name for field in fields(Deal) if field.name in said]
    if changed := tuple(name for name in others if getattr(held, name) not in said[name]):
        raise CrmConflict(changed)


def _if_other(held: Held, name: str, text: str) -> dict[str, str]:
    return {} if held.props.get(name) == text else {name: text}


def _with_closing(deal: Deal, writes: dict[str, str], held: Held, ground: Ground) -> dict[str, str]:
    """HubSpot sets the close date to today when a deal is won or lost, unless it is told one."""
    if "dealstage" not in writes or deal.stage.open or "closedate" in writes:
        return writes
    said = DEALS.all_of(deal, ground).get("closedate") or held.props.get("closedate", "")
    return {**writes, "closedate": said} if said else writes
