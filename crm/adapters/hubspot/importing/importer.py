"""Finds the partners and their people that HubSpot has, and makes them partners and contacts of ours there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import COMPANIES
from crm.adapters.hubspot.account.associations import associated
from crm.adapters.hubspot.account.portal import Found, Portal, found_of, pages
from crm.adapters.hubspot.following.event_bodies import Touch
from crm.adapters.hubspot.following.webhooks import touch
from crm.adapters.hubspot.importing import judging
from crm.adapters.hubspot.importing.found import Findings, FoundPartner, FoundPerson, Terms
from crm.adapters.hubspot.records.partner_reading import CONTACT_NAMES, PARTNER_NAMES, read_partners
from crm.adapters.hubspot.records.store import CONTACTS
from crm.adapters.hubspot.schema import PARTNER_ID
from crm.adapters.hubspot.transport import calls
from crm.errors import CrmRejected

_PAGE = 200
_WINDOW = 10_000
"""HubSpot finds no more than this by one search."""
_OF_PARTNERS = ("PARTNER", "RESELLER")
"""HubSpot's own types of a company that say it is a partner."""
_NAMES = (*PARTNER_NAMES, "type")

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Importer:
    """Every method may raise CrmUnavailable. To repeat an import completes it."""

    portal: Portal
    engine: AsyncEngine
    now: Callable[[], datetime]

    async def look(self, terms: Terms) -> Findings:
        """Changes nothing."""
        object_type = await self.portal.account.partner_type()
        found = await (self._companies() if object_type == COMPANIES else self._records(object_type))
        partners = judging.apart([judging.partner(one, terms) for one in found])
        people = await self._people(object_type, [one for one in partners if not one.faults], terms)
        return Findings(partners, judging.with_main(people))

    async def take(self, findings: Findings, tell: Tell = lambda _done, _total: None) -> tuple[str, ...]:
        """Write what makes them ours; what HubSpot refused comes back, in its words."""
        object_type = await self.portal.account.partner_type()
        partners, people = findings.taken, findings.people_taken
        total = len(partners) + len(people)
        refused = await self._write(object_type, partners, lambda done: tell(done, total))
        await self._remember(object_type, [one.hubspot_id for one in partners])
        refused += await self._write(CONTACTS, people, lambda done: tell(len(partners) + done, total))
        await self.portal.attributions.introduce({one.id: one.name for one in partners})
        await self._touched(object_type, findings)
        return tuple(refused)

    async def _companies(self) -> list[Found]:
        """Those with a partner's id or type of ours, and those that HubSpot itself calls partner or reseller."""
        filters: tuple[dict[str, Any], ...] = (
            {"propertyName": PARTNER_ID, "operator": "HAS_PROPERTY"},
            {"propertyName": judging.TYPES, "operator": "HAS_PROPERTY"},
            {"propertyName": "type", "operator": "IN", "values": list(_OF_PARTNERS)},
        )
        found: dict[str, Found] = {}
        last = "0"
        while window := await self._window(filters, last):
            found |= {one.id: one for one in window}
            if len(window) < _WINDOW:
                break
            last = window[-1].id
        return list(found.values())

    async def _window(self, filters: Sequence[Mapping[str, Any]], last: str) -> list[Found]:
        beyond = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
        body: dict[str, Any] = {
            "filterGroups": [{"filters": [one, beyond]} for one in filters],
            "properties": list(_NAMES),
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "limit": _PAGE,
        }
        found: list[Found] = []
        after = "0"
        while len(found) < _WINDOW:
            answer = await self.portal.hub.call(calls.SEARCH, at={"type": COMPANIES}, body={**body, "after": after})
            found += [found_of(row) for row in answer.results]
            after = str(((answer.body.get("paging") or {}).get("next") or {}).get("after") or "")
            if not after:
                break
        return found

    async def _records(self, object_type: str) -> list[Found]:
        query = [("limit", "100"), ("properties", ",".join(_NAMES[:-1]))]
        pages_of = self.portal.hub.pages(calls.LIST, at={"type": object_type}, query=query)
        return [found_of(row) async for page in pages_of for row in page]

    async def _people(self, object_type: str, partners: Sequence[FoundPartner], terms: Terms) -> list[FoundPerson]:
        of: dict[str, list[FoundPartner]] = {}
        by_id = {one.hubspot_id: one for one in partners}
        for partner_id, contacts in (await self._contacts(object_type, list(by_id))).items():
            for contact in contacts:
                of.setdefault(contact, []).append(by_id[partner_id])
        found = await self.portal.read_many(CONTACTS, of, CONTACT_NAMES)
        return [judging.person(one, of[one.id], terms.allowed) for one in found.values()]

    async def _contacts(self, object_type: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """The contacts of each partner; a record of the custom object has those of its company as well."""
        hub = self.portal.hub
        linked = {id_: list(links) for id_, links in (await associated(hub, object_type, ids, CONTACTS)).items()}
        if object_type == COMPANIES:
            return linked
        companies = {id_: list(links) for id_, links in (await associated(hub, object_type, ids, COMPANIES)).items()}
        every = list(dict.fromkeys(company for some in companies.values() for company in some))
        of_companies = await associated(hub, COMPANIES, every, CONTACTS)
        for id_, some in companies.items():
            linked[id_] = list(
                dict.fromkeys([*linked[id_], *(one for company in some for one in of_companies[company])])
            )
        return linked

    async def _write(
        self, object_type: str, rows: Sequence[FoundPartner | FoundPerson], tell: Callable[[int], None]
    ) -> list[str]:
        refused: list[str] = []
        done = 0
        for page in pages(rows):
            changes = {row.hubspot_id: row.writes for row in page if row.writes}
            try:
                await self.portal.update_many(object_type, changes)
            except CrmRejected:
                refused += await self._one_by_one(object_type, changes, {row.hubspot_id: row.name for row in page})
            done += len(page)
            tell(done)
        return refused

    async def _one_by_one(
        self, object_type: str, changes: Mapping[str, Mapping[str, str]], names: Mapping[str, str]
    ) -> list[str]:
        refused = []
        for id_, writes in changes.items():
            try:
                await self.portal.update(object_type, id_, writes)
            except CrmRejected as fault:
                refused.append(f"{names[id_]}: {fault}")
        return refused

    async def _remember(self, object_type: str, ids: Sequence[str]) -> None:
        """Before their people: whose somebody is, is known by it."""
        found = await self.portal.read_many(object_type, ids, PARTNER_NAMES)
        await read_partners(self.portal, object_type, list(found.values()))

    async def _touched(self, object_type: str, findings: Findings) -> None:
        """So that the next look takes them, however late HubSpot's search knows of them."""
        at = self.now()
        partners = [Touch(object_type, one.hubspot_id, at) for one in findings.taken]
        await touch(self.engine, [*partners, *(Touch(CONTACTS, one.hubspot_id, at) for one in findings.people_taken)])
