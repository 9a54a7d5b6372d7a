"""What was collected on a deal: payments by product and kind, and each refund as a part of the payment it pays back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.records import Payment, PaymentKind, PaymentPart
from knowledge.commission.derivation import Step
from knowledge.commission.periods import is_near
from knowledge.commission.worth import sane, sane_sum
from knowledge.program import Product

_NOTHING = Decimal(0)
_LONGEST = 1200 * 31  # days: a longer period of service is a slip of the pen

Weights = Mapping[PaymentKind, tuple[tuple[str, Decimal], ...]]


@dataclass(slots=True, eq=False)
class Cash:
    """A payment, or (negative) what a refund takes of one payment, `paid`.

    `items` sum up to `amount`. `start` and `end` are the period of service. `piece` tells apart what an unnamed refund
    takes of several payments. `guessed` says that the items were divided by list prices. `told` is how a sum
    that is only reckoned came about.
    """

    event: str
    on: date
    currency: str
    amount: Decimal
    items: tuple[PaymentPart, ...]
    start: date | None = None
    end: date | None = None
    paid: Cash | None = None
    piece: str = ""
    guessed: bool = False
    told: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Collected:
    """`unplaced` are refunds that named no payment of the deal, `unusable` payments with an absurd sum, or with parts
    that do not come to it.
    """

    cash: tuple[Cash, ...]
    unplaced: tuple[Payment, ...] = ()
    unusable: tuple[Payment, ...] = ()


def weights_of(products: Iterable[Product]) -> Weights:
    """How a payment without parts is divided among the deal's products of its kind: by their list prices."""
    every = tuple(products)
    recurring = _weights(tuple(p for p in every if p.billing == "subscription"))
    once = _weights(tuple(p for p in every if p.billing == "one_off"))
    return {PaymentKind.RECURRING: recurring, PaymentKind.RENEWAL: recurring, PaymentKind.ONE_OFF: once}


def _weights(products: tuple[Product, ...]) -> tuple[tuple[str, Decimal], ...]:
    whole = sum((p.list_price.amount for p in products), start=_NOTHING)
    even = Decimal(1) / len(products) if products else _NOTHING
    return tuple((p.name, p.list_price.amount / whole if whole else even) for p in products)


def collected(payments: Iterable[Payment], weights: Weights, *, earliest_first: bool = False) -> Collected:
    """Payments and refunds in their order.

    A refund without a named payment falls on the latest ones (or the earliest). None takes more than was paid.
    """
    ordered = sorted(payments, key=lambda p: (p.received_on, p.id))
    usable = [p for p in ordered if _is_usable(p)]
    unusable = tuple(p for p in ordered if p not in usable) if len(usable) < len(ordered) else ()
    paid = {p.id: _cash(p, weights) for p in usable if p.amount.amount >= 0}
    if len(paid) == len(usable):
        return Collected(tuple(paid.values()), (), unusable)
    left = {id_: cash.amount for id_, cash in paid.items()}
    every, unplaced = list(paid.values()), list[Payment]()
    for refund in (p for p in usable if p.amount.amount < 0):
        named = refund.refunds in paid
        if not named:
            unplaced.append(refund)
        targets = [paid[refund.refunds]] if named else _unnamed(refund, paid, earliest_first=earliest_first)
        every += _pieces(refund, targets, left)
    every.sort(key=lambda cash: (cash.on, cash.event, cash.piece))
    return Collected(tuple(every), tuple(unplaced), unusable)


def _is_usable(payment: Payment) -> bool:
    if not sane(payment.amount):
        return False
    parts = [part.amount for part in payment.parts]
    return not parts or (all(map(sane_sum, parts)) and sum(parts, start=_NOTHING) == payment.amount.amount)


def _cash(payment: Payment, weights: Weights) -> Cash:
    amount, shares = payment.amount.amount, weights[payment.kind]
    items = payment.parts or items_of(amount, shares, payment.kind)
    start, end = _period(payment)
    guessed = not payment.parts and len(shares) > 1
    return Cash(payment.id, payment.received_on, payment.amount.currency, amount, items, start, end, guessed=guessed)


def items_of(amount: Decimal, shares: tuple[tuple[str, Decimal], ...], kind: PaymentKind) -> tuple[PaymentPart, ...]:
    """`amount` by the shares of products; the last one takes the rest, and without any it is for none."""
    if len(shares) < 2:
        return (PaymentPart(shares[0][0] if shares else "", amount, kind),)
    items = [PaymentPart(name, amount * share, kind) for name, share in shares[:-1]]
    rest = amount - sum((item.amount for item in items), start=_NOTHING)
    return (*items, PaymentPart(shares[-1][0], rest, kind))


def _period(payment: Payment) -> tuple[date | None, date | None]:
    start, end = payment.period_start, payment.period_end
    if start is None or end is None or end < start or not is_near(end) or (end - start).days > _LONGEST:
        return None, None
    return start, end


def _unnamed(refund: Payment, paid: Mapping[str, Cash], *, earliest_first: bool) -> list[Cash]:
    known = [cash for cash in paid.values() if cash.on <= refund.received_on]
    return sorted(known, key=lambda cash: (cash.on, cash.event), reverse=not earliest_first)


def _pieces(refund: Payment, targets: list[Cash], left: dict[str, Decimal]) -> list[Cash]:
    rest, pieces = -refund.amount.amount, list[Cash]()
    for paid in targets:
        part = min(rest, left[paid.event])
        if part <= 0 or paid.currency != refund.amount.currency:
            continue
        left[paid.event] -= part
        rest -= part
        piece = "" if refund.refunds == paid.event else paid.event
        items = _taken(refund, paid, part)
        pieces.append(
            Cash(refund.id, refund.received_on, paid.currency, -part, items, paid.start, paid.end, paid, piece)
        )
    return pieces


def _taken(refund: Payment, paid: Cash, part: Decimal) -> tuple[PaymentPart, ...]:
    """The refund by product: as it says itself, else in the proportions of what was paid."""
    if refund.parts and part == -refund.amount.amount:
        return refund.parts
    items = paid.items
    if part == paid.amount:
        return tuple(PaymentPart(item.product, -item.amount, item.kind) for item in items)
    if len(items) == 1:
        return (PaymentPart(items[0].product, -part, items[0].kind),)
    taken = [PaymentPart(item.product, -part * (item.amount / paid.amount), item.kind) for item in items[:-1]]
    rest = -part - sum((item.amount for item in taken), start=_NOTHING)
    return (*taken, PaymentPart(items[-1].product, rest, items[-1].kind))
