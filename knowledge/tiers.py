"""How far a partner is from the next tier, by what the review coming up will see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.money import Money
from crm.records import Deal, Partner, Payment, Stage
from knowledge.program import Program, Tier

_MONTHS = 12
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class TierProgress:
    """Figures for the review on `next_review`, which looks at payments from `window_start` to `window_end` inclusive.

    `revenue` is won and collected, in the program's currency; `other_revenue` is what came in other currencies, which
    counts at a rate that is not known here. What is missing is for `next_tier`; all of it is zero when the tier is
    reached, and `next_tier` is None at the top. `missing_csat` is the whole mark where the partner has none yet.
    `keeps_tier` tells whether these figures would keep the present tier.
    """

    tier: Tier
    next_tier: Tier | None
    revenue: Money
    other_revenue: tuple[Money, ...]
    csat: Decimal | None
    certified_people: int
    missing_revenue: Money
    missing_csat: Decimal
    missing_certified: int
    next_review: date
    window_start: date
    window_end: date
    keeps_tier: bool

    @property
    def reached(self) -> bool:
        """Whether the figures so far are enough for the next tier."""
        nothing_missing = not (self.missing_revenue.amount or self.missing_csat or self.missing_certified)
        return self.next_tier is not None and nothing_missing


def next_review(today: date) -> date:
    """The first day of the next quarter; a review held today is no longer to come."""
    month = (today.month - 1) // _QUARTER * _QUARTER + 1 + _QUARTER
    return date(today.year + (month > _MONTHS), (month - 1) % _MONTHS + 1, 1)


def progress(
    partner: Partner, deals: Iterable[Deal], payments: Iterable[Payment], program: Program, today: date
) -> TierProgress:
    """Where `partner` stands. Raises KeyError for a tier that the program does not have.

    Counts payments (refunds with their sign) on the partner's won deals up to `today`; others' records are left out.
    """
    tier = program.tier(partner.tier) if partner.tier else program.tiers[0]
    review = next_review(today)
    start, end = _window(review, program.tier_rules.quarters_counted)
    won = {deal.id for deal in deals if deal.partner_id == partner.id and deal.stage is Stage.WON}
    totals = _totals(
        p
        for p in payments
        if p.partner_id == partner.id and p.deal_id in won and start <= p.received_on <= min(end, today)
    )
    revenue = totals.pop(program.vendor.currency, Money.zero(program.vendor.currency))
    above = _above(program, tier)
    missing = _missing(above, revenue, partner)
    return TierProgress(
        tier,
        above,
        revenue,
        tuple(totals[currency] for currency in sorted(totals)),
        partner.csat,
        partner.certified_people,
        *missing,
        review,
        start,
        end,
        keeps_tier=not any(_some(gap) for gap in _missing(tier, revenue, partner)),
    )


def _window(review: date, quarters: int) -> tuple[date, date]:
    months = review.year * _MONTHS + review.month - 1 - quarters * _QUARTER
    return date(months // _MONTHS, months % _MONTHS + 1, 1), review - timedelta(days=1)


def _totals(payments: Iterable[Payment]) -> dict[str, Money]:
    totals: dict[str, Money] = {}
    for payment in payments:
        currency = payment.amount.currency
        totals[currency] = totals.get(currency, Money.zero(currency)) + payment.amount
    return totals


def _above(program: Program, tier: Tier) -> Tier | None:
    place = program.tiers.index(tier) + 1
    return program.tiers[place] if place < len(program.tiers) else None


def _missing(tier: Tier | None, revenue: Money, partner: Partner) -> tuple[Money, Decimal, int]:
    """What is short of `tier`, nothing of it negative."""
    none = Money.zero(revenue.currency)
    if tier is None:
        return none, Decimal(0), 0
    short = tier.revenue - revenue if tier.revenue else none
    csat = (tier.csat or Decimal(0)) - (partner.csat or Decimal(0))
    return max(short, none), max(csat, Decimal(0)), max(tier.certified_people - partner.certified_people, 0)


def _some(gap: Money | Decimal | int) -> bool:
    return bool(gap.amount if isinstance(gap, Money) else gap)
