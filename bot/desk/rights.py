"""Which manager may decide what: by region, and by amount in the program's currency."""

from __future__ import annotations

from bot.desk.worth import worth
from crm.money import Money
from crm.records import Partner, Registration
from knowledge.program import Manager


def may_not_decide(who: Manager, partner: Partner, registration: Registration) -> str:
    """Why this manager may not decide this registration; empty when he may."""
    if not who.approves:
        return f"{who.name} does not decide registrations"
    if who.regions and partner.region not in who.regions:
        return f"{who.name} decides for {', '.join(who.regions)}; {partner.name} is in {partner.region or 'no region'}"
    return _beyond(who, who.approves_up_to, worth(registration)) if who.approves_up_to else ""


def _beyond(who: Manager, limit: Money, value: Money | None) -> str:
    up_to = f"{who.name} decides up to {limit.currency} {limit.amount:,.0f}"
    if value is None:
        return f"{up_to}; what this one is worth is not known, so a manager without a limit decides"
    if value.currency != limit.currency:
        return f"{up_to}; this one is in another currency, so a manager without a limit decides"
    return "" if value <= limit else f"{up_to}; this one is worth {value.currency} {value.amount:,.2f}"
