"""What a registered deal is worth over its term, so that a price a seat and month is not taken for the whole."""

from __future__ import annotations

from decimal import Decimal

from crm.money import Money
from crm.records import AmountBasis, Registration

_YEAR = 12


def worth(registration: Registration) -> Money | None:
    """The value over the term, over a year where none was said; None where no sum can be made of what was said."""
    amount = registration.amount
    if amount is None or not registration.currency:
        return None
    months = Decimal(registration.term_months or _YEAR)
    match registration.amount_basis:
        case AmountBasis.ANNUAL:
            amount = amount * months / _YEAR
        case AmountBasis.MONTHLY:
            amount = amount * months
        case AmountBasis.PER_SEAT_MONTH:
            if registration.quantity is None:
                return None
            amount = amount * registration.quantity * months
    return Money(amount, registration.currency)
