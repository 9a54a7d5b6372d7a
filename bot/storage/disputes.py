"""What partners do not agree with: one open dispute a line at most, held by the database."""

from __future__ import annotations

from sqlalchemy import Text, cast, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc, to_doc
from bot.storage.payout_tables import disputes
from bot.storage.statements import is_id
from knowledge.commission.statement import Dispute, DisputeState


async def open_(connection: AsyncConnection, dispute: Dispute, thread_id: str | None) -> bool:
    """False where the line is in dispute already."""
    made = insert(disputes).values(
        id=dispute.id,
        partner_id=dispute.partner_id,
        statement_id=dispute.statement_id,
        line_key=dispute.line,
        state=dispute.state.value,
        doc=to_doc(dispute),
        thread_id=thread_id,
        opened_at=dispute.opened_at,
    )
    return await connection.scalar(made.on_conflict_do_nothing().returning(disputes.c.id)) is not None


async def save(connection: AsyncConnection, dispute: Dispute) -> None:
    change = update(disputes).where(disputes.c.id == dispute.id)
    await connection.execute(change.values(state=dispute.state.value, doc=to_doc(dispute)))


async def find(connection: AsyncConnection, dispute_id: str, *, lock: bool = False) -> Dispute | None:
    """For managers; partners' look-ups go through `of_partner`. None for what is no id."""
    if not is_id(dispute_id):
        return None
    query = select(disputes.c.doc).where(disputes.c.id == dispute_id)
    doc = await connection.scalar(query.with_for_update() if lock else query)
    return None if doc is None else from_doc(Dispute, doc)


async def of_partner(connection: AsyncConnection, partner_id: str) -> tuple[Dispute, ...]:
    """All that this partner ever opened, the latest first."""
    query = select(disputes.c.doc).where(disputes.c.partner_id == partner_id)
    docs = await connection.scalars(query.order_by(disputes.c.opened_at.desc(), disputes.c.id))
    return tuple(from_doc(Dispute, doc) for doc in docs)


async def in_state(connection: AsyncConnection, state: DisputeState, limit: int = 500) -> tuple[Dispute, ...]:
    """For managers, the oldest first."""
    query = select(disputes.c.doc).where(disputes.c.state == state.value).order_by(disputes.c.opened_at, disputes.c.id)
    return tuple(from_doc(Dispute, doc) for doc in await connection.scalars(query.limit(limit)))


async def beginning(connection: AsyncConnection, characters: str, limit: int = 10) -> tuple[Dispute, ...]:
    """For managers: those whose ids begin with these characters; none for what no id begins with."""
    wanted = characters.strip().lower()
    if not wanted or set(wanted) - set("0123456789abcdef-"):
        return ()
    query = select(disputes.c.doc).where(cast(disputes.c.id, Text).like(f"{wanted}%")).order_by(disputes.c.opened_at)
    return tuple(from_doc(Dispute, doc) for doc in await connection.scalars(query.limit(limit)))


async def thread_of(connection: AsyncConnection, dispute_id: str) -> str | None:
    """Where it was opened."""
    found: str | None = await connection.scalar(select(disputes.c.thread_id).where(disputes.c.id == dispute_id))
    return found
