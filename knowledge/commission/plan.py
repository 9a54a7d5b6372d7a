"""Which plans a partner is paid by, and what they pay at its tier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.records import Partner, PaymentKind
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.program import Plan, Product, Program, Tier


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """What a plan pays: `rate` is the main one with the tier's addition (None where it has several), `lines` all of it.

    `quotable` tells whether deals of this plan can be computed; every plan's can.
    """

    plan: str
    version: str
    tier: str
    added_points: Decimal
    rate: Decimal | None
    lines: tuple[RateLine, ...]
    quotable: bool = True


def plans_for(program: Program, partner: Partner, today: date | None = None) -> tuple[Plan, ...]:
    """The plans that apply, the main one first: the partner's own choice, then the default plan of each of its types.

    A chosen plan stands in for the default of the types it is for. A choice that the program does not know gives none,
    and so does a plan that is not yet valid `today`.
    """
    valid = tuple(plan for plan in program.plans if not today or not plan.valid_from or plan.valid_from <= today)
    chosen = tuple(plan for plan in valid if named(plan, partner.plan))
    if partner.plan and not chosen:
        return ()
    settled = {kind for plan in chosen for kind in plan.types}
    others = tuple(
        plan for kind in partner.types for plan in valid if plan.default and kind in plan.types and kind not in settled
    )
    return tuple({plan.id: plan for plan in (*chosen, *others)}.values())


def plan_named(program: Program, name: str, today: date) -> Plan | None:
    """The plan of that id or name that is valid on the day."""
    valid = (plan for plan in program.plans if not plan.valid_from or plan.valid_from <= today)
    return next((plan for plan in valid if named(plan, name)), None)


def pays_for(plan: Plan, products: tuple[Product, ...]) -> bool:
    """Whether a deal of these products (none: not known) may earn anything under the plan."""
    if plan.products:
        return any(product.name in plan.products for product in products)
    if not products:
        return True
    return any(
        element.trigger.covers(product.name, kind)
        for element in plan.elements
        for product in products
        for kind in kinds_of(product)
    )


def kinds_of(product: Product) -> tuple[PaymentKind, ...]:
    once = product.billing == "one_off"
    return (PaymentKind.ONE_OFF,) if once else (PaymentKind.RECURRING, PaymentKind.RENEWAL)


def collide(plans: tuple[Plan, ...], products: tuple[Product, ...]) -> bool:
    """Whether two plans would pay for the same money, so that a person has to say which one does."""
    seen = set[tuple[str, PaymentKind]]()
    money = [(p.name, kind) for p in products for kind in kinds_of(p)] or [("", kind) for kind in PaymentKind]
    for plan in plans:
        own = {pair for pair in money for element in plan.elements if element.trigger.covers(*pair)}
        if own & seen:
            return True
        seen |= own
    return False


def tier_of(program: Program, partner: Partner) -> Tier | None:
    """The partner's tier; the lowest where the CRM names none, None where it names one that does not exist."""
    return tier_named(program, partner.tier)


def tier_named(program: Program, name: str) -> Tier | None:
    if not name.strip():
        return program.tiers[0]
    try:
        return program.tier(name.strip())
    except KeyError:
        return None


def rate_for(program: Program, partner: Partner, today: date | None = None) -> RateAnswer | None:
    """What the partner's main plan pays; None without a plan or a known tier."""
    return next(iter(rates_for(program, partner, today)), None)


def rates_for(program: Program, partner: Partner, today: date | None = None) -> tuple[RateAnswer, ...]:
    """What each of the partner's plans pays."""
    tier = tier_of(program, partner)
    return tuple(plan_terms(program, plan, tier) for plan in plans_for(program, partner, today)) if tier else ()


def plan_terms(program: Program, plan: Plan, tier: Tier) -> RateAnswer:
    """What a plan pays at a tier, in the order in which it is told."""
    lines = tuple(line for element in plan.elements for line in element.told_at(tier))
    main = lines[0].values.get("rate") if lines and lines[0].key in _MAIN else None
    rate = main if isinstance(main, Decimal) else None
    if program.commission:
        lines = (*lines, RateLine(RateKey.INFLUENCED, {"rate": program.commission.influenced_rate}))
    return RateAnswer(plan.name, plan.version, tier.name, tier.added_points, rate, lines)


_MAIN = (
    RateKey.FIRST_YEAR, RateKey.OF_COLLECTED, RateKey.OF_DEAL, RateKey.OF_TOTAL, RateKey.OF_MONTH,
    RateKey.OF_NEW_MONTH, RateKey.OF_MARGIN,
)  # fmt: skip


def named(plan: Plan, name: str) -> bool:
    return bool(name) and name.strip().casefold() in (plan.id.casefold(), plan.name.casefold())
