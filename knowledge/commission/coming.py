"""What won deals will still bring: what is paid for and waits, and what is not paid yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from crm.money import Money
from crm.records import Stage
from knowledge.commission.account import Account, Awaits, ToCome
from knowledge.commission.assumed import assumed_cash, left_of
from knowledge.commission.book import Book, elements_of
from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Step
from knowledge.commission.entries import Placed, placed
from knowledge.commission.moment import Moment
from knowledge.commission.series import Running


def coming(
    cases: Sequence[Case], found: Book, running: Mapping[str, Running], account: Account, today: date
) -> tuple[ToCome, ...]:
    """In the order in which it may come; `running` are the totals of each series, and go on from where they stand."""
    totals = dict(running)
    later = sorted(found.later, key=lambda p: (p.entry.on, p.entry.event, p.line_part))
    told = [_told(item, totals, account, item.awaits or Awaits.PERIOD) for item in later]
    for case in cases:
        if case.deal.stage is Stage.WON and not isinstance(case.worth, NoQuote):
            told += (_told(item, totals, account, awaits) for item, awaits in _unpaid(case, today))
    return tuple(item for item in told if item is not None)


def _unpaid(case: Case, today: date) -> Iterator[tuple[Placed, Awaits]]:
    """What the deal would earn by payments, and moments, that have not been yet."""
    start = case.start or case.won_on or today
    left = left_of(assumed_cash(case, start, yearly=True), case.cash)
    rest = replace(case, cash=tuple(left), assumed=True, told=())
    for element in elements_of(case):
        if not element.trigger.cash:
            for item in placed(rest, element):
                if isinstance(item, Placed) and item.entry.event == "assumed" and isinstance(element.trigger, Moment):
                    yield item, element.trigger.awaits
        else:
            for item in placed(rest, element):
                if isinstance(item, Placed) and (element.series == "deal" or item.entry.on <= today):
                    yield item, Awaits.PAYMENT


def _told(item: Placed, totals: dict[str, Running], account: Account, awaits: Awaits) -> ToCome | None:
    series = totals.setdefault(item.series, Running(account.partner.quarterly_target))
    trace = list[Step]()
    added = series.add(item, trace)
    if added.amount <= 0:
        return None
    case, entry = item.entry.case, item.entry
    on = entry.on if awaits is Awaits.PERIOD or entry.on > case.today else None
    return ToCome(
        case.number, case.deal.customer, case.plan.name, case.plan.version, item.line_part,
        Money(added.amount, added.currency), awaits, on, tuple(trace),
    )  # fmt: skip
