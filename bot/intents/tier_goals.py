"""What a tier takes, one line each, and where the partner is: for answers about the tier and for its reviews."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Decimal

from bot.intents.phrases import text
from bot.vocabulary.decisions import Value
from knowledge.program import Tier
from knowledge.tiers import TierFigures

_TWO_PLACES = Decimal("0.01")


def goals(found: TierFigures, wanted: Tier) -> tuple[Value, ...]:
    """One line for each thing that the tier takes: where the partner is, and what is missing."""
    gap, told = found.gap(wanted), list[Value]()
    if wanted.revenue is not None:
        key = "tier.revenue_gap" if gap.revenue.amount else "tier.revenue_met"
        told.append(text(key, have=found.revenue, needed=wanted.revenue, gap=gap.revenue))
    if wanted.csat is not None:
        key = "tier.csat_unknown" if found.csat is None else "tier.csat_gap" if gap.csat else "tier.csat_met"
        told.append(text(key, have=_mark(found.csat), needed=wanted.csat, gap=_up(gap.csat)))
    if wanted.certified_people:
        key = "tier.people_gap" if gap.certified_people else "tier.people_met"
        told.append(text(key, have=found.certified_people, needed=wanted.certified_people, gap=gap.certified_people))
    return tuple(told)


def _mark(csat: Decimal | None) -> Value:
    """Cut, not rounded: 4.29 and a bit is not 4.3."""
    if csat is None:
        return ""
    return csat if _short(csat) else csat.quantize(_TWO_PLACES, ROUND_DOWN)


def _up(gap: Decimal) -> Decimal:
    return gap if _short(gap) else gap.quantize(_TWO_PLACES, ROUND_UP)


def _short(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -2
