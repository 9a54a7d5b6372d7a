"""Events of a billing system: each is kept once, and those that wait for a deal or a payment until it is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc, to_doc
from bot.storage.payout_tables import invoice_events
from bot.storage.tables import mirror
from bot.vocabulary.billing import InvoiceEvent

_LOCK = 0x496E_766F
_C = invoice_events.c


async def one_at_a_time(connection: AsyncConnection) -> None:
    """To the end of the transaction no other event is looked at: two that belong together may come at once, and each
    would take the other for missing.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def keep(connection: AsyncConnection, event: InvoiceEvent) -> InvoiceEvent:
    """The event of this id that is kept: this one, if there was none; `is` tells the two apart."""
    made = insert(invoice_events).values(id=event.id, kind=event.kind.value, doc=to_doc(event))
    new = await connection.scalar(made.on_conflict_do_nothing(index_elements=["id"]).returning(_C.id))
    if new is not None:
        return event
    return from_doc(InvoiceEvent, await connection.scalar(select(_C.doc).where(_C.id == event.id)))


async def wait(connection: AsyncConnection, event_id: str, waits_for: str) -> None:
    """Until there is a deal of that number or id, or a payment of that id."""
    await connection.execute(update(invoice_events).where(_C.id == event_id).values(waits_for=waits_for))


async def done(connection: AsyncConnection, event_id: str) -> None:
    await connection.execute(update(invoice_events).where(_C.id == event_id).values(waits_for=""))


async def any_waiting(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(select(select(_C.id).where(_C.waits_for != "").exists())))


async def awaited(connection: AsyncConnection, limit: int = 500) -> list[InvoiceEvent]:
    """Waiting events whose deal or payment is there by now, the oldest first."""
    deal = (_is("deal")) & or_(mirror.c.key == func.upper(_C.waits_for), mirror.c.id == _C.waits_for)
    payment = (_is("payment")) & (mirror.c.id == _C.waits_for)
    there = select(mirror.c.id).where(deal | payment).exists()
    query = select(_C.doc).where(_C.waits_for != "", there).order_by(_C.at, _C.id).limit(limit)
    return [from_doc(InvoiceEvent, doc) for doc in await connection.scalars(query)]


async def waiting_since(connection: AsyncConnection, before: datetime) -> list[tuple[InvoiceEvent, str]]:
    """Events that came before then and still wait, and for what."""
    query = select(_C.doc, _C.waits_for).where(_C.waits_for != "", _C.at < before).order_by(_C.at, _C.id)
    return [(from_doc(InvoiceEvent, row.doc), row.waits_for) for row in await connection.execute(query)]


def _is(kind: str) -> Any:
    """Written out, so that the planner knows which index serves."""
    return mirror.c.kind == literal_column(f"'{kind}'")
