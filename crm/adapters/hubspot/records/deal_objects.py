"""A deal of HubSpot as it is found, written and completed, whether it stands for a deal, a registration or a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.mapping.deals import OWN
from crm.adapters.hubspot.records.contact_records import Person, person_known, person_made
from crm.adapters.hubspot.records.customers import PRIMARY_TYPE, Customer, chosen_primary, company_of
from crm.adapters.hubspot.records.deal_parts import ATTRIBUTED, parts_from, parts_text
from crm.adapters.hubspot.records.deal_reading import DealRead, deal_names, read_deals
from crm.adapters.hubspot.records.numbering import as_numbered
from crm.adapters.hubspot.records.store import COMPANIES, CONTACTS, DEALS, REGISTRATIONS, Known
from crm.adapters.hubspot.schema import NUMBER
from crm.adapters.hubspot.transport import calls
from crm.errors import CrmRejected

_CUSTOMER = "customer key"
_PERSON = "person"
"""In `linked` of a deal: for which customer, and for which person there, it was associated."""


@dataclass(frozen=True, slots=True)
class Held:
    """A deal as HubSpot has it now, and as it was last seen or written; either may be missing."""

    read: DealRead | None = None
    row: Known | None = None

    @property
    def props(self) -> Mapping[str, str]:
        return self.read.found.props if self.read else {}

    @property
    def seen(self) -> Mapping[str, str]:
        return self.row.seen if self.row else {}

    @property
    def written(self) -> Parts:
        """Who had a part when that was written last."""
        return parts_from(self.seen.get(ATTRIBUTED)) or ()


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a deal of HubSpot goes with: what it is of ours, the customer, a person there, the partners."""

    kind: str
    record_id: str
    number: str
    partner_id: str
    customer: Customer
    parts: Parts
    person: Person = field(default_factory=lambda: Person("", ""))


