"""Closing a period: earned lines that are on no statement become one statement for each currency, or are carried on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from crm.money import Money
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import Carried, WhyCarried
from knowledge.program import StatementRules

_PERIOD = 7  # signs of an ISO month


class Earned(Protocol):
    """As much of a line as closing looks at; `version` is that of its plan."""

    @property
    def key(self) -> str: ...

    @property
    def earned_on(self) -> date: ...

    @property
    def amount(self) -> Money: ...

    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement to be: its lines in their order, the sum of their rounded amounts, and the plans' versions."""

    number: str
    total: Money
    lines: tuple[str, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What a period came to for one partner; both by currency, the program's own first."""

    drafts: tuple[Draft, ...] = ()
    carried: tuple[Carried, ...] = ()


class PeriodError(ValueError):
    """This is no month that a statement can be made for; the message says what one looks like."""


def cut_off(period: str) -> date:
    """The last day of a period, an ISO month such as "2026-10". Raises PeriodError."""
    try:
        first = date.fromisoformat(f"{period}-01") if len(period) == _PERIOD else None
    except ValueError:
        first = None
    if first is None:
        raise PeriodError(f"{period!r} is no month; one looks like 2026-10")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def period_of(day: date) -> str:
    return day.isoformat()[:_PERIOD]


def month_before(day: date) -> str:
    return period_of(day.replace(day=1) - timedelta(days=1))


def next_period(period: str) -> str:
    return period_of(cut_off(period) + timedelta(days=1))


def due_period(today: date, rules: StatementRules) -> str:
    """The latest month whose statements are due by `today`: where a month is too short for the day, on its last day."""
    last = cut_off(period_of(today)).day
    begun = today.day >= min(rules.day_of_month, last)
    return month_before(today) if begun else month_before(today.replace(day=1) - timedelta(days=1))


def number_of(period: str, currency: str, own: str) -> str:
    """S-2026-10, or S-2026-10-USD where it is not in the program's own currency."""
    return f"S-{period}" if currency == own else f"S-{period}-{currency}"


def close(period: str, lines: Iterable[Earned], rules: StatementRules, rates: RateTable) -> Closing:
    """What these lines come to; `lines` are earned, on no live statement, and none of them is looked at twice.

    Lines after the period's end stay out, those from long before it do not. Nothing is due for a sum below the minimum
    (exactly the minimum is), for nothing, and for a negative one.
    """
    last = cut_off(period)
    by_currency: dict[str, list[Earned]] = {}
    for line in lines:
        if line.earned_on <= last:
            by_currency.setdefault(line.amount.currency, []).append(line)
    own = rules.minimum_payout.currency
    drafts, carried = list[Draft](), list[Carried]()
    for currency in sorted(by_currency, key=lambda c: (c != own, c)):
        of_it = by_currency[currency]
        total = Money(sum((line.amount.amount for line in of_it), Decimal(0)), currency)
        keys = tuple(line.key for line in of_it)
        if why := why_carried(total, minimum(currency, last, rules, rates)):
            carried.append(Carried(total, why, keys))
        else:
            drafts.append(Draft(number_of(period, currency, own), total, keys, _versions(of_it)))
    return Closing(tuple(drafts), tuple(carried))


def minimum(currency: str, day: date, rules: StatementRules, rates: RateTable) -> Money:
    """The minimum payout in a currency by that day's stored rate, rounded; its bare figure where no rate is stored."""
    least = rules.minimum_payout
    if currency == least.currency:
        return least
    rate = rates.on(currency, day)
    return Money(least.amount / rate.rate if rate else least.amount, currency).rounded()


def why_carried(total: Money, least: Money) -> WhyCarried | None:
    """Why a sum is not paid yet, None where it is; `least` is the minimum in its currency."""
    if total.amount < 0:
        return WhyCarried.NEGATIVE
    return WhyCarried.BELOW_MINIMUM if total < least or not total.amount else None


def _versions(lines: Sequence[Earned]) -> tuple[str, ...]:
    return tuple(sorted({line.version for line in lines}))


def sums(amounts: Iterable[Money]) -> Mapping[str, Money]:
    """The sum in each currency, the currencies in their alphabetical order."""
    found: dict[str, Money] = {}
    for amount in amounts:
        found[amount.currency] = found.get(amount.currency, Money.zero(amount.currency)) + amount
    return {currency: found[currency] for currency in sorted(found)}
