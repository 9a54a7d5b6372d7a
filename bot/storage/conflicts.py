"""Who has a customer already: asked under a lock when a registration is about to be accepted; for managers only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.tables import mirror, registrations
from crm.records import Deal, Registration, RegistrationState


async def taken(connection: AsyncConnection, registration: Registration, today: date) -> str:
    """Why the customer and product cannot be given away a second time; empty when they can.

    Locks the customer to the end of the transaction, so that two partners are never accepted at the same moment.
    """
    lock = text("select pg_advisory_xact_lock(hashtextextended(:customer, 0))")
    await connection.execute(lock, {"customer": f"customer:{registration.customer_domain}"})
    if other := await _protected(connection, registration, today):
        return f"{other.number} of another partner protects this customer and product until {other.protected_until}"
    if deal := await _older_deal(connection, registration):
        return f"there is an open deal with this customer that is older: {deal.number}, {deal.stage.value}"
    return ""


async def _protected(connection: AsyncConnection, wanted: Registration, today: date) -> Registration | None:
    query = select(registrations.c.doc).where(
        registrations.c.customer_domain == wanted.customer_domain,
        registrations.c.partner_id != wanted.partner_id,
        registrations.c.state == RegistrationState.APPROVED.value,
    )
    found = (from_doc(Registration, doc) for doc in await connection.scalars(query))
    return next((r for r in found if _still(r, today) and set(r.products) & set(wanted.products)), None)


def _still(registration: Registration, today: date) -> bool:
    return registration.protected_until is not None and registration.protected_until >= today


async def _older_deal(connection: AsyncConnection, wanted: Registration) -> Deal | None:
    """An open deal of anybody else with the customer, from before the registration was complete."""
    query = select(mirror.c.doc).where(
        mirror.c.kind == "deal",
        mirror.c.partner_id != wanted.partner_id,
        mirror.c.doc["customer_domain"].astext == wanted.customer_domain,
    )
    found = (from_doc(Deal, doc) for doc in await connection.scalars(query))
    asked = wanted.submitted_at.date() if wanted.submitted_at else None
    return next((d for d in found if d.stage.open and asked is not None and d.created_on < asked), None)
