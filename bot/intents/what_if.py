"""What a deal would bring if it were another: more seats, a lower price, another tier. Nothing of it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.intents.phrases import text
from bot.vocabulary.decisions import Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import WhatIfFields
from crm.money import Money
from crm.records import AmountBasis
from knowledge.commission.account import Account, TierHistory, TierSince
from knowledge.commission.worth import DealLike
from knowledge.program import Program

_PER_SEAT = frozenset({AmountBasis.PER_SEAT_MONTH})
_YEAR = 12
_MOST_SEATS, _MOST_MONTHS = 10**6, 240


@dataclass(frozen=True, slots=True)
class Changed:
    """The deal as it would be, the account as it would be seen, and each change in words; `unclear` where a change
    cannot be worked out from what is known of the deal."""

    deal: DealLike
    account: Account
    changes: tuple[Value, ...]
    unclear: bool = False


def changed(deal: DealLike, wanted: WhatIfFields, account: Account, facts: Facts) -> Changed:
    made, unclear, said = deal, False, list[Value]()
    if wanted.months and 0 < wanted.months <= _MOST_MONTHS:
        made = replace(made, term_months=wanted.months)
        said.append(text("what_if.months", months=wanted.months))
    if wanted.seats and 0 < wanted.seats <= _MOST_SEATS:
        made, unclear = _with_seats(made, wanted.seats)
        said.append(text("what_if.seats", seats=wanted.seats))
    if wanted.less_percent and 0 < wanted.less_percent < 100:
        lower = _lower(made, wanted.less_percent, facts.program)
        unclear = unclear or lower is None
        made = lower or made
        said.append(text("what_if.less", percent=wanted.less_percent))
    if tier := _tier(wanted.tier, facts.program):
        partner = replace(account.partner, tier=tier)
        account = replace(account, partner=partner, tiers=TierHistory((TierSince(date.min, tier),)))
        said.append(text("what_if.tier", tier=tier))
    return Changed(made, account, tuple(said), unclear)


def _with_seats(deal: DealLike, seats: int) -> tuple[DealLike, bool]:
    """With as many seats at the same price for each; at list price where no value is known."""
    made = replace(deal, quantity=seats)
    if deal.amount is None or deal.basis in _PER_SEAT:
        return made, False
    if not deal.quantity or deal.quantity < 0:
        return replace(made, amount=None, basis=None), False
    amount = (deal.amount * Decimal(seats)).amount / deal.quantity
    return replace(made, amount=Money(amount, deal.amount.currency)), False


def _lower(deal: DealLike, percent: Decimal, program: Program) -> DealLike | None:
    """At so much less than its value, or than the list price of its seats; None where neither is known."""
    share = 1 - percent / 100
    if deal.amount is not None:
        return replace(deal, amount=deal.amount * share)
    prices = list(_list_prices(deal, program))
    if not prices or not deal.quantity or len({price.currency for price in prices}) != 1:
        return None
    year = sum((price.amount for price in prices), Decimal(0)) * deal.quantity * _YEAR
    return replace(deal, amount=Money(year * share, prices[0].currency), basis=AmountBasis.ANNUAL)


def _list_prices(deal: DealLike, program: Program) -> Iterator[Money]:
    """Of the subscriptions in it; what is sold once has a price of its own and earns by itself."""
    names = {name.casefold() for name in deal.products}
    return (p.list_price for p in program.products if p.name.casefold() in names and p.billing == "subscription")


def _tier(said: str | None, program: Program) -> str:
    try:
        return program.tier(said).name if said else ""
    except KeyError:
        return ""