@dataclass(frozen=True, slots=True)
class DealObjects:
    portal: Portal

    async def held(self, number: str, *, remember: bool = False) -> Held:
        """By its number; one whose number a person took away is known by its HubSpot id."""
        rows = await self.portal.objects.numbered([number])
        row = rows.get(number)
        found = await self._found(number, row)
        if found is None:
            return Held(row=row)
        row = row or (await self.portal.objects.by_id(DEALS, [found.id])).get(found.id)
        [read] = await read_deals(self.portal, [found], remember=remember)
        return Held(read, row)

    async def write(self, held: Held, number: str, props: Mapping[str, str]) -> str:
        """Creates it under its number, or sends what differs. The HubSpot id.

        Raises CrmRejected for one that a person deleted: to make it anew is for a person to decide.
        """
        if held.read is not None:
            await self.portal.update(DEALS, held.read.found.id, props)
            return held.read.found.id
        if held.row is not None:
            raise CrmRejected(f"{number} was deleted in HubSpot; restore it there (deal {held.row.hubspot_id})")
        return await self.portal.upsert(DEALS, NUMBER, number, props)

    async def complete(self, hubspot_id: str, held: Held, props: Mapping[str, str], to: Belonging) -> None:
        """What goes with a deal that was written, each step only where it is not known to be done."""
        given = to.parts != held.written
        if given or self._lacks_customer(held, to) or self._lacks_person(held, to):
            await self._remember(hubspot_id, to, {**props, ATTRIBUTED: parts_text(held.written)}, {})
            linked = await self._associated(hubspot_id, held, to)
            if given:
                await self.portal.attributions.write(hubspot_id, to.parts, held.written)
            await self._remember(hubspot_id, to, {ATTRIBUTED: parts_text(to.parts)}, linked)
        elif props or not _same(held.row, to):
            await self._remember(hubspot_id, to, {**props, ATTRIBUTED: parts_text(to.parts)}, {})
        if not self.portal.options.intake:
            # What waited here has become the deal.
            await self.portal.objects.archive(REGISTRATIONS, to.number)

    async def _found(self, number: str, row: Known | None) -> Found | None:
        names = deal_names(self.portal)
        if number.startswith(OWN):
            id_ = number.removeprefix(OWN)
            return await self.portal.read(DEALS, id_, names) if id_.isdecimal() else None
        if not askable(number):
            return None
        found = await self.portal.read(DEALS, number, names, NUMBER)
        if found is None and row is not None:
            found = await self.portal.read(DEALS, row.hubspot_id, names)
            # What it was merged into is another deal.
            return await as_numbered(self.portal, found, row) if found and found.id == row.hubspot_id else None
        return found if found and found.props.get(NUMBER) == number else None

    async def _associated(self, hubspot_id: str, held: Held, to: Belonging) -> dict[str, list[str]]:
        """With the customer's company and the person there, where that is not done for just these. All new links."""
        email = to.person.email
        if not (self._lacks_customer(held, to) or self._lacks_person(held, to)):
            return {}
        contact = await person_known(self.portal, to.person) if email else ""
        company, companies = await self._company(hubspot_id, held, replace(to.customer, contact=contact))
        if email and (contact := contact or await person_made(self.portal, to.person)):
            await self.portal.link(DEALS, hubspot_id, CONTACTS, contact)
            if company:
                await self.portal.link(CONTACTS, contact, COMPANIES, company)
        linked = {COMPANIES: list(companies), _CUSTOMER: [to.customer.key]}
        return linked | ({CONTACTS: [contact] if contact else [], _PERSON: [email]} if email else {})

    def _lacks_customer(self, held: Held, to: Belonging) -> bool:
        return bool(to.customer.key) and not (held.row and held.row.links(_CUSTOMER) == (to.customer.key,))

    def _lacks_person(self, held: Held, to: Belonging) -> bool:
        return bool(to.person.email) and not (held.row and held.row.links(_PERSON) == (to.person.email,))

    async def _company(self, hubspot_id: str, held: Held, customer: Customer) -> tuple[str, tuple[str, ...]]:
        """The customer's, and all that the deal is associated with then. What a person chose stays the primary one."""
        linked = await self.portal.linked(DEALS, hubspot_id, COMPANIES) if held.read else {}
        chosen = await chosen_primary(self.portal, linked)
        if chosen and not (held.row and held.row.links(_CUSTOMER)):
            return chosen, tuple(linked)
        if not (company := await company_of(self.portal, customer)):
            return "", tuple(linked)
        if company not in linked or not chosen:
            await (
                self.portal.link(DEALS, hubspot_id, COMPANIES, company)
                if chosen
                else self._primary(hubspot_id, company)
            )
        return company, tuple(dict.fromkeys([*linked, company]))

    async def _primary(self, hubspot_id: str, company: str) -> None:
        at = {"type": DEALS, "id": hubspot_id, "to": COMPANIES, "to_id": company}
        await self.portal.hub.call(calls.LINK_LABELLED, at=at, body=[PRIMARY_TYPE])

    async def _remember(
        self, hubspot_id: str, to: Belonging, seen: Mapping[str, str], linked: Mapping[str, list[str]]
    ) -> None:
        known = Known(
            DEALS,
            hubspot_id,
            to.kind,
            to.record_id,
            number=to.number,
            partner_id=to.partner_id,
            domain=to.customer.domain,
            seen=seen,
            linked=linked,
        )
        await self.portal.objects.remember([known], self.portal.now())


def _same(row: Known | None, to: Belonging) -> bool:
    said = (to.kind, to.record_id, to.number, to.partner_id, to.customer.domain)
    return row is not None and said == (row.kind, row.record_id, row.number, row.partner_id, row.domain)


def lock_of(number: str) -> str:
    return f"deal:{number}"


def check_number(number: str) -> None:
    if not askable(number):
        raise CrmRejected("HubSpot cannot hold this number; choose a short one without blanks")
