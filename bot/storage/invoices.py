"""Invoices that partners sent for their statements, each as it was read, with what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc, to_doc
from bot.storage.payout_tables import partner_invoices
from bot.vocabulary.money import InvoiceRead


@dataclass(frozen=True, slots=True)
class PartnerInvoice:
    """The file `sha256` of the message `inbox_id`; `statement_id` is "" where it was for none that we know."""

    partner_id: str
    statement_id: str
    inbox_id: str
    sha256: str
    read: InvoiceRead
    matched: bool
    received_at: datetime


async def keep(connection: AsyncConnection, invoice: PartnerInvoice) -> bool:
    """Once for each file of a message; False where it was kept before."""
    read = invoice.read
    made = insert(partner_invoices).values(
        partner_id=invoice.partner_id,
        statement_id=invoice.statement_id or None,
        inbox_id=invoice.inbox_id,
        sha256=invoice.sha256,
        number=to_doc(read)["number"],
        net=read.net.amount if read.net else None,
        currency=read.net.currency if read.net else "",
        matched=invoice.matched,
        doc=to_doc(read),
        received_at=invoice.received_at,
    )
    kept = made.on_conflict_do_nothing(index_elements=["inbox_id", "sha256"]).returning(partner_invoices.c.id)
    return await connection.scalar(kept) is not None


async def of_statement(connection: AsyncConnection, statement_id: str) -> tuple[PartnerInvoice, ...]:
    """In the order in which they came."""
    query = select(partner_invoices).where(partner_invoices.c.statement_id == statement_id)
    rows = await connection.execute(query.order_by(partner_invoices.c.received_at, partner_invoices.c.id))
    return tuple(_invoice(row) for row in rows)


async def matched_before(
    connection: AsyncConnection, partner_id: str, number: str, sha256: str, statement_id: str
) -> str | None:
    """The other statement of this partner that an invoice of this number, or this very file, was taken for; None for a
    new one. A number is the same however its letters and marks are written; "" is no number and no file.
    """
    folded = "".join(c for c in number.casefold() if c.isalnum())
    c = partner_invoices.c
    same_number = func.lower(func.regexp_replace(c.number, r"[^[:alnum:]]", "", "g")) == folded
    same = [*([same_number] if folded else []), *([c.sha256 == sha256] if sha256 else [])]
    if not same:
        return None
    query = select(c.statement_id).where(
        c.partner_id == partner_id, c.matched, c.statement_id != statement_id, or_(*same)
    )
    found: str | None = await connection.scalar(query.order_by(c.id).limit(1))
    return found


def _invoice(row: Row[Any]) -> PartnerInvoice:
    return PartnerInvoice(
        row.partner_id, row.statement_id or "", row.inbox_id, row.sha256, from_doc(InvoiceRead, row.doc), row.matched,
        row.received_at,
    )  # fmt: skip
