"""What the figures of a partner's tier are made of: the deals that count, and where marks and people come from."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intents.phrases import text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from crm.money import Money
from crm.records import Deal
from knowledge.commission.exchange import RateTable
from knowledge.tiers import TierProgress, counted_by_deal

_MOST = 12


def told(held: TierProgress, facts: Facts) -> Iterator[Outcome]:
    found = held.figures
    counted = _counted(held, facts)
    period: dict[str, Value] = {"start": found.window_start, "end": found.window_end}
    if counted:
        lines = tuple(text("tier.counted_deal", deal=_called(deal), amount=amount) for deal, amount in counted[:_MOST])
        values = period | {"deals": lines, "total": found.revenue}
        yield Outcome("tier.counted", values, figures=True)
        if more := counted[_MOST:]:
            rest = sum((amount for _, amount in more), Money.zero(found.revenue.currency))
            yield Outcome("tier.counted_more", {"count": len(more), "amount": rest}, figures=True)
    else:
        yield Outcome("tier.counted_none", period, figures=True)
    if found.uncounted:
        sums: dict[str, Value] = {"sums": found.uncounted, "currency": found.revenue.currency}
        yield Outcome("tier.other_currencies", sums, figures=True)
    if found.rated_projects:
        yield Outcome("tier.counted_marks", {"count": found.rated_projects}, figures=True)
    elif found.csat is not None:
        yield Outcome("tier.counted_mark", figures=True)
    yield Outcome("tier.counted_people", {"count": found.certified_people}, figures=True)


def _counted(held: TierProgress, facts: Facts) -> tuple[tuple[Deal, Money], ...]:
    found, money = held.figures, facts.money
    deals, payments = (money.account.deals, money.account.payments) if money else (facts.deals, facts.payments)
    rates = money.rates if money else RateTable(found.revenue.currency)
    until = min(found.window_end, facts.now.date())
    return counted_by_deal(facts.partner, deals, payments, rates, (found.window_start, until))


def _called(deal: Deal) -> Value:
    return text("line.named" if deal.customer else "line.number", number=deal.number, customer=deal.customer)
