"""Customers: the company of each in HubSpot, found by our own map, our key, an association or the domain, else made."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.adapters.hubspot.account.portal import Found, Portal, pages
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.records.store import COMPANIES, CONTACTS, CUSTOMER, DEALS, PARTNER, Known
from crm.adapters.hubspot.schema import COMPANY_KEY, PARTNER_ID
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import next_page
from crm.adapters.hubspot.transport.faults import Taken

PRIMARY = 5
"""HubSpot's type of the association of a deal with its primary company."""

PRIMARY_TYPE = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": PRIMARY}
_NAMES = ("name", "domain", COMPANY_KEY, PARTNER_ID, "createdate")
_LONGEST_KEY = 200
_BY_NAME = "name:"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as a deal names it; `contact` is the HubSpot id of somebody there, "" for nobody known."""

    name: str
    domain: str
    partner_id: str = ""
    contact: str = ""

    @property
    def key(self) -> str:
        """The domain; without one, the name as that partner says it: another may mean another company by it."""
        if self.domain:
            return self.domain[:_LONGEST_KEY]
        folded = " ".join(unicodedata.normalize("NFKC", self.name).casefold().split())
        return f"{_BY_NAME}{self.partner_id}:{folded}"[:_LONGEST_KEY] if folded else ""


async def company_of(portal: Portal, customer: Customer) -> str:
    """The HubSpot id of the customer's company, made where there is none; "" for a customer without name and domain.

    To be repeated after whatever went wrong: a company is made under our key, so only once.
    """
    if not customer.key:
        return ""
    known = await portal.objects.companies(domain=customer.domain, key=customer.key)
    if known:
        return min(
            known, key=lambda row: (row.record_id != customer.key, row.kind != CUSTOMER, row.hubspot_id)
        ).hubspot_id
    found = await portal.read(COMPANIES, customer.key, _NAMES, COMPANY_KEY)
    found = found or await _adopted(portal, customer) or await _made(portal, customer)
    await portal.objects.remember([_row(found, customer.key)], portal.now())
    return found.id


async def _adopted(portal: Portal, customer: Customer) -> Found | None:
    """A company that people made; it gets our key, so that it is found by that from now on."""
    if not customer.domain:
        return None
    found = await _of_contact(portal, customer) or await _of_domain(portal, customer.domain)
    if found is None or found.props.get(COMPANY_KEY):
        return found
    try:
        await portal.update(COMPANIES, found.id, {COMPANY_KEY: customer.key})
    except Taken:
        # Made or found by somebody else meanwhile.
        return await portal.read(COMPANIES, customer.key, _NAMES, COMPANY_KEY)
    return found


async def _of_contact(portal: Portal, customer: Customer) -> Found | None:
    """HubSpot may have made the company from the domain of the contact's address."""
    if not customer.contact:
        return None
    linked = await portal.linked(CONTACTS, customer.contact, COMPANIES)
    return _best(customer.domain, (await portal.read_many(COMPANIES, linked, _NAMES)).values())


async def _of_domain(portal: Portal, domain: str) -> Found | None:
    wanted = {"filters": [{"propertyName": "domain", "operator": "EQ", "value": domain}]}
    return _best(domain, await portal.search(COMPANIES, [wanted], _NAMES))


def _best(domain: str, found: Iterable[Found]) -> Found | None:
    """The oldest with the domain: HubSpot lets several have the same."""
    same = [one for one in found if one.props.get("domain", "").casefold() == domain.casefold()]
    return min(same, key=lambda one: (one.props.get("createdate", ""), one.id), default=None)


async def _made(portal: Portal, customer: Customer) -> Found:
    props = {"name": customer.name or customer.domain, **({"domain": customer.domain} if customer.domain else {})}
    return Found(await portal.upsert(COMPANIES, COMPANY_KEY, customer.key, props), props)


def _row(found: Found, key: str) -> Known:
    partner_id = found.props.get(PARTNER_ID, "")
    seen = {"name": found.props.get("name", ""), "domain": found.props.get("domain", "")}
    domain = found.props.get("domain", "")
    if partner_id:
        return Known(COMPANIES, found.id, PARTNER, partner_id, partner_id=partner_id, domain=domain, seen=seen)
    return Known(COMPANIES, found.id, CUSTOMER, key, domain=domain, seen=seen)


async def chosen_primary(portal: Portal, linked: Mapping[str, Sequence[int]]) -> str:
    """The primary company of a deal, "" for none; a partner's is none: it came there by mistake."""
    primary = [id_ for id_, types in linked.items() if PRIMARY in types]
    known = await portal.objects.by_id(COMPANIES, primary)
    return next((id_ for id_ in primary if id_ not in known or known[id_].kind != PARTNER), "")


async def companies_of(portal: Portal, deals: Sequence[str]) -> dict[str, dict[str, list[int]]]:
    """What each deal is associated with: association type ids by the company's id."""
    linked: dict[str, dict[str, list[int]]] = {deal: {} for deal in deals}
    for page in pages(deals):
        inputs = [{"id": deal} for deal in page]
        answer = await portal.hub.call(
            calls.BATCH_READ_LINKS, at={"type": DEALS, "to": COMPANIES}, body={"inputs": inputs}
        )
        for row in answer.results:
            deal = str(row["from"]["id"])
            if next_page(row):
                linked[deal] = await portal.linked(DEALS, deal, COMPANIES)
                continue
            for one in row.get("to", ()):
                types = [int(kind["typeId"]) for kind in one.get("associationTypes", ()) if kind.get("typeId")]
                linked[deal][str(one["toObjectId"])] = types
    return linked


async def named(
    portal: Portal, linked: Mapping[str, Mapping[str, list[int]]], attributed: Mapping[str, Parts]
) -> dict[str, Found]:
    """The customer's company of each deal: the primary one, else any that is no partner's. A partner that has a part
    in the deal is not its customer: the others are not to hear of it.
    """
    ids = {company for companies in linked.values() for company in companies}
    known = await portal.objects.by_id(COMPANIES, ids)
    read = await portal.read_many(COMPANIES, ids - {id_ for id_, row in known.items() if "name" in row.seen}, _NAMES)
    await portal.objects.remember([_seen(found) for found in read.values()], portal.now())
    partners = {id_: row.partner_id for id_, row in known.items() if row.kind == PARTNER or row.partner_id}
    partners |= {one.id: one.props[PARTNER_ID] for one in read.values() if one.props.get(PARTNER_ID)}
    there = {id_: Found(id_, row.seen) for id_, row in known.items()} | read
    chosen = {
        deal: _customer(companies, partners, {partner_id for partner_id, _ in attributed.get(deal, ())})
        for deal, companies in linked.items()
    }
    return {deal: there[company] for deal, company in chosen.items() if company in there}


def _customer(companies: Mapping[str, list[int]], partners: Mapping[str, str], involved: Collection[str]) -> str:
    own = [id_ for id_ in companies if id_ not in partners]
    primary = [id_ for id_, types in companies.items() if PRIMARY in types]
    bought = (id_ for id_ in primary if partners.get(id_) not in involved)
    return next(iter([*(id_ for id_ in primary if id_ in own), *own, *bought]), "")


def _seen(found: Found) -> Known:
    """A company that is nothing to us but the customer of somebody's deal."""
    seen = {name: storable(found.props.get(name, "")) for name in ("name", "domain")}
    return Known(
        COMPANIES, found.id, partner_id=found.props.get(PARTNER_ID, ""), domain=found.props.get("domain", ""), seen=seen
    )
