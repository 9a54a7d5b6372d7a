"""Which manager may decide what: by region, and by amount in the program's currency."""

from __future__ import annotations

from crm.money import Money
from crm.records import Partner, Registration
from knowledge.program import Manager


def may_not_decide(who: Manager, partner: Partner, registration: Registration) -> str:
    """Why this manager may not decide this registration; empty when he may."""
    if not who.approves:
        return f"{who.name} does not decide registrations"
    if who.regions and partner.region not in who.regions:
        return f"{who.name} decides for {', '.join(who.regions)}; {partner.name} is in {partner.region or 'no region'}"
    if who.approves_up_to is None:
        return ""
    limit = f"{who.name} decides up to {who.approves_up_to.currency} {who.approves_up_to.amount:,.0f}"
    if registration.amount is None or registration.currency != who.approves_up_to.currency:
        return f"{limit}; this one is in another currency, so a manager without a limit decides"
    if who.approves_up_to < Money(registration.amount, registration.currency):
        return f"{limit}; this one is {registration.currency} {registration.amount:,.2f}"
    return ""
