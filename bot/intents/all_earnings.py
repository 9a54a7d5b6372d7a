"""What all of a partner's deals bring: what stands where in each currency, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intents.earned import awaited, next_statement
from bot.intents.own_money import OwnMoney, Standing, all_expected, in_all, own_money
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from crm.money import Money
from crm.records import Deal
from knowledge.commission.closing import minimum, why_carried
from knowledge.commission.derivation import Derivation

_MOST_DEALS = 10


def decide(facts: Facts, money: MoneyFacts) -> Decision:
    own = own_money(facts, money)
    deals = [deal for deal in money.account.deals if deal.stage.open]
    open_deals = list(zip(deals, all_expected(facts, money, deals), strict=True))
    quoted = [(deal, found.result) for deal, found in open_deals if isinstance(found, Derivation)]
    rows = tuple(_rows(own, [amount for _, amount in quoted]))
    if not rows:
        return Decision((), (Outcome("commission.nothing_yet", figures=True),), "earnings_told")
    lines: list[Value] = [
        text("money.deal_to_come", deal=_named(d.deal_number, d.customer), amount=d.amount, awaits=awaited(d))
        for d in own.to_come
    ]
    win = text("awaits.win")
    lines += [
        text("money.deal_to_come", deal=_named(_own_number(deal, facts), deal.customer), amount=amount, awaits=win)
        for deal, amount in sorted(quoted, key=lambda pair: -pair[1].amount)
    ]
    outcomes = [Outcome("commission.all", {"sums": rows}, figures=True), *_next(own, facts, money)]
    if lines:
        outcomes.append(Outcome("commission.coming", {"lines": tuple(lines[:_MOST_DEALS])}, figures=True))
    left = len(lines) - _MOST_DEALS
    if left > 0:
        outcomes.append(Outcome("commission.coming_more", {"count": left}, figures=True))
    if unknown := len(open_deals) - len(quoted):
        outcomes.append(Outcome("commission.unquoted", {"count": unknown}, figures=True))
    return Decision((), tuple(outcomes), "earnings_told")


def carried(own: OwnMoney, facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    """What is earned and too little for a payout, or owed back, in each currency; the reason is told."""
    rules = facts.program.statements
    waiting = [one.line.amount for one in own.lines if own.standing(one) is Standing.EARNED]
    for total in in_all(waiting) if rules else ():
        assert rules is not None
        least = minimum(total.currency, facts.now.date(), rules, money.rates)
        if (why := why_carried(total, least)) and total.amount:
            yield Outcome(f"payout.{why.value}", {"total": total, "least": least}, figures=True)


def _next(own: OwnMoney, facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    """The next statement with what is on it so far, unless that is carried on."""
    reasons = tuple(carried(own, facts, money))
    rolled = {o.values["total"] for o in reasons}
    waiting = [one for one in own.lines if own.standing(one) is Standing.EARNED]
    days = sorted({day for one in waiting if (day := next_statement(one.line.earned_on, facts))})
    for day in days[:1]:
        sums = [
            total for total in in_all(one.line.amount for one in waiting) if total not in rolled and total.amount > 0
        ]
        if sums:
            yield Outcome("commission.next_statement", {"on": day, "total": tuple(sums)}, figures=True)
    yield from reasons


def _rows(own: OwnMoney, expected_sums: list[Money]) -> Iterator[Value]:
    """A line for each place where money stands; what the open deals bring comes first."""
    for standing in Standing:
        amounts = [one.line.amount for one in own.lines if own.standing(one) is standing]
        if standing is Standing.EXPECTED:
            amounts = expected_sums
        elif standing is Standing.PLANNED:
            amounts = [found.amount for found in own.to_come]
        totals = tuple(total for total in in_all(amounts) if total.amount)
        if totals:
            parts = (
                text("sum.total", value=text("money.sum", amount=totals)),
                text("sum.stands", value=text(f"standing_means.{standing.value}")),
            )
            yield text("line.sum", standing=text(f"standing.{standing.value}"), parts=parts)


def _own_number(deal: Deal, facts: Facts) -> str:
    """ "" for a deal of somebody else's in which the partner had a part: its number is that one's."""
    return deal.number if deal.partner_id == facts.partner.id else ""


def _named(number: str, customer: str) -> Value:
    if not number:
        return customer or text("commission.such_a_deal")
    return text("line.named" if customer else "line.number", number=number, customer=customer)
