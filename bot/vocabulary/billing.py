"""What a billing system tells of the vendor's invoices to customers, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.money import Money
from crm.records import PaymentKind


class InvoiceEventKind(StrEnum):
    PAID = "invoice.paid"
    REFUNDED = "invoice.refunded"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What part of a sum was for: `net` is above zero, in the event's currency; `product` as the sender calls it."""

    product: str
    net: Decimal
    kind: PaymentKind | None = None
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class InvoiceEvent:
    """`net` is what was paid, or paid back, without tax, and above zero for both; the lines, if any, come to it.

    `payment` is the payment's or refund's own id, `deal` the number or id that the sender has for it, `refund_of` the
    id of the payment that is paid back ("" where it is not said). `paid_on` is the vendor's day.
    """

    id: str
    kind: InvoiceEventKind
    payment: str
    invoice: str
    deal: str
    paid_on: date
    net: Money
    lines: tuple[InvoiceLine, ...] = ()
    refund_of: str = ""


class Taken(StrEnum):
    """taken: it counts; known: it came before; waiting: kept until its deal or payment is known; conflict: another
    event has its id.
    """

    TAKEN = "taken"
    KNOWN = "known"
    WAITING = "waiting"
    CONFLICT = "conflict"
