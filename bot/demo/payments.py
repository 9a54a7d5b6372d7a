"""Makes the payments of won demo deals, as far as they are past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.demo.calendar import months_later
from bot.demo.pricing import PriceList
from crm.money import Money
from crm.records import Deal, Payment, PaymentKind, PaymentPart

_AFTER = timedelta(days=20)  # from the win to the first payment
_REFUND_AFTER = timedelta(days=30)
_REFUNDED = Decimal("-0.10")
_YEAR = 365
_MONTHS = 12


def payments_of(deal: Deal, a_year: int, prices: PriceList, today: date) -> Iterator[Payment]:
    """`a_year` equal payments in each year of the term; a single one where it is 1, or what was sold once."""
    if deal.won_on is None or deal.amount is None:
        return
    count = 1 if deal.term_months is None or a_year == 1 else a_year * deal.term_months // _MONTHS
    part = deal.amount if count == 1 else _part(deal.amount, a_year)
    for index in range(count):
        day = deal.won_on + _AFTER + timedelta(days=index * _YEAR // a_year)
        if day <= today:
            paid = Payment(f"{deal.id}-payment-{index + 1}", deal.id, deal.partner_id, part, day)
            yield _described(paid, deal, prices, index + 1, index * _MONTHS // a_year, _MONTHS // a_year)


def renewal_of(deal: Deal, prices: PriceList, day: date) -> Payment:
    """The second year of what is subscribed, paid on `day`; what was sold once is not in it."""
    assert deal.amount is not None
    assert deal.quantity is not None
    products = tuple(product for product in deal.products if prices.kind(product) is PaymentKind.RECURRING)
    amount = Money(prices.value(products, deal.quantity), deal.amount.currency)
    paid = Payment(f"{deal.id}-payment-2", deal.id, deal.partner_id, amount, day)
    paid = _described(paid, replace(deal, products=products), prices, 2, _MONTHS, _MONTHS)
    parts = tuple(replace(part, kind=PaymentKind.RENEWAL) for part in paid.parts)
    return replace(paid, kind=PaymentKind.RENEWAL, parts=parts)


def refund_of(payments: Iterable[Payment], today: date) -> Payment | None:
    """A tenth of the latest payment that is a month old, paid back within the time of the clawback."""
    old = [payment for payment in payments if payment.received_on + _REFUND_AFTER <= today]
    if not old:
        return None
    latest = max(old, key=lambda payment: (payment.received_on, payment.id))
    amount = (latest.amount * _REFUNDED).rounded()
    return replace(
        latest,
        id=f"{latest.partner_id}-refund",
        amount=amount,
        received_on=latest.received_on + _REFUND_AFTER,
        parts=_shared(amount, latest.parts),
        refunds=latest.id,
        invoice=f"{latest.invoice}-C",
    )


def _described(paid: Payment, deal: Deal, prices: PriceList, number: int, begins: int, months: int) -> Payment:
    """With its invoice, its parts where there are several, and the months of service where it is for such."""
    assert deal.won_on is not None
    kinds = [PaymentPart(product, prices.value((product,), 1), prices.kind(product)) for product in deal.products]
    paid = replace(
        paid,
        kind=kinds[0].kind,
        parts=_shared(paid.amount, kinds) if len(kinds) > 1 else (),
        invoice=f"INV-{deal.number.removeprefix('D-')}-{number}",
    )
    if all(part.kind is PaymentKind.ONE_OFF for part in kinds):
        return paid
    start = months_later(deal.won_on, begins)
    return replace(paid, period_start=start, period_end=months_later(start, months) - timedelta(days=1))


def _shared(amount: Money, parts: Iterable[PaymentPart]) -> tuple[PaymentPart, ...]:
    """The amount shared out as the parts are to each other; the last one takes what rounding leaves."""
    parts = tuple(parts)
    whole = sum((part.amount for part in parts), Decimal(0))
    made = [replace(part, amount=(amount * (part.amount / whole)).rounded().amount) for part in parts[:-1]]
    left = amount.amount - sum((part.amount for part in made), Decimal(0))
    return (*made, *(replace(part, amount=left) for part in parts[-1:]))


def _part(amount: Money, count: int) -> Money:
    return Money(amount.amount / count, amount.currency).rounded()
