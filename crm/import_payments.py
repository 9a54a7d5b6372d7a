"""Reads payments and refunds from a CSV file: all of them, or every fault in it and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from crm import csv_sums
from crm.csv_sums import Faults, Selling, by_name, header_faults
from crm.csv_table import Row, Table
from crm.money import Money
from crm.records import Deal, Payment, PaymentKind, PaymentPart
from crm.same_again import Compared, compared

COLUMNS = (
    "payment", "deal", "invoice", "paid_on", "amount", "currency", "kind", "product", "period_start", "period_end",
    "refund_of",
)  # fmt: skip
_NEEDED = ("deal", "paid_on", "amount", "currency")
_SHOWN = 60
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A payment as its rows say it; `payment.refunds` is still the name that the file has for what is paid back."""

    line: int
    payment: Payment


@dataclass(frozen=True, slots=True)
class Drafted:
    """`left_out` counts rows of deals that the CRM does not have, where those are to be passed over."""

    drafts: tuple[Draft, ...] = ()
    faults: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def names(self) -> frozenset[str]:
        """Under which the CRM may have what the file is about."""
        ids = {draft.payment.id for draft in self.drafts}
        return frozenset(ids | {draft.payment.refunds for draft in self.drafts} - {""})

    @property
    def refunded_deals(self) -> frozenset[str]:
        return frozenset(draft.payment.deal_id for draft in self.drafts if draft.payment.refunds)


def named_deals(table: Table) -> frozenset[str]:
    """What the file calls deals: their numbers or ids, as they are written."""
    return frozenset(row.cells["deal"] for row in table.rows if "deal" in row.cells)


def draft_payments(table: Table, deals: Iterable[Deal], selling: Selling, *, skip_unknown: bool = False) -> Drafted:
    """`deals` are those that the CRM has of the named ones. Several rows of one payment id are its parts."""
    if unreadable := (*header_faults(table, COLUMNS, _NEEDED), *table.faults):
        return Drafted(faults=unreadable)
    reading = _Reading(by_name(tuple(deals)), selling, Faults(), skip_unknown)
    drafts = tuple(reading.payments(table))
    faults = reading.faults.told()
    return Drafted((), faults) if faults else Drafted(drafts, (), reading.left_out)


def settle(drafted: Drafted, known: Iterable[Payment]) -> Compared[Payment]:
    """What of it is new and what changes, once refunds have found what they pay back. `known` are the CRM's own: those
    of `drafted.names`, and all of `drafted.refunded_deals`.
    """
    held = {payment.id: payment for payment in known}
    faults = Faults()
    among = held | {draft.payment.id: draft.payment for draft in drafted.drafts}
    by_invoice: dict[tuple[str, str], list[Payment]] = {}
    for payment in among.values():
        if payment.invoice and payment.amount.amount > 0:
            by_invoice.setdefault((payment.deal_id, payment.invoice), []).append(payment)
    settled = [_settled(draft, held, among, by_invoice, faults) for draft in drafted.drafts]
    return compared(settled, held, faults.told())


def _settled(
    draft: Draft,
    held: Mapping[str, Payment],
    among: Mapping[str, Payment],
    by_invoice: Mapping[tuple[str, str], list[Payment]],
    faults: Faults,
) -> Payment:
    payment = draft.payment
    was = held.get(payment.id)
    if was is not None and was.deal_id != payment.deal_id:
        faults.add(draft.line, f"payment {payment.id[:_SHOWN]!r} is one of another deal in the CRM")
    if not payment.refunds:
        return payment
    named = among.get(payment.refunds)
    found = [named] if named else by_invoice.get((payment.deal_id, payment.refunds), [])
    if len(found) != 1 or found[0].deal_id != payment.deal_id or found[0].amount.amount < 0:
        many = "names several payments" if len(found) > 1 else "is no payment or invoice of this deal"
        faults.add(draft.line, f"refund_of {payment.refunds[:_SHOWN]!r} {many}, in the CRM or in this file")
        return payment
    return replace(payment, refunds=found[0].id)


