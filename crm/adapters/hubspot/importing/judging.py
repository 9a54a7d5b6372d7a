"""Which companies are partners that the program can work with, and which people may speak for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crm import csv_cells
from crm.adapters.hubspot.account.portal import Found
from crm.adapters.hubspot.importing.found import FoundPartner, FoundPerson, Terms
from crm.adapters.hubspot.mapping.partners import full_name
from crm.adapters.hubspot.mapping.values import words
from crm.adapters.hubspot.records.partner_reading import MADE_THERE
from crm.adapters.hubspot.schema import CONTACT_ID, PARTNER_ID, PARTNER_PROPERTIES
from crm.csv_cells import Allowed

TYPES, TIER, DOMAINS = "partnerline_partner_types", "partnerline_tier", "partnerline_mail_domains"
CONTACT_OF, MAIN = "partnerline_contact_of", "partnerline_main_contact"
_CELLS = {
    TIER: "tier",
    "partnerline_country": "country",
    "partnerline_language": "language",
    "partnerline_time_zone": "time_zone",
    "partnerline_currency": "currency",
    DOMAINS: "domains",
    "partnerline_manager_email": "manager_email",
    "partnerline_plan": "plan",
    "partnerline_csat": "csat",
    "partnerline_certified_people": "certified_people",
}
"""Properties that are looked at as the cells of a partner file are."""
_LABELS = {prop.name: prop.label for prop in PARTNER_PROPERTIES}
_RESELLER = {"RESELLER": "reseller"}
"""HubSpot's own type of a company, where it says which partner it is."""


def partner(found: Found, terms: Terms) -> FoundPartner:
    held = found.props
    said = {
        PARTNER_ID: held.get(PARTNER_ID) or found.id,
        TYPES: held.get(TYPES) or _types(held, terms),
        TIER: held.get(TIER) or terms.tier,
        DOMAINS: held.get(DOMAINS) or held.get("domain", ""),
    }
    tier = _as_in_program(said[TIER], terms.allowed)
    said[TIER] = tier
    return FoundPartner(
        found.id,
        said[PARTNER_ID],
        held.get("name", "").strip(),
        said[TYPES],
        tier,
        tuple(domain.lower() for domain in words(said[DOMAINS])),
        {name: value for name, value in said.items() if value and value != held.get(name, "")},
        tuple(_faults({**held, **said}, terms.allowed)),
        new=not held.get(PARTNER_ID),
    )


def _types(held: Mapping[str, str], terms: Terms) -> str:
    return _RESELLER.get(held.get("type", "")) or ";".join(kind.value for kind in terms.types)


def _as_in_program(tier: str, allowed: Allowed) -> str:
    return next((name for name in allowed.tiers if name.casefold() == tier.strip().casefold()), tier)


def _faults(said: Mapping[str, str], allowed: Allowed) -> Iterable[str]:
    if not said.get("name", "").strip():
        yield "it has no name"
    if not said[TYPES]:
        yield f"“{_LABELS[TYPES]}” is empty: choose one in HubSpot, or give --type"
    if not said[TIER]:
        yield f"“{_LABELS[TIER]}” is empty: enter one in HubSpot, or give --tier"
    for name, cell in _CELLS.items():
        if value := said.get(name, "").strip():
            try:
                csv_cells.PARTNER[cell](value, allowed)
            except ValueError as fault:
                yield f"“{_LABELS[name]}” {_with(value, str(fault))}"


def _with(value: str, fault: str) -> str:
    """Some of the cells' faults name what is wrong, others leave that to the line of the file."""
    return fault if fault.startswith(("'", '"')) else f"{value!r} {fault}"


def apart(partners: Sequence[FoundPartner]) -> tuple[FoundPartner, ...]:
    """A mail domain is one partner's: by it senders are known."""
    times = Counter(domain for one in partners for domain in set(one.domains))
    return tuple(_shared(one, times, partners) for one in partners)


def _shared(one: FoundPartner, times: Counter[str], partners: Sequence[FoundPartner]) -> FoundPartner:
    shared = [domain for domain in one.domains if times[domain] > 1]
    if not shared:
        return one
    others = [other.name for other in partners if other is not one and set(other.domains) & set(shared)]
    said = f"{' and '.join(others)} has the mail domain {', '.join(shared)} as well: mend “{_LABELS[DOMAINS]}”"
    return replace(one, faults=(*one.faults, said))


def person(found: Found, partners: Sequence[FoundPartner], allowed: Allowed) -> FoundPerson:
    """`partners` are those with whose company the contact stands."""
    held = found.props
    of = next((one for one in partners if one.id == held.get(CONTACT_OF)), partners[0])
    said = {CONTACT_OF: of.id, CONTACT_ID: held.get(CONTACT_ID) or f"{MADE_THERE}{found.id}"}
    return FoundPerson(
        found.id,
        of.id,
        full_name(held),
        held.get("email", "").strip().lower(),
        held.get(MAIN) == "true",
        {name: value for name, value in said.items() if value != held.get(name, "")},
        tuple(_person_faults(held, of, partners, allowed)),
    )


def _person_faults(
    held: Mapping[str, str], of: FoundPartner, partners: Sequence[FoundPartner], allowed: Allowed
) -> Iterable[str]:
    email = held.get("email", "").strip().lower()
    if not full_name(held):
        yield "has no name"
    try:
        csv_cells.CONTACT["email"](email, allowed)
    except ValueError:
        yield "has no e-mail address"
        return
    if held.get(CONTACT_OF) == of.id:
        return
    if held.get(CONTACT_OF):
        yield f"is a contact of partner {held[CONTACT_OF]} already"
    elif len(partners) > 1:
        yield f"stands with {' and '.join(one.name for one in partners)}: say in “Contact of partner” whose it is"
    elif not _is_theirs(email, of.domains):
        whose = ", ".join(of.domains) or "none known"
        yield f"has an address outside the partner's mail domains ({whose}): enter {of.id} as “Contact of partner”"


def _is_theirs(email: str, domains: Iterable[str]) -> bool:
    host = email.rpartition("@")[2]
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def with_main(people: Sequence[FoundPerson]) -> tuple[FoundPerson, ...]:
    """Each partner has one main contact, who may everything: where HubSpot names none, the one it has had longest."""
    taken = [one for one in people if not one.faults]
    have = {one.partner_id for one in taken if one.main}
    first: dict[str, FoundPerson] = {}
    for one in sorted(taken, key=lambda one: (len(one.hubspot_id), one.hubspot_id)):
        if one.partner_id not in have:
            first.setdefault(one.partner_id, one)
    chosen = {one.hubspot_id for one in first.values()}
    return tuple(
        replace(one, main=True, writes={**one.writes, MAIN: "true"}) if one.hubspot_id in chosen else one
        for one in people
    )
