"""Which manager may decide on a payout: by region, and by amount in the program's currency."""

from __future__ import annotations

from crm.money import Money
from crm.records import Partner
from knowledge.program import Manager, Program


def may_not_decide_payout(who: Manager, partner: Partner, total: Money) -> str:
    """Why this manager may not decide about a sum for this partner; empty when he may."""
    if not who.approves:
        return f"{who.name} does not decide on payouts"
    if who.regions and partner.region not in who.regions:
        return f"{who.name} decides for {', '.join(who.regions)}; {partner.name} is in {partner.region or 'no region'}"
    return _beyond(who, who.approves_up_to, total) if who.approves_up_to else ""


def approver(program: Program, partner: Partner, total: Money) -> Manager | None:
    """The partner's own manager where he may decide it, else the nearest who may; None in a program without any."""
    able = [who for who in program.managers if not may_not_decide_payout(who, partner, total)]
    own = program.manager(partner.manager_email)
    if own is not None and own in able:
        return own
    regional = (who for who in able if who.regions)
    without_limit = (who for who in program.managers if who.approves and who.approves_up_to is None)
    return next(regional, None) or next(iter(able), None) or next(without_limit, None)


def _beyond(who: Manager, limit: Money, total: Money) -> str:
    up_to = f"{who.name} decides up to {limit.currency} {limit.amount:,.0f}"
    if total.currency != limit.currency:
        return f"{up_to}; this one is in another currency, so a manager without a limit decides"
    return "" if total <= limit else f"{up_to}; this one is {total.currency} {total.amount:,.2f}"