@dataclass(slots=True)
class _Reading:
    deals: Mapping[str, Deal]
    selling: Selling
    faults: Faults
    skip_unknown: bool
    left_out: int = 0

    def payments(self, table: Table) -> Iterator[Draft]:
        seen: dict[str, int] = {}
        for rows in _grouped(table):
            read = [part for part in (self._part(row) for row in rows) if part is not None]
            if len(read) != len(rows):
                continue
            payment = self._joined(read)
            line = seen.setdefault(payment.id, rows[0].line)
            if line != rows[0].line:
                self.faults.add(rows[0].line, f"says the same as line {line}; give both a payment id if both are meant")
            yield Draft(rows[0].line, payment)

    def _part(self, row: Row) -> _Part | None:
        before = len(self.faults.found)
        deal = self.deals.get(row.cells.get("deal", "").casefold())
        if deal is None and self.skip_unknown and "deal" in row.cells:
            self.left_out += 1
            return None
        if deal is None:
            cell = row.cells.get("deal", "")
            self.faults.add(row.line, f"deal {cell[:_SHOWN]!r} is no deal's number or id in the CRM")
        part = self._read(row, deal)
        return part if len(self.faults.found) == before else None

    def _read(self, row: Row, deal: Deal | None) -> _Part | None:
        read = self._cell
        code = read(row, "currency", lambda: csv_sums.currency(row, self.selling))
        product = read(row, "product", lambda: csv_sums.product(row, self.selling))
        sold = (product,) if product else deal.products if deal else ()
        kind = read(row, "kind", lambda: csv_sums.kind(row, self.selling.kind(sold)))
        amount = read(row, "amount", lambda: csv_sums.amount(row, code or self.selling.currencies[0]))
        paid_on = read(row, "paid_on", lambda: csv_sums.needed_day(row, "paid_on"))
        start = read(row, "period_start", lambda: csv_sums.day(row, "period_start"))
        end = read(row, "period_end", lambda: csv_sums.day(row, "period_end"))
        names = [self._name(row, column) for column in _NAMES]
        if deal is None or code is None or kind is None or amount is None or paid_on is None or None in names:
            return None
        payment_id, invoice, refunds = (name or "" for name in names)
        part = _Part(
            row.line, deal, code, product or "", kind, amount, paid_on, start, end, payment_id, invoice, refunds
        )
        for fault in part.faults():
            self.faults.add(row.line, fault)
        return part

    def _cell(self, row: Row, column: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except ValueError as fault:
            self.faults.add(row.line, f"{column} {fault}")
            return None

    def _name(self, row: Row, column: str) -> str | None:
        return self._cell(row, column, lambda: csv_sums.name(row, column))

    def _joined(self, parts: list[_Part]) -> Payment:
        first = parts[0]
        for part in parts[1:]:
            for column in first.differing(part):
                self.faults.add(part.line, f"{column} is another than on line {first.line}, of the same payment")
        total = sum((part.amount for part in parts), Decimal(0))
        if not total:
            self.faults.add(first.line, "the parts of the payment come to zero")
        named = len(parts) > 1 or bool(first.product)
        return Payment(
            id=first.payment_id or first.derived_id(),
            deal_id=first.deal.id,
            partner_id=first.deal.partner_id,
            amount=Money(total, first.currency),
            received_on=first.paid_on,
            kind=first.kind,
            parts=tuple(PaymentPart(part.product, part.amount, part.kind) for part in parts) if named else (),
            period_start=first.start,
            period_end=first.end,
            refunds=first.refunds,
            invoice=first.invoice,
        )


_NAMES = ("payment", "invoice", "refund_of")


@dataclass(frozen=True, slots=True)
class _Part:
    """One row: a payment, or the part of one that is for a product."""

    line: int
    deal: Deal
    currency: str
    product: str
    kind: PaymentKind
    amount: Decimal
    paid_on: date
    start: date | None
    end: date | None
    payment_id: str
    invoice: str
    refunds: str

    def faults(self) -> Iterator[str]:
        if self.start and self.end and self.end < self.start:
            yield f"period_end {self.end} is before period_start {self.start}"
        if bool(self.start) is not bool(self.end):
            yield "a period needs both period_start and period_end"
        if self.refunds and self.amount > 0:
            yield f"amount {self.amount} is above zero, and a refund is below"
        held = self.deal.amount.currency if self.deal.amount else self.currency
        if held != self.currency:
            yield f"currency {self.currency} is not {held}, in which {self.deal.number} was sold"

    def differing(self, other: _Part) -> Iterator[str]:
        """In what a further row of the same payment may not differ; what it leaves empty stays as it is."""
        pairs = {
            "deal": (self.deal.id, other.deal.id),
            "currency": (self.currency, other.currency),
            "paid_on": (self.paid_on, other.paid_on),
            "invoice": (self.invoice, other.invoice or self.invoice),
            "refund_of": (self.refunds, other.refunds or self.refunds),
            "period_start": (self.start, other.start or self.start),
            "period_end": (self.end, other.end or self.end),
        }
        return (column for column, (mine, theirs) in pairs.items() if mine != theirs)

    def derived_id(self) -> str:
        """The same for the same invoice, sum and day, so that importing again changes nothing."""
        said = (self.deal.id, self.invoice, f"{self.amount.normalize():f}", self.currency, self.paid_on.isoformat())
        return f"payment-{hashlib.sha256('|'.join(said).encode()).hexdigest()[:16]}"


def _grouped(table: Table) -> Iterator[list[Row]]:
    """Rows of one payment id together, wherever they stand; each row without one alone."""
    groups: dict[str | int, list[Row]] = {}
    for row in table.rows:
        groups.setdefault(row.cells.get("payment", row.line), []).append(row)
    yield from groups.values()
