"""The study of partners' deals against the vendor's own, from what the mirror holds of everybody."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, rates
from bot.storage.tables import registrations
from crm.records import Deal, Partner, RegistrationState
from knowledge.study import Filters, Study, study

_ACCEPTED = (RegistrationState.APPROVED.value, RegistrationState.EXPIRED.value)


async def of_all(connection: AsyncConnection, currency: str, filters: Filters) -> Study:
    """For managers only. A registration that was accepted keeps counting when its protection is over."""
    deals = await mirror.everyone(connection, Deal)
    partners = {partner.id: partner for partner in await mirror.everyone(connection, Partner)}
    query = select(registrations.c.number).where(registrations.c.state.in_(_ACCEPTED))
    accepted = frozenset(await connection.scalars(query))
    table = await rates.table(connection, currency)
    return study(deals, partners, accepted, table, filters)
