"""Which of the partner's registrations a message means, by what it says of the customer; where several, it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.intents.customer import may_mean, same_customer
from bot.intents.draft import Checked
from bot.intents.own_deals import by_number
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request
from crm.records import Deal, Registration, RegistrationState


@dataclass(frozen=True, slots=True)
class Meant:
    """What a wish about a registration points at: `registrations`, the newest first; or `deal`, where no registration
    stands for it; or `unknown`, which says that nothing of the partner's has that name or number. `pointed_at` is False
    where the message names nothing and these are all there are.
    """

    registrations: tuple[Registration, ...] = ()
    deal: Deal | None = None
    unknown: Outcome | None = None
    pointed_at: bool = True


def registrations_meant(request: Request, facts: Facts) -> Meant:
    """By number, else by customer, else by the thread. What is somebody else's and what does not exist is told in the
    same words.
    """
    number = getattr(request.fields, "deal_ref", None) or ""
    customer = getattr(request.fields, "customer", None) or getattr(request.fields, "customer_domain", None) or ""
    if number:
        return _found(number, "status.no_such_deal", facts, by_its_number=True)
    if customer:
        return _found(customer, "status.no_such_customer", facts, by_its_number=False)
    here = [r for r in facts.registrations if r.number == facts.thread.subject_ref]
    if here:
        return Meant(tuple(here))
    standing = (r for r in facts.registrations if r.state.waiting or r.state is RegistrationState.APPROVED)
    return Meant(newest_first(standing), pointed_at=False)


def newest_first(registrations: Iterable[Registration]) -> tuple[Registration, ...]:
    return tuple(sorted(registrations, key=lambda r: (r.opened_at is not None, r.opened_at, r.number), reverse=True))


def _found(said: str, unknown: str, facts: Facts, *, by_its_number: bool) -> Meant:
    own = by_number(facts, said) if by_its_number else None

    def fits(record: Registration | Deal) -> bool:
        if by_its_number:
            return own is not None and own.number == record.number
        return may_mean(said, record.customer, record.customer_domain)

    registrations = newest_first(r for r in facts.registrations if fits(r))
    if registrations:
        return Meant(registrations)
    deal = next((d for d in facts.deals if fits(d)), None)
    return Meant(deal=deal) if deal is not None else Meant(unknown=Outcome(unknown, {"said": said}))


def names(checked: Checked, registration: Registration) -> bool:
    """Whether what was said names the customer of this registration."""
    customer = str(checked.said.get("customer", ""))
    return same_customer(customer, checked.domain, registration.customer, registration.customer_domain)


def which_draft(drafts: Sequence[Registration]) -> Decision:
    """The question which of several drafts is meant."""
    numbers = tuple(draft.number for draft in drafts)
    return Decision((), (Outcome("provide.which", {"drafts": listed(drafts)}, figures=True),), "draft_asked", numbers)


def listed(registrations: Iterable[Registration]) -> tuple[Value, ...]:
    """One line each: the number, the customer, and the products, by which two of one customer differ."""
    return tuple(_line(r) for r in registrations)


def _line(registration: Registration) -> Value:
    number, customer, products = registration.number, registration.customer, registration.products
    if not customer:
        return text("line.draft", number=number, customer=customer)
    if not products:
        return text("line.draft_of", number=number, customer=customer)
    return text("provide.draft_for", number=number, customer=customer, products=products)
