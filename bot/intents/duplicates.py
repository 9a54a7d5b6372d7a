"""Which of the partner's own registrations and deals are the same deal as one that it wants registered."""

from __future__ import annotations

from datetime import date

from bot.intents.customer import same_customer
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from crm.records import Deal, Registration, RegistrationState


def own_duplicate(wanted: Registration, facts: Facts) -> Registration | Deal | None:
    """The first of `own_duplicates`."""
    return next(iter(own_duplicates(wanted, facts)), None)


def own_duplicates(wanted: Registration, facts: Facts) -> tuple[Registration | Deal, ...]:
    """The partner's other open registrations and deals for the same customer and an overlapping product.

    Where no product is said, any product overlaps: pointing to the one that stands asks for it. What was refused or
    withdrawn, or whose protection is over, may be registered anew, even where its deal is still open.
    """
    today = facts.now.date()
    closed = {d.number for d in facts.deals if not d.stage.open}
    ended = {r.number for r in facts.registrations if not _stands(r, today)}
    registrations = [
        r for r in facts.registrations if r.number not in (wanted.number, *closed, *ended) and _alike(wanted, r)
    ]
    found = {r.number for r in registrations}
    deals = [d for d in facts.deals if d.stage.open and d.number not in ended | found and _alike(wanted, d)]
    return (*registrations, *deals)


def point_to(twin: Registration | Deal) -> Outcome:
    """The partner's own registration or deal, by its number and where it stands."""
    values: dict[str, Value] = {"customer": twin.customer, "number": twin.number}
    if isinstance(twin, Deal):
        return Outcome("register.deal_exists", values | {"stage": twin.stage}, figures=True)
    return Outcome("register.exists", values | {"state": twin.state}, figures=True)


def _alike(wanted: Registration, other: Registration | Deal) -> bool:
    if not same_customer(wanted.customer, wanted.customer_domain, other.customer, other.customer_domain):
        return False
    return not wanted.products or not other.products or bool(set(wanted.products) & set(other.products))


def _stands(registration: Registration, today: date) -> bool:
    """Waiting, or accepted and still protected."""
    if registration.state is RegistrationState.APPROVED:
        return registration.protected_until is None or registration.protected_until >= today
    return registration.state.waiting
