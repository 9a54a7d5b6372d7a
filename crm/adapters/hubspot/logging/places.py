"""Which records of HubSpot an interaction belongs on: found in the adapter's own map, without a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.adapters.hubspot.records.store import COMPANIES, CONTACT, CONTACTS, DEALS, Known, Objects
from crm.records import Interaction

Linked = Mapping[str, Sequence[str]]
"""HubSpot ids by object type."""


@dataclass(frozen=True, slots=True)
class Place:
    """`who` is whom it was said by or to. `known` False where the partner that is named is not in HubSpot."""

    linked: Linked = field(default_factory=dict)
    who: str = ""
    known: bool = True


class Places:
    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def of(self, interactions: Sequence[Interaction]) -> dict[str, Place]:
        """By the interaction's key. A deal that is not in HubSpot (yet) is left out. Raises CrmUnavailable."""
        partners = await self._objects.of_records("partner", {i.partner_id for i in interactions if i.partner_id})
        contacts = await self._objects.of_records(CONTACT, {i.contact_id for i in interactions if i.contact_id})
        deals = await self._objects.numbered({number for i in interactions for number in i.deal_numbers})
        return {one.key: _place(one, partners, contacts, deals) for one in interactions}


def _place(
    said: Interaction, partners: Mapping[str, Known], contacts: Mapping[str, Known], deals: Mapping[str, Known]
) -> Place:
    linked: dict[str, list[str]] = {}

    def put(object_type: str, ids: Sequence[str]) -> None:
        known = linked.setdefault(object_type, [])
        known += [id_ for id_ in ids if id_ and id_ not in known]

    for number in said.deal_numbers:
        if (deal := deals.get(number)) is not None and not deal.archived:
            put(DEALS, [deal.hubspot_id])
    contact, partner = contacts.get(said.contact_id or ""), partners.get(said.partner_id or "")
    if contact is not None:
        put(CONTACTS, [contact.hubspot_id])
    if partner is not None:
        put(partner.object_type, [partner.hubspot_id])
        put(COMPANIES, partner.links(COMPANIES))
    return Place(
        {object_type: ids for object_type, ids in linked.items() if ids},
        _name(contact) or (partner.seen.get("name", "") if partner else ""),
        known=partner is not None or not said.partner_id,
    )


def _name(contact: Known | None) -> str:
    if contact is None:
        return ""
    return " ".join(filter(None, (contact.seen.get("firstname", ""), contact.seen.get("lastname", "")))).strip()
