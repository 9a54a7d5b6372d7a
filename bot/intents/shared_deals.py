"""Deals of others in which the partner took part: of them it hears the customer's name and what they bring itself."""

from __future__ import annotations

from bot.intents import earned
from bot.intents.customer import may_mean
from bot.intents.own_money import OwnMoney, expected, own_money
from bot.intents.phrases import text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from crm.money import Money
from crm.records import Deal, Stage
from knowledge.commission.derivation import Derivation

_MOST_DEALS = 5


def told(customer: str, facts: Facts) -> tuple[Outcome, ...]:
    """What each deal with that customer brings; () where the partner has no part in any."""
    deals = _with(customer, facts.money, facts) if facts.money else ()
    if facts.money is None or not deals:
        return ()
    own = own_money(facts, facts.money)
    return tuple(_told(deal, own, facts) for deal in deals)


def why(customer: str, amount: Money | None, facts: Facts) -> tuple[Outcome, ...]:
    """How the lines of these deals came about; what each brings where there is none yet."""
    deals = _with(customer, facts.money, facts) if facts.money else ()
    if facts.money is None or not deals:
        return ()
    own, outcomes = own_money(facts, facts.money), list[Outcome]()
    for deal in deals:
        outcomes += earned.why(_called(deal), own.of_shared(deal.id), (), amount) or [_told(deal, own, facts)]
    return tuple(outcomes)


def _with(customer: str, money: MoneyFacts, facts: Facts) -> tuple[Deal, ...]:
    """A lost one is none: it brings nothing, and how it ended is another partner's."""
    found = (
        deal
        for deal in money.account.deals
        if deal.partner_id != facts.partner.id
        and deal.stage is not Stage.LOST
        and may_mean(customer, deal.customer, deal.customer_domain)
    )
    return tuple(found)[:_MOST_DEALS]


def _told(deal: Deal, own: OwnMoney, facts: Facts) -> Outcome:
    called = _called(deal)
    if deal.stage is Stage.WON:
        return earned.of_lines(called, own.of_shared(deal.id), own.coming_of(deal.customer), own, facts)
    found = expected(facts, deal)
    if isinstance(found, Derivation):
        return Outcome("commission.quote_shared", {"deal": called, "result": found.result}, figures=True)
    return Outcome("commission.shared", {"deal": called}, figures=True)


def _called(deal: Deal) -> Value:
    """Its number is the other partner's."""
    return deal.customer or text("commission.such_a_deal")
