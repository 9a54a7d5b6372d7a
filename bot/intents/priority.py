"""The time that counts among rivals: of the message that first named customer and contact, held for a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.intents.customer import may_mean, named_by_domain, same_customer
from bot.vocabulary.facts import Facts
from bot.vocabulary.web_domains import domain_key
from crm.records import Registration, RegistrationState
from knowledge.business_days import add_business_days, business_deadline, vendors_day
from knowledge.program import Program


def while_open(draft: Registration, before: Registration | None, facts: Facts) -> Registration:
    """The draft with its time, where it names customer and contact; `before` is how it stood, None where it is new.

    A draft that turns out to be about another customer has that time from now on: nobody holds one for a customer whom
    he had not named. Nor does anybody block customers by naming many: beyond the program's number of drafts that hold a
    time, a further one gets none.
    """
    if not _names_both(draft):
        return replace(draft, priority_at=None)
    held = before.priority_at if before is not None and _one_customer(before, draft) else None
    if held is None and _others_held(draft, facts) >= facts.program.deal_rules.held_at_most:
        return replace(draft, priority_at=None)
    return replace(draft, priority_at=held or _came(facts))


def when_complete(draft: Registration, facts: Facts) -> datetime:
    """The held time where the draft was completed while it was held, else that of the completion."""
    came, held = _came(facts), draft.priority_at
    if held is None or came >= _end_of_hold(held, facts.program):
        return came
    return min(held, came)


def after_answer(before: Registration, after: Registration, facts: Facts) -> datetime | None:
    """The time of a registration with what an answer to the vendor's question changed: what it did not cover before
    is registered with the answer. A product in place of another one is a correction.
    """
    was, now = set(before.products), set(after.products)
    return _came(facts) if len(now - was) > len(was - now) else before.priority_at


def held_until(draft: Registration, facts: Facts) -> date | None:
    """The last day, by the vendor's calendar, on which the draft still keeps its time; None where it holds none."""
    program, held = facts.program, draft.priority_at
    if held is None or _came(facts) >= _end_of_hold(held, program):
        return None
    return add_business_days(vendors_day(held, program.vendor), program.deal_rules.hold_business_days, program.vendor)


def _came(facts: Facts) -> datetime:
    """When the message came, in the vendor's zone; a clock that runs ahead of ours gains nothing."""
    return min(facts.came_at, facts.now).astimezone(facts.now.tzinfo)


def _end_of_hold(held: datetime, program: Program) -> datetime:
    return business_deadline(held, program.deal_rules.hold_business_days, program.vendor)


def _others_held(draft: Registration, facts: Facts) -> int:
    """How many other drafts of the partner hold a time now."""
    others = (r for r in facts.registrations if r.state is RegistrationState.DRAFT and r.number != draft.number)
    return sum(held_until(other, facts) is not None for other in others)


def _names_both(draft: Registration) -> bool:
    customer = draft.customer or draft.customer_domain
    return bool(customer and (draft.contact_name or draft.contact_email))


def _one_customer(before: Registration, after: Registration) -> bool:
    """Whether a fuller name or a newly known domain says the same customer more exactly.

    Under one domain an unlike name is the same customer only where the domain bears out the earlier one: else a time
    that was taken with any name would pass to whoever is named later.
    """
    domain, now_domain = domain_key(before.customer_domain), domain_key(after.customer_domain)
    if domain and now_domain and domain != now_domain:
        return False
    if not before.customer or not after.customer or _alike(before.customer, after.customer):
        return True
    return bool(domain and now_domain) and named_by_domain(before.customer, domain)


def _alike(name: str, other: str) -> bool:
    return same_customer(name, "", other, "") or may_mean(name, other, "") or may_mean(other, name, "")
