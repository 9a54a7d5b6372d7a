"""The lines that an account has earned and that are not posted yet, what is still to come, and what a person must see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm.records import Deal, Payment, PaymentKind, Stage
from knowledge.commission.account import Account, Earnings, Line
from knowledge.commission.collected import Collected, Kind
from knowledge.commission.derivation import Derivation
from knowledge.commission.exchange import RateTable
from knowledge.commission.plan import plans_for
from knowledge.commission.quote import DealLike, base_of
from knowledge.commission.rule import Base, Terms
from knowledge.commission.rules.referral import ReferralRule
from knowledge.program import Plan, Program
from knowledge.programs import Programs

_KINDS = {
    PaymentKind.RECURRING: Kind.RECURRING,
    PaymentKind.RENEWAL: Kind.RENEWAL,
    PaymentKind.ONE_OFF: Kind.ONE_OFF,
}


def earn(programs: Programs, account: Account, rates: RateTable, today: date) -> Earnings:
    """New lines by (day, payment); none of them is among the posted ones."""
    posted = {line.key for line in account.posted}
    lines = (line for deal in account.deals for line in _deal(programs.on(deal.created_on), account, deal, rates))
    new = [line for line in lines if line.key not in posted and line.earned_on <= today]
    return Earnings(tuple(sorted(new, key=lambda line: (line.earned_on, line.key))))


def _deal(program: Program, account: Account, deal: Deal, rates: RateTable) -> Iterator[Line]:
    plan = next((p for p in plans_for(program, account.partner) if p.rule == ReferralRule.name), None)
    base = base_of(program, DealLike.of(deal))
    if deal.stage is not Stage.WON or plan is None or program.commission is None or not isinstance(base, Base):
        return
    tier = account.tiers.on(deal.won_on or deal.created_on) or account.partner.tier
    rate = rates.on(base.first_year.currency, deal.won_on or deal.created_on)
    terms = Terms(program.tier(tier), program.commission, deal.attribution, rate.rate if rate else None)
    payments = sorted((p for p in account.payments if p.deal_id == deal.id), key=lambda p: (p.received_on, p.id))
    days = {payment.id: payment.received_on for payment in payments}
    collected = [Collected(p.amount, p.received_on, _KINDS[p.kind], days.get(p.refunds)) for p in payments]
    for payment, found in zip(payments, ReferralRule().earn(plan, base.first_year, collected, terms), strict=True):
        yield _line(account, deal, plan, payment, found, tier)


def _line(account: Account, deal: Deal, plan: Plan, payment: Payment, found: Derivation, tier: str) -> Line:
    return Line(
        key=f"{plan.id}@{plan.version}|{account.partner.id}|{deal.id}|{payment.id}|first_year",
        partner_id=account.partner.id,
        plan_id=plan.id,
        plan=plan.name,
        version=plan.version,
        series=f"{plan.id}@{plan.version}|deal|{deal.id}|first_year",
        event=payment.id,
        part="first_year",
        earned_on=payment.received_on,
        amount=found.result,
        base=payment.amount,
        rate=found.rate,
        tier=tier,
        steps=found.steps,
        deal_id=deal.id,
        deal_number=deal.number,
        customer=deal.customer,
    )
