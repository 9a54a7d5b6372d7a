"""Contacts of partners in HubSpot, and the people at customers who are named in registrations and leads."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.mapping.partners import CONTACTS as TABLE
from crm.adapters.hubspot.mapping.partners import DATA
from crm.adapters.hubspot.records.codec import kept, text_of
from crm.adapters.hubspot.records.partner_reading import (
    CONTACT_NAMES,
    MADE_THERE,
    ContactRead,
    contact_row,
    read_contacts,
)
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.room import fits
from crm.adapters.hubspot.records.store import COMPANIES, CONTACT, CONTACTS, Known
from crm.adapters.hubspot.schema import CONTACT_ID
from crm.adapters.hubspot.transport.faults import Taken
from crm.errors import CrmRejected
from crm.records import Contact

_LOG = logging.getLogger(__name__)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_ADDRESS = 254  # as mail allows
_SAME_ADDRESS = "another contact has this e-mail address; correct that contact instead"


@dataclass(frozen=True, slots=True)
class Contacts:
    portal: Portal
    partners: Partners

    async def one(self, contact_id: str, *, remember: bool = True) -> ContactRead | None:
        """As HubSpot has it now; None also for a person who is no partner's contact."""
        found = await self._found(contact_id)
        if found is None:
            return None
        [read] = await read_contacts(self.portal, [found], remember=remember)
        return read if read.contact else None

    async def save(self, contact: Contact) -> None:
        contact = kept(contact)
        if not askable(contact.id):
            raise CrmRejected("HubSpot cannot hold a contact of this id; choose a short one without blanks")
        if not await self.partners.known(contact.partner_id):
            raise CrmRejected("the contact's partner is not in the CRM; save the partner first")
        async with self.portal.locks.of(f"contact:{contact.id}"):
            row = await self.portal.objects.of_record(CONTACT, contact.id)
            found = await self._found(contact.id) or await self._of_address(contact)
            try:
                written = await (self._made(contact) if found is None else self._changed(contact, found, row))
            except Taken as fault:
                raise CrmRejected(_SAME_ADDRESS) from fault
            await self.portal.objects.remember([contact_row(written, contact, written.props)], self.portal.now())
            await self._linked(contact, written.id, row)

    async def opt_out(self, contact_id: str) -> None:
        async with self.portal.locks.of(f"contact:{contact_id}"):
            read = await self.one(contact_id, remember=False)
            if read is None or read.contact is None:
                raise CrmRejected("there is no such contact; it may have been removed")
            if read.contact.opted_out and (read.copy is None or read.copy.opted_out):
                return
            changed = kept(replace(read.contact, opted_out=True))
            writes = TABLE.to_update(changed, {"opted_out"}, read.found.props, await self.portal.ground())
            if read.copy is not None:
                writes[DATA] = fits(text_of(replace(read.copy, opted_out=True)), "contact")
            await self.portal.update(CONTACTS, read.found.id, writes)
            await self.portal.objects.remember([contact_row(read.found, changed, writes)], self.portal.now())

    async def _found(self, contact_id: str) -> Found | None:
        if contact_id.startswith(MADE_THERE) and contact_id.removeprefix(MADE_THERE).isdecimal():
            found = await self.portal.read(CONTACTS, contact_id.removeprefix(MADE_THERE), CONTACT_NAMES)
            return found if found and found.props.get(CONTACT_ID, contact_id) == contact_id else None
        return await self.portal.read(CONTACTS, contact_id, CONTACT_NAMES, CONTACT_ID)

    async def _of_address(self, contact: Contact) -> Found | None:
        """Somebody HubSpot knows already by that address, and who is nobody's contact yet."""
        found = await self.portal.read(CONTACTS, contact.email, CONTACT_NAMES, "email")
        if found is not None and (found.props.get(CONTACT_ID) or found.props.get("partnerline_contact_of")):
            raise CrmRejected(_SAME_ADDRESS)
        return found

    async def _made(self, contact: Contact) -> Found:
        props = TABLE.all_of(contact, await self.portal.ground())
        props[DATA] = fits(text_of(contact), "contact")
        return Found(await self.portal.upsert(CONTACTS, CONTACT_ID, contact.id, props), props)

    async def _changed(self, contact: Contact, found: Found, row: Known | None) -> Found:
        [read] = await read_contacts(self.portal, [found], remember=False)
        writes = TABLE.to_save(contact, read.copy, found.props, row.seen if row else {}, await self.portal.ground())
        writes[CONTACT_ID] = contact.id
        writes[DATA] = fits(text_of(contact), "contact")
        writes = {name: value for name, value in writes.items() if found.props.get(name, "") != value}
        await self.portal.update(CONTACTS, found.id, writes)
        return Found(found.id, writes)

    async def _linked(self, contact: Contact, hubspot_id: str, row: Known | None) -> None:
        """With the company of the partner."""
        places = await self.portal.objects.partner_places([contact.partner_id])
        company = places[contact.partner_id].company if contact.partner_id in places else ""
        if not company or (row and company in row.links(COMPANIES)):
            return
        await self.portal.link(CONTACTS, hubspot_id, COMPANIES, company)
        linked = Known(CONTACTS, hubspot_id, partner_id=contact.partner_id, linked={COMPANIES: [company]})
        await self.portal.objects.remember([linked], self.portal.now())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a customer, as a partner named them."""

    name: str
    email: str
    phone: str = ""


def _is_address(text: str) -> bool:
    """Looked at closely only where it may be one: that of an endless text would take the square of its length."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


async def person_known(portal: Portal, person: Person) -> str:
    """The HubSpot id of somebody HubSpot knows by that address; "" for nobody."""
    if not _is_address(person.email):
        return ""
    found = await portal.read(CONTACTS, person.email.lower(), ("email",), "email")
    return found.id if found else ""


async def person_made(portal: Portal, person: Person) -> str:
    """Somebody new. HubSpot refuses addresses that it does not believe in: then nobody is made, and "" comes back."""
    if not _is_address(person.email):
        return ""
    first, _, last = person.name.strip().rpartition(" ")
    said = {"firstname": first or last, "lastname": last if first else "", "phone": person.phone}
    try:
        return await portal.upsert(
            CONTACTS, "email", person.email.lower(), {name: value for name, value in said.items() if value}
        )
    except CrmRejected as fault:
        _LOG.warning("HubSpot did not take a customer's contact: %s", fault)
        return ""
