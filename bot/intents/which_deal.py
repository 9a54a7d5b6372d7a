"""Which of the partner's deals a message means: by number, by customer, or as the one its thread is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.intents.ask_deal_status import no_such_customer, no_such_deal
from bot.intents.customer import may_mean
from bot.intents.own_deals import OwnDeal, by_customer, by_number, numbers_of, of_thread, own_deals
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts

_MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Meant:
    """`sure` is False where number and customer do not belong together, or nothing was named and there is but one."""

    deal: OwnDeal
    sure: bool = True


def meant(reference: str | None, customer: str | None, facts: Facts) -> Meant | Decision:
    """The deal, or what is said instead: that there is none such, or the question which one."""
    if reference:
        deal = by_number(facts, reference)
        if deal is None:
            return no_such_deal(reference)
        return Meant(deal, sure=not customer or may_mean(customer, deal.customer, deal.domain))
    if customer:
        found = by_customer(facts, customer)
        return _one_of([d for d in found if d.open] or found, facts) if found else no_such_customer(customer)
    here = of_thread(facts)
    return Meant(here) if here else _only_one(facts)


def _one_of(candidates: Sequence[OwnDeal], facts: Facts) -> Meant | Decision:
    here = of_thread(facts)
    if len(candidates) == 1:
        return Meant(candidates[0])
    return Meant(here) if here in candidates and here is not None else which(candidates)


def _only_one(facts: Facts) -> Meant | Decision:
    candidates = [d for d in own_deals(facts) if d.open]
    if len(candidates) == 1:
        return Meant(candidates[0], sure=False)
    return which(candidates) if candidates else Decision((), (Outcome("status.none"),), "status_unknown")


def which(candidates: Sequence[OwnDeal]) -> Decision:
    shown = candidates[:_MOST_LISTED]
    lines = tuple(named(d.number, d.customer) for d in shown)
    return Decision((), (Outcome("update.which", {"deals": lines}, figures=True),), "deal_asked", numbers_of(shown))


def named(number: str, customer: str) -> Value:
    """What a deal is called in a sentence."""
    return text("line.named" if customer else "line.number", number=number, customer=customer)
