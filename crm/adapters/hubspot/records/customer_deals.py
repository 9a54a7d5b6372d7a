"""All deals with one customer, whoever brings them: what we know ourselves and what HubSpot finds, each read live."""

from __future__ import annotations

import re
from collections.abc import Collection

from crm.adapters.hubspot.account.portal import Portal, pages
from crm.adapters.hubspot.records.deal_reading import deal_names, read_deals
from crm.adapters.hubspot.records.store import COMPANIES, DEALS
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import next_page
from crm.records import Deal

_DOMAIN = "partnerline_customer_domain"
_HOST = re.compile(r"[^\W_][\w-]*(\.[\w-]+)+")
_LONGEST = 253


async def customer_deals(portal: Portal, domain: str) -> list[Deal]:
    """By number. HubSpot's search lags, so what we wrote or read ourselves is not left to it."""
    if len(domain) > _LONGEST or not _HOST.fullmatch(domain):
        return []
    companies = {known.hubspot_id for known in await portal.objects.companies(domain=domain)}
    companies |= {found.id for found in await portal.search(COMPANIES, [_is("domain", domain)], ["domain"])}
    ids = {known.hubspot_id for known in await portal.objects.customer_deals(domain, companies)}
    ids |= {found.id for found in await portal.search(DEALS, _of_customer(domain), [_DOMAIN])}
    ids |= await _with_companies(portal, companies)
    found = [
        one for one in (await portal.read_many(DEALS, sorted(ids), deal_names(portal))).values() if not one.archived
    ]
    deals = [read.deal for read in await read_deals(portal, found) if read.deal is not None]
    return sorted((deal for deal in deals if _same(deal, domain)), key=lambda deal: deal.number)


def _same(deal: Deal, domain: str) -> bool:
    return deal.customer_domain == domain or deal.customer_domain.endswith(f".{domain}")


def _is(name: str, value: str, operator: str = "EQ") -> dict[str, object]:
    return {"filters": [{"propertyName": name, "operator": operator, "value": value}]}


def _of_customer(domain: str) -> list[dict[str, object]]:
    return [_is(_DOMAIN, domain), _is(_DOMAIN, f"*.{domain}", "CONTAINS_TOKEN")]


async def _with_companies(portal: Portal, companies: Collection[str]) -> set[str]:
    ids: set[str] = set()
    for page in pages(sorted(companies)):
        at = {"type": COMPANIES, "to": DEALS}
        answer = await portal.hub.call(calls.BATCH_READ_LINKS, at=at, body={"inputs": [{"id": id_} for id_ in page]})
        for row in answer.results:
            if next_page(row):
                ids |= (await portal.linked(COMPANIES, str(row["from"]["id"]), DEALS)).keys()
            ids |= {str(one["toObjectId"]) for one in row.get("to", ())}
    return ids
