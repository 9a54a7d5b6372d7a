"""Whose deal it is: at most one partner sourced it (or several with shares), any number influenced it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from crm.records import Attribution, Deal


@dataclass(frozen=True, slots=True)
class Part:
    """The part that one partner had in a deal. `sharing` are the shares of all that sourced it, empty for one alone."""

    influenced: bool
    sharing: Mapping[str, Decimal | None] = field(default_factory=dict)


def part_of(deal: Deal, partner_id: str) -> Part | None:
    """The partner's part, None where it has none; who sourced a deal and influenced it, too, counts as its source."""
    sourced: dict[str, Decimal | None] = {}
    named = set[str]()
    if deal.partner_id:
        named.add(deal.partner_id)
        if deal.attribution is Attribution.SOURCED:
            sourced[deal.partner_id] = None
    for other in deal.others:
        named.add(other.partner_id)
        if other.attribution is Attribution.SOURCED:
            sourced[other.partner_id] = other.share
    if partner_id not in named:
        return None
    if partner_id not in sourced:
        return Part(influenced=True)
    return Part(influenced=False, sharing=sourced if len(sourced) > 1 else {})
