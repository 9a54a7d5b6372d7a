"""The history of attributions: what a deal's was, what it became, by whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from bot.storage.desk_tables import attributions
from bot.storage.tables import mirror as mirrored
from bot.storage.tables import registrations
from crm.records import Attribution, Deal


@dataclass(frozen=True, slots=True)
class Change:
    """`by` is a manager's address; `at` is aware."""

    number: str
    was: Attribution
    becomes: Attribution
    by: str
    reason: str
    at: datetime


async def note(connection: AsyncConnection, change: Change) -> None:
    made = insert(attributions).values(
        number=change.number, was=change.was.value, becomes=change.becomes.value, by=change.by, reason=change.reason,
        at=change.at,
    )  # fmt: skip
    await connection.execute(made)


async def of(connection: AsyncConnection, number: str) -> tuple[Change, ...]:
    """The changes of one deal or registration, the first one first."""
    c = attributions.c
    query = select(c.number, c.was, c.becomes, c.by, c.reason, c.at).where(c.number == number).order_by(c.id)
    return tuple(
        Change(row.number, Attribution(row.was), Attribution(row.becomes), row.by, row.reason, row.at)
        for row in (await connection.execute(query)).all()
    )


async def owner_of(connection: AsyncConnection, number: str) -> str:
    """Whose deal or registration has this number; "" for nobody's, and for the vendor's own."""
    deal = select(mirrored.c.partner_id).where(mirrored.c.kind == "deal", mirrored.c.key == number)
    registered = select(registrations.c.partner_id).where(registrations.c.number == number)
    return str(await connection.scalar(deal) or await connection.scalar(registered) or "")


async def mirrored_deal(connection: AsyncConnection, owner: str, number: str) -> Deal | None:
    """The partner's deal as we last saw or wrote it; the CRM may not know that yet."""
    return next((d for d in await mirror.of_partner(connection, Deal, owner) if d.number == number), None)
