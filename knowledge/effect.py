"""What another version of the program would mean for a partner: the commission of its open deals, and its tier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from crm.money import Money
from crm.records import Deal, Stage
from knowledge.commission.account import Account
from knowledge.commission.derivation import NoQuote, Reason
from knowledge.commission.exchange import RateTable
from knowledge.commission.expecting import expect
from knowledge.program import Program, Tier
from knowledge.programs import Programs
from knowledge.tiers import TierFigures, figures, next_review

_CLOSED = (Stage.WON, Stage.LOST)


@dataclass(frozen=True, slots=True)
class DealEffect:
    """What a deal would bring if it closed today as entered; None where no figure can be given, and then why."""

    number: str
    customer: str
    before: Money | None
    after: Money | None
    why_before: Reason | None = None
    why_after: Reason | None = None


@dataclass(frozen=True, slots=True)
class PartnerEffect:
    """`tier_before` and `tier_after` are what the figures so far are enough for at the next review; "" where unknown.

    `tier` is the one that the partner has.
    """

    partner_id: str
    partner: str
    tier: str
    tier_before: str
    tier_after: str
    deals: tuple[DealEffect, ...]

    def total(self, *, after: bool) -> dict[str, Decimal]:
        """By currency, over the deals of which both figures are known, so that the two totals compare."""
        sums: dict[str, Decimal] = {}
        for deal in self.deals:
            if deal.before is not None and deal.after is not None:
                chosen = deal.after if after else deal.before
                sums[chosen.currency] = sums.get(chosen.currency, Decimal(0)) + chosen.amount
        return sums

    @property
    def changed(self) -> bool:
        return self.tier_before != self.tier_after or any(deal.before != deal.after for deal in self.deals)


def effect(old: Program, new: Program, account: Account, rates: RateTable, today: date) -> PartnerEffect:
    """The partner's open deals as if each were registered under the one version, and under the other.

    A deal keeps the version that held on the day of its registration; what is compared is what deals like these bring.
    """
    partner = account.partner
    deals = (deal for deal in account.deals if deal.stage not in _CLOSED and deal.partner_id == partner.id)
    tiers = [_reached(program, account, rates, today) for program in (old, new)]
    return PartnerEffect(
        partner_id=partner.id,
        partner=partner.name,
        tier=partner.tier or old.tiers[0].name,
        tier_before=tiers[0],
        tier_after=tiers[1],
        deals=tuple(_deal(old, new, account, deal, rates, today) for deal in deals),
    )


def _deal(old: Program, new: Program, account: Account, deal: Deal, rates: RateTable, today: date) -> DealEffect:
    before, after = (expect(Programs((since_ever(program),)), account, deal, rates, today) for program in (old, new))
    return DealEffect(
        deal.number,
        deal.customer,
        None if isinstance(before, NoQuote) else before.result,
        None if isinstance(after, NoQuote) else after.result,
        before.reason if isinstance(before, NoQuote) else None,
        after.reason if isinstance(after, NoQuote) else None,
    )


def since_ever(program: Program) -> Program:
    """As if it had always held."""
    return replace(program, valid_from=None, plans=tuple(replace(plan, valid_from=None) for plan in program.plans))


def _reached(program: Program, account: Account, rates: RateTable, today: date) -> str:
    """The highest tier that the partner's figures are enough for; the lowest one takes nothing."""
    found = figures(
        account.partner, account.deals, account.payments, account.milestones, rates, program,
        next_review(today, program.vendor.calendar), today,
    )  # fmt: skip
    return next((tier.name for tier in reversed(program.tiers) if _enough(found, tier)), program.tiers[0].name)


def _enough(found: TierFigures, tier: Tier) -> bool:
    return found.gap(tier).closed
