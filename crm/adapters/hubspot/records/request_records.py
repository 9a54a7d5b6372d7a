"""Registrations and leads in HubSpot: deals in the intake pipeline; or kept here where the account has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.mapping.fields import Ground, Table
from crm.adapters.hubspot.mapping.requests import LEAD_DATA, REGISTRATION_DATA, registrations
from crm.adapters.hubspot.mapping.requests import LEADS as LEAD_TABLE
from crm.adapters.hubspot.records.codec import copy_of, kept, text_of
from crm.adapters.hubspot.records.contact_records import Person
from crm.adapters.hubspot.records.customers import Customer
from crm.adapters.hubspot.records.deal_objects import Belonging, DealObjects, Held, check_number, lock_of
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.room import fits
from crm.adapters.hubspot.records.store import DATA as KEPT
from crm.adapters.hubspot.records.store import DEAL, LEAD, LEADS, REGISTRATION, REGISTRATIONS, Known
from crm.errors import CrmRejected
from crm.records import Lead, Registration


class Noted(Protocol):
    async def __call__(self, record: Registration | Lead) -> None:
        """Tells HubSpot of a registration or lead that is kept here."""
        ...


@dataclass(frozen=True, slots=True)
class Requests:
    portal: Portal
    partners: Partners
    objects: DealObjects
    noted: Noted

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        """As HubSpot has it now, only inside the partner."""
        read = (await self.objects.held(number, remember=True)).read
        found = read.registration if read else None
        found = found or await self._kept(REGISTRATIONS, Registration, number)
        return found if found is not None and found.partner_id == partner_id else None

    async def lead(self, number: str) -> Lead | None:
        read = (await self.objects.held(number, remember=True)).read
        return (read.lead if read else None) or await self._kept(LEADS, Lead, number)

    async def save_registration(self, registration: Registration) -> None:
        """Raises CrmRejected where another partner has the number: a registration never changes hands."""
        registration = kept(registration)
        check_number(registration.number)
        if not await self.partners.known(registration.partner_id):
            raise CrmRejected("the registration's partner is not in the CRM; save the partner first")
        async with self.portal.locks.of(lock_of(registration.number)):
            held = await self.objects.held(registration.number)
            before = held.read.registration if held.read else None
            before = before or await self._kept(REGISTRATIONS, Registration, registration.number)
            self._own(registration, before, held)
            if await self._stays_here(held):
                return await self._keep(REGISTRATIONS, REGISTRATION, registration, before)
            copy = held.read.registration_copy if held.read else None
            table = registrations(held.props, await self.portal.ground())
            writes = await self._to_save(table, registration, copy, held, REGISTRATION_DATA)
            hubspot_id = await self.objects.write(held, registration.number, writes)
            return await self.objects.complete(hubspot_id, held, writes, self._registered(registration, held))

    async def save_lead(self, lead: Lead) -> None:
        lead = kept(lead)
        check_number(lead.number)
        if lead.partner_id and not await self.partners.known(lead.partner_id):
            raise CrmRejected("the lead's partner is not in the CRM; save the partner first")
        async with self.portal.locks.of(lock_of(lead.number)):
            held = await self.objects.held(lead.number)
            if await self._stays_here(held):
                return await self._keep(LEADS, LEAD, lead, await self._kept(LEADS, Lead, lead.number))
            copy = held.read.lead_copy if held.read else None
            writes = await self._to_save(LEAD_TABLE, lead, copy, held, LEAD_DATA)
            hubspot_id = await self.objects.write(held, lead.number, writes)
            return await self.objects.complete(hubspot_id, held, writes, _led(lead))

    def _own(self, registration: Registration, before: Registration | None, held: Held) -> None:
        there = held.read.deal if held.read else None
        owner = before.partner_id if before else there.partner_id if there else registration.partner_id
        if owner != registration.partner_id:
            raise CrmRejected("another registration has this number; choose a different number")

    async def _stays_here(self, held: Held) -> bool:
        """Raises NotSetUp where the pipeline for them is wanted and missing."""
        if held.read is not None or (await self.portal.ground()).pipelines.intake is not None:
            return False
        if self.portal.options.intake:
            raise NotSetUp(f"HubSpot has no deal pipeline “{self.portal.options.intake}” for what waits")
        return True

    async def _to_save(self, table: Table[Any], record: Any, copy: Any, held: Held, data: str) -> dict[str, str]:
        ground: Ground = await self.portal.ground()
        text = fits(text_of(record), table.kind)
        if held.read is None:
            return {**table.all_of(record, ground), data: text}
        writes = table.to_save(record, copy, held.props, held.seen, ground)
        return writes if held.props.get(data) == text else {**writes, data: text}

    def _registered(self, one: Registration, held: Held) -> Belonging:
        deal = held.read.deal if held.read else None
        customer = Customer(one.customer, one.customer_domain, one.partner_id)
        person = Person(one.contact_name, one.contact_email, one.contact_phone)
        if deal is not None:
            # What it is and whose is the deal's by now.
            known = Customer(deal.customer, deal.customer_domain, deal.partner_id)
            return Belonging(DEAL, deal.id, deal.number, deal.partner_id, known, held.written, person)
        parts: Parts = ((one.partner_id, one.attribution),)
        return Belonging(REGISTRATION, one.number, one.number, one.partner_id, customer, parts, person)

    async def _kept(self, object_type: str, kind: type[Any], number: str) -> Any:
        rows = await self.portal.objects.kept_requests(object_type, [number])
        return copy_of(kind, rows[0].seen.get(KEPT, "")) if rows else None

    async def _keep(self, object_type: str, kind: str, record: Registration | Lead, before: object) -> None:
        if record == before:
            return
        await self.noted(record)
        row = Known(
            object_type,
            record.number,
            kind,
            record.number,
            partner_id=record.partner_id,
            domain=record.customer_domain,
            seen={KEPT: text_of(record)},
            changed_at=self.portal.now(),
        )
        await self.portal.objects.remember([row], self.portal.now())


def _led(lead: Lead) -> Belonging:
    customer = Customer(lead.customer, lead.customer_domain, lead.partner_id)
    person = Person(lead.contact_name, lead.contact_email, lead.contact_phone)
    parts: Parts = ((lead.partner_id, lead.attribution),) if lead.partner_id else ()
    return Belonging(LEAD, lead.number, lead.number, lead.partner_id, customer, parts, person)
