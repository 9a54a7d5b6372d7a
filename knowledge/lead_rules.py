"""To whom a lead of the vendor is offered next: by region, tier and whose turn it is, nobody twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crm.records import Lead, Partner
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner who can be reached, and when a lead was last offered to it (aware; None for never)."""

    partner: Partner
    last_offer: datetime | None = None


def next_partner(
    lead: Lead, candidates: Iterable[Candidate], asked: Collection[str], program: Program
) -> Partner | None:
    """Who is asked next, None where nobody is left. `asked` are the ids of those who were asked about this lead.

    The rules' `order` decides, the most important first; what it leaves open goes by the partner's id.
    """
    ranks = [_RANKS[name] for name in program.lead_rules.order]
    able = [c for c in candidates if c.partner.id not in asked and takes_part(c.partner, program)]
    chosen = min(able, key=lambda c: (*(rank(lead, c, program) for rank in ranks), c.partner.id), default=None)
    return chosen.partner if chosen else None


def takes_part(partner: Partner, program: Program) -> bool:
    """Whether leads are offered to partners of its tier."""
    tiers = {name.casefold() for name in program.lead_rules.tiers}
    return not tiers or partner.tier.casefold() in tiers


def _by_region(lead: Lead, candidate: Candidate, _: Program) -> tuple[int, float]:
    """Those of the lead's own region first; a lead without one is for everybody alike."""
    here = not lead.region or lead.region.casefold() == candidate.partner.region.casefold()
    return (0 if here else 1, 0.0)


def _by_tier(_: Lead, candidate: Candidate, program: Program) -> tuple[int, float]:
    """The highest tier first; the program names the lowest first."""
    names = [tier.name.casefold() for tier in program.tiers]
    tier = candidate.partner.tier.casefold()
    return (-names.index(tier) if tier in names else 1, 0.0)


def _by_turn(_: Lead, candidate: Candidate, __: Program) -> tuple[int, float]:
    """Who was never asked first, then who was asked the longest ago."""
    return (0, 0.0) if candidate.last_offer is None else (1, candidate.last_offer.timestamp())


_RANKS: Mapping[str, Callable[[Lead, Candidate, Program], tuple[int, float]]] = {
    "region": _by_region,
    "tier": _by_tier,
    "round_robin": _by_turn,
}
