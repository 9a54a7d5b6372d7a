"""The rate of a whole sum, kept so that whatever is paid back of it takes back what it had earned."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from knowledge.commission.rule import Sale


def rate_of(sale: Sale, reached: Callable[[], Decimal]) -> tuple[Decimal, bool]:
    """The rate of the payment that a refund takes back and True, else the one now reached."""
    cash = sale.entry.cash
    if cash is not None and cash.paid is not None and cash.paid.event in sale.memory:
        return sale.memory[cash.paid.event], True
    rate = sale.memory[sale.entry.event] = reached()
    return rate, False
