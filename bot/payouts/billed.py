"""What a billing system's event says, as payments on a deal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.vocabulary.billing import InvoiceEvent, InvoiceEventKind, InvoiceLine
from crm.csv_sums import Selling
from crm.money import Money
from crm.records import Deal, Payment, PaymentPart

_Period = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Waits:
    """Why an event cannot be taken up yet: `waits_for` names a deal or payment; `task` is what a manager is asked, ""
    for nothing.
    """

    waits_for: str
    task: str = ""


def payments_of(
    event: InvoiceEvent, deal: Deal | None, paid: Sequence[Payment], others: Iterable[Payment], selling: Selling
) -> tuple[Payment, ...] | Waits:
    """One payment for each period of service. `paid` are the deal's payments so far, `others` those of any deal that
    have an id which these payments would have.
    """
    if deal is None:
        return Waits(event.deal, f"{_called(event)} names the deal {event.deal!r}, which is not in the CRM")
    if deal.amount is not None and deal.amount.currency != event.net.currency:
        said = f"is in {event.net.currency}, and {deal.number} was sold in {deal.amount.currency}"
        return Waits(event.deal, f"{_called(event)} {said}")
    refunded = [payment for payment in paid if _is_of(payment, event.refund_of)] if event.refund_of else []
    if event.refund_of and not refunded:
        return Waits(event.refund_of)
    made = tuple(_payments(event, deal, refunded, selling))
    if fault := _clash(event, deal, made, paid, others):
        return Waits(event.deal, f"{_called(event)} {fault}")
    return made


def _clash(
    event: InvoiceEvent, deal: Deal, made: Sequence[Payment], paid: Sequence[Payment], others: Iterable[Payment]
) -> str:
    """Why it would undo what was told before instead of correcting it, "" where it would not."""
    known = {payment.id: payment for payment in others}
    same = [(payment, known[payment.id]) for payment in made if payment.id in known]
    if any(was.deal_id != deal.id for _, was in same):
        return f"has the payment id of another deal's: {event.payment!r}"
    if any((payment.amount.amount < 0) is not (was.amount.amount < 0) for payment, was in same):
        return f"has the id {event.payment!r} of what it is not: a refund and a payment need an id each"
    told = {payment.id for payment in made}
    left = [p.id for p in paid if p.id.startswith(f"{event.payment}#") and p.id not in told]
    return f"leaves out what was told of {', '.join(left)} before; correct these in the CRM" if left else ""


def ids_of(event: InvoiceEvent) -> tuple[str, ...]:
    """The ids that its payments have: its own, with a number from the second period on."""
    return tuple(_id(event, place) for place, _ in enumerate(_by_period(event.lines) or {(None, None): []}))


def _payments(event: InvoiceEvent, deal: Deal, refunded: Sequence[Payment], selling: Selling) -> Iterable[Payment]:
    sign = -1 if event.kind is InvoiceEventKind.REFUNDED else 1
    groups = _by_period(event.lines) or {(None, None): []}
    for place, ((start, end), lines) in enumerate(groups.items()):
        parts = tuple(_part(line, sign, selling) for line in lines)
        total = sum((part.amount for part in parts), Decimal(0)) if parts else event.net.amount * sign
        yield Payment(
            id=_id(event, place),
            deal_id=deal.id,
            partner_id=deal.partner_id,
            amount=Money(total, event.net.currency),
            received_on=event.paid_on,
            kind=parts[0].kind if parts else selling.kind(deal.products),
            parts=parts,
            period_start=start,
            period_end=end,
            refunds=_original(refunded, (start, end)),
            invoice=event.invoice,
        )


def _by_period(lines: Iterable[InvoiceLine]) -> dict[_Period, list[InvoiceLine]]:
    """The earliest period first, and with it what has none."""
    groups: dict[_Period, list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault((line.period_start, line.period_end), []).append(line)
    apart = groups.pop((None, None), [])
    ordered = {period: groups[period] for period in sorted(groups, key=_first_day)}
    if not ordered:
        return {(None, None): apart} if apart else {}
    first = next(iter(ordered))
    return ordered | {first: [*ordered[first], *apart]}


def _first_day(period: _Period) -> tuple[date, date]:
    return period[0] or date.min, period[1] or date.max


def _part(line: InvoiceLine, sign: int, selling: Selling) -> PaymentPart:
    """A product that the program does not know keeps its name: the engine then asks a person."""
    product = selling.products.get(line.product.casefold(), line.product)
    return PaymentPart(product, line.net * sign, line.kind or selling.kind((product,) if product else ()))


def _id(event: InvoiceEvent, place: int) -> str:
    return event.payment if place == 0 else f"{event.payment}#{place + 1}"


def _is_of(payment: Payment, name: str) -> bool:
    """Whether it is that payment, or a further period of it."""
    return payment.amount.amount > 0 and (payment.id == name or payment.id.startswith(f"{name}#"))


def _original(refunded: Sequence[Payment], period: _Period) -> str:
    """The payment of the same period, else the first one."""
    same = [payment for payment in refunded if (payment.period_start, payment.period_end) == period]
    return next((payment.id for payment in (*same, *refunded)), "")


def _called(event: InvoiceEvent) -> str:
    what = "A refund" if event.kind is InvoiceEventKind.REFUNDED else "A payment"
    return f"{what} of invoice {event.invoice or event.payment!r} over {event.net.amount} {event.net.currency}"
