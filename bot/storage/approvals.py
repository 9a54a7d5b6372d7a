"""Acceptances that wait for those of others: who of several approvers has accepted a registration so far."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.desk_tables import approvals
from crm.records import Registration


def round_of(registration: Registration) -> str:
    """Submitted again, a registration is accepted from the first approver on."""
    return registration.submitted_at.astimezone(UTC).isoformat() if registration.submitted_at else ""


async def add(connection: AsyncConnection, registration: Registration, manager_email: str) -> None:
    row = {"number": registration.number, "manager_email": manager_email.lower(), "round": round_of(registration)}
    await connection.execute(insert(approvals).values(row).on_conflict_do_nothing())


async def of_registration(connection: AsyncConnection, registration: Registration) -> tuple[str, ...]:
    """The addresses, lower case, in the order in which they accepted."""
    query = select(approvals.c.manager_email).where(
        approvals.c.number == registration.number, approvals.c.round == round_of(registration)
    )
    return tuple(await connection.scalars(query.order_by(approvals.c.at, approvals.c.manager_email)))
