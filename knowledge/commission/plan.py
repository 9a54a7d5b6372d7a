"""Which plans a partner is paid by, and what they pay at its tier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.records import Partner
from knowledge.commission.rule import RateKey, RateLine
from knowledge.commission.rules import RULES
from knowledge.program import Plan, Program, Tier


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """What a plan pays: `rate` is the main one with the tier's addition (None where it has several), `lines` all of it.

    `quotable` tells whether `quote` can compute deals of this plan.
    """

    plan: str
    version: str
    tier: str
    added_points: Decimal
    rate: Decimal | None
    lines: tuple[RateLine, ...]
    quotable: bool


def plans_for(program: Program, partner: Partner, today: date | None = None) -> tuple[Plan, ...]:
    """The plans that apply, the main one first: the partner's own choice, then the default plan of each of its types.

    A chosen plan stands in for the default of the types it is for. A choice that the program does not know gives none,
    and so does a plan that is not yet valid `today`.
    """
    valid = tuple(plan for plan in program.plans if not today or not plan.valid_from or plan.valid_from <= today)
    chosen = tuple(plan for plan in valid if _named(plan, partner.plan))
    if partner.plan and not chosen:
        return ()
    settled = {kind for plan in chosen for kind in plan.types}
    others = tuple(
        plan for kind in partner.types for plan in valid if program.applies_by_itself(plan, kind) and kind not in settled
    )
    return tuple({plan.id: plan for plan in (*chosen, *others)}.values())


def tier_of(program: Program, partner: Partner) -> Tier | None:
    """The partner's tier; the lowest where the CRM names none, None where it names one that does not exist."""
    if not partner.tier.strip():
        return program.tiers[0]
    try:
        return program.tier(partner.tier.strip())
    except KeyError:
        return None


def rate_for(program: Program, partner: Partner, today: date | None = None) -> RateAnswer | None:
    """What the partner's main plan pays; None without a plan or a known tier."""
    return next(iter(rates_for(program, partner, today)), None)


def rates_for(program: Program, partner: Partner, today: date | None = None) -> tuple[RateAnswer, ...]:
    """What each of the partner's plans pays."""
    tier = tier_of(program, partner)
    return tuple(_answer(program, plan, tier) for plan in plans_for(program, partner, today)) if tier else ()


def _answer(program: Program, plan: Plan, tier: Tier) -> RateAnswer:
    lines = RULES[plan.rule].rates(plan, tier)
    main = lines[0].values.get("rate") if lines and lines[0].key is RateKey.FIRST_YEAR else None
    if program.commission:
        lines = (*lines, RateLine(RateKey.INFLUENCED, {"rate": program.commission.influenced_rate}))
    rate = main if isinstance(main, Decimal) else None
    return RateAnswer(plan.name, plan.version, tier.name, tier.added_points, rate, lines, RULES[plan.rule].quotable)


def _named(plan: Plan, name: str) -> bool:
    return bool(name) and name.strip().casefold() in (plan.id.casefold(), plan.name.casefold())
