"""Which partner a deal is of and which others had a part, out of what HubSpot says and what was written there last."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

from crm.adapters.hubspot.attribution import Parts, parts_of
from crm.records import Attribution, Deal, DealPartner

ATTRIBUTED = "attributed"
"""The name under which `objects.seen` of a deal has the partners as they were written last."""


def parts_text(parts: Parts) -> str:
    return json.dumps([[partner_id, kind.value] for partner_id, kind in parts])


def parts_from(text: str | None) -> Parts | None:
    """None where nothing was ever written."""
    return None if not text else tuple((partner_id, Attribution(kind)) for partner_id, kind in json.loads(text))


def known_parts(deal: Deal, partners: Collection[str]) -> Parts:
    """Those that HubSpot can hold: of partners that are in it."""
    said = parts_of(deal.partner_id, deal.attribution, deal.others)
    return tuple(part for part in said if part[0] in partners)


def without_copy(deal: Deal, attributed: Parts, before: str = "") -> Deal:
    """A deal that people made: it is of who sourced it, or of who alone had a part in it. Of several who did, it stays
    with the one that it was of `before`: in which order HubSpot names them says nothing.
    """
    if not attributed:
        return deal
    first, *_ = attributed
    partner_id, attribution = next((part for part in attributed if part == (before, first[1])), first)
    others = tuple(DealPartner(other, kind) for other, kind in attributed if other != partner_id)
    return replace(deal, partner_id=partner_id, attribution=attribution, others=others)


def reassigned(deal: Deal, attributed: Parts, written: Parts | None) -> Deal:
    """Our copy of a deal, with what people changed in HubSpot of who had a part in it.

    Where it is not known what was written, nothing in HubSpot means that it was not written yet.
    """
    if written is None:
        written = parts_of(deal.partner_id, deal.attribution, deal.others) if attributed else ()
    now, before = dict(attributed), dict(written)
    if now == before:
        return deal
    owner = _owner(deal, now, before)
    kind = now.get(owner, deal.attribution)
    return replace(deal, partner_id=owner, attribution=kind, others=_others(deal, owner, now, before))


def _owner(deal: Deal, now: dict[str, Attribution], before: dict[str, Attribution]) -> str:
    """The same as long as HubSpot does not say otherwise; else who sourced it, else who has come."""
    if deal.partner_id and (deal.partner_id in now or deal.partner_id not in before):
        return deal.partner_id
    come = [partner_id for partner_id in now if partner_id not in before]
    sourced = [partner_id for partner_id, kind in now.items() if kind is Attribution.SOURCED]
    if not deal.partner_id:
        return next((partner_id for partner_id in sourced if partner_id in come), "")
    return next(iter(sourced), "") or next(iter(come), "")


def _others(
    deal: Deal, owner: str, now: dict[str, Attribution], before: dict[str, Attribution]
) -> tuple[DealPartner, ...]:
    stays = [other for other in deal.others if other.partner_id in now or other.partner_id not in before]
    held = {
        other.partner_id: replace(other, attribution=now.get(other.partner_id, other.attribution)) for other in stays
    }
    for partner_id, kind in now.items():
        held.setdefault(partner_id, DealPartner(partner_id, kind))
    return tuple(other for other in held.values() if other.partner_id != owner)
