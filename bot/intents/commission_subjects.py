"""Which deal a question about commission means, with what the message says in place of what is on file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.intents.own_deals import by_customer, by_number, numbers_of, of_thread
from bot.intents.phrases import text
from bot.vocabulary.decisions import Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import CommissionFields
from crm.money import Money
from crm.records import Deal, Stage
from knowledge.commission.worth import DealLike

_MOST_DEALS = 5
_FOR = re.compile(
    r"\b(?:for|on|from|für|bei|pour|sur|chez|voor|op|bij|por|de|en)\s+(?P<name>[^\W\d_a-zß-öø-ÿ][\w-]{3,40})"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A deal to compute, and what it is called; `number` is empty for one that stands in the message only, `stage` is
    that of a deal computed as it is on file, which is then `held`.

    `unclear` says that it has a value whose currency is missing: its list price would then be a figure beside the deal.
    """

    called: Value
    deal: DealLike
    number: str = ""
    unclear: bool = False
    stage: Stage | None = None
    held: Deal | None = None


def subjects(wanted: CommissionFields, facts: Facts) -> tuple[Subject, ...]:
    """The own deals of the named customer, else what is stated, else the deal the thread is about."""
    if wanted.customer:
        own = named(wanted.customer, facts)
        if len(own) == 1:
            unclear = own[0].unclear and wanted.amount is None
            as_held = wanted.amount is None and not wanted.products
            stage, held = (own[0].stage, own[0].held) if as_held else (None, None)
            return (replace(own[0], deal=as_stated(own[0].deal, wanted), unclear=unclear, stage=stage, held=held),)
        if own:
            return own
    if wanted.amount is not None:
        called = wanted.customer or text("commission.such_a_deal")
        return (Subject(called, as_stated(DealLike(), wanted)),)
    return () if wanted.customer or wanted.products else _spoken_of(facts) or here(facts)


def _spoken_of(facts: Facts) -> tuple[Subject, ...]:
    """The own deals of the one customer that the words call by a part of its name, which no reader takes for one."""
    said = dict.fromkeys(found["name"] for found in _FOR.finditer(facts.words))
    found = [subjects for name in said if (subjects := named(name, facts))]
    return found[0] if len(found) == 1 else ()


def named(customer: str, facts: Facts) -> tuple[Subject, ...]:
    return tuple(of_number(number, facts) for number in numbers_of(by_customer(facts, customer))[:_MOST_DEALS])


def numbered(said: str, facts: Facts) -> tuple[Subject, ...]:
    found = by_number(facts, said)
    return (of_number(found.number, facts),) if found else ()


def here(facts: Facts) -> tuple[Subject, ...]:
    """The deal of the thread, if it is about one."""
    found = of_thread(facts)
    return (of_number(found.number, facts),) if found else ()


def as_stated(deal: DealLike, wanted: CommissionFields) -> DealLike:
    """The deal with what the message says in place of what is on file; another sum has no known basis."""
    if wanted.products:
        deal = replace(deal, products=wanted.products)
    if wanted.amount is None:
        return deal
    amount = Money(wanted.amount, (wanted.currency or "").upper())
    return deal if amount == deal.amount else replace(deal, amount=amount, basis=None)


def of_number(number: str, facts: Facts) -> Subject:
    """The own deal of that number, which there is, or its registration."""
    deal = next((d for d in facts.deals if d.number == number), None)
    if deal is not None:
        called = text("line.named", number=number, customer=deal.customer)
        return Subject(called, DealLike.of(deal), number, stage=deal.stage, held=deal)
    registration = next(r for r in facts.registrations if r.number == number)
    money = Money(registration.amount, registration.currency) if registration.amount and registration.currency else None
    like = DealLike(
        registration.products, registration.quantity, money, registration.amount_basis, registration.term_months
    )
    unclear = registration.amount is not None and not registration.currency
    key = "line.named" if registration.customer else "line.number"
    return Subject(text(key, number=number, customer=registration.customer), like, number, unclear)
