"""Makes the payments of won demo deals, as far as they are past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from crm.money import Money
from crm.records import Deal, Payment

_AFTER = timedelta(days=20)  # from the win to the first payment
_REFUND_AFTER = timedelta(days=30)
_REFUNDED = Decimal("-0.10")
_YEAR = 365
_MONTHS = 12


def payments_of(deal: Deal, a_year: int, today: date) -> Iterator[Payment]:
    """`a_year` equal payments in each year of the term; a single one where it is 1, or what was sold once."""
    if deal.won_on is None or deal.amount is None:
        return
    count = 1 if deal.term_months is None or a_year == 1 else a_year * deal.term_months // _MONTHS
    part = deal.amount if count == 1 else _part(deal.amount, a_year)
    for index in range(count):
        day = deal.won_on + _AFTER + timedelta(days=index * _YEAR // a_year)
        if day <= today:
            yield Payment(f"{deal.id}-payment-{index + 1}", deal.id, deal.partner_id, part, day)


def refund_of(payments: Iterable[Payment], today: date) -> Payment | None:
    """A tenth of the latest payment that is a month old, paid back within the time of the clawback."""
    old = [payment for payment in payments if payment.received_on + _REFUND_AFTER <= today]
    if not old:
        return None
    latest = max(old, key=lambda payment: (payment.received_on, payment.id))
    return Payment(
        f"{latest.partner_id}-refund",
        latest.deal_id,
        latest.partner_id,
        (latest.amount * _REFUNDED).rounded(),
        latest.received_on + _REFUND_AFTER,
    )


def _part(amount: Money, count: int) -> Money:
    return Money(amount.amount / count, amount.currency).rounded()
