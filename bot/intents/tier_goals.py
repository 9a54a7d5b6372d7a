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
        share = _share(found.revenue.amount, wanted.revenue.amount)
        told.append(text(key, have=found.revenue, needed=wanted.revenue, gap=gap.revenue, share=share))
    if wanted.csat is not None:
        key = "tier.csat_unknown" if found.csat is None else "tier.csat_gap" if gap.csat else "tier.csat_met"
        share = _share(found.csat or Decimal(0), wanted.csat)
        told.append(text(key, have=_mark(found.csat), needed=wanted.csat, gap=_up(gap.csat), share=share))
    if wanted.certified_people:
        key = "tier.people_gap" if gap.certified_people else "tier.people_met"
        have, needed = found.certified_people, wanted.certified_people
        share = _share(Decimal(have), Decimal(needed))
        told.append(text(key, have=have, needed=needed, gap=gap.certified_people, share=share))
    return tuple(told)


def _share(have: Decimal, needed: Decimal) -> Decimal:
    """How much of it is reached, for channels that draw it; cut, so that only what is reached looks so."""
    return (have / needed).quantize(_TWO_PLACES, ROUND_DOWN) if needed > 0 else Decimal(1)


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
