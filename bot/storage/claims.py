"""Who holds a customer for a product: one accepted registration each, held by the database whatever runs beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.desk_tables import claims
from bot.storage.tables import registrations
from bot.vocabulary.company_names import company_key
from crm.records import Registration, RegistrationState


@dataclass(frozen=True, slots=True)
class Claim:
    """An accepted registration's hold on a customer and product; for the vendor only."""

    number: str
    product: str
    company_key: str
    partner_id: str


def key_of(registration: Registration) -> str:
    """The customer of a registration as claims know it."""
    return company_key(registration.customer_domain, registration.customer, registration.customer_country)


async def claim(connection: AsyncConnection, registration: Registration, today: date) -> Claim | None:
    """Take the customer for each product of a registration that is being accepted.

    Returns whose claim stands in the way, and then nothing is taken. Somebody who claims the same at this moment is
    waited for. A claim whose protection ended before `today` stands in nobody's way.
    """
    key = key_of(registration)
    await _end_lapsed(connection, key, today)
    rows = _rows(registration, registration.products)
    if not rows or not key:
        return None
    made = insert(claims).values(rows)
    taken = made.on_conflict_do_update(
        index_elements=["number", "product"], set_={"company_key": made.excluded.company_key, "active": True}
    )
    while True:
        try:
            async with connection.begin_nested():
                await connection.execute(taken)
        except IntegrityError:
            # Who was faster has committed; when it is gone by now the way is free.
            if other := await _in_the_way(connection, registration):
                return other
        else:
            return None


def _rows(registration: Registration, products: Iterable[str]) -> list[dict[str, Any]]:
    key = key_of(registration)
    return [
        {"number": registration.number, "product": product, "company_key": key, "partner_id": registration.partner_id}
        for product in sorted(set(products))
    ]


async def release(connection: AsyncConnection, number: str) -> None:
    """The registration holds its customer no more."""
    held = (claims.c.number == number) & claims.c.active
    await connection.execute(update(claims).where(held).values(active=False))


async def holder(connection: AsyncConnection, key: str, product: str) -> Claim | None:
    """Who holds this customer for this product."""
    query = select(claims.c.number, claims.c.product, claims.c.company_key, claims.c.partner_id).where(
        claims.c.company_key == key, claims.c.product == product, claims.c.active
    )
    row = (await connection.execute(query)).one_or_none()
    return Claim(*row) if row else None


async def holders(connection: AsyncConnection, wanted: Registration, today: date) -> tuple[Registration, ...]:
    """Other registrations that hold this customer for one of these products today, in the order of their numbers."""
    query = (
        select(registrations.c.doc)
        .join(claims, claims.c.number == registrations.c.number)
        .where(
            claims.c.active,
            claims.c.company_key == key_of(wanted),
            claims.c.product.in_(wanted.products),
            claims.c.number != wanted.number,
        )
        .distinct()
    )
    found = (from_doc(Registration, doc) for doc in await connection.scalars(query))
    return tuple(sorted((r for r in found if protects(r, today)), key=lambda r: r.number))


def protects(registration: Registration, today: date) -> bool:
    """Accepted, and its last protected day is not over."""
    until = registration.protected_until
    return registration.state is RegistrationState.APPROVED and until is not None and until >= today


async def take_over(connection: AsyncConnection, today: date) -> None:
    """Claims for accepted registrations that came with the CRM or from an earlier version and have none yet.

    Where two of them hold one customer and product the first accepted one gets it, as the program says; the other is
    noted without a claim, so that it is not tried again.
    """
    known = select(claims.c.number).where(claims.c.number == registrations.c.number).exists()
    query = select(registrations.c.doc).where(registrations.c.state == RegistrationState.APPROVED.value, ~known)
    found = [from_doc(Registration, doc) for doc in await connection.scalars(query)]
    for one in sorted(found, key=lambda r: (str(r.decided_at or ""), r.number)):
        if not protects(one, today) or await claim(connection, one, today) is not None:
            await _pass_over(connection, one)


async def _pass_over(connection: AsyncConnection, registration: Registration) -> None:
    rows = [row | {"active": False} for row in _rows(registration, registration.products or ("",))]
    await connection.execute(insert(claims).values(rows).on_conflict_do_nothing())


async def _end_lapsed(connection: AsyncConnection, key: str, today: date) -> None:
    """A protection ends with its last day, also where nobody has noticed yet."""
    query = (
        select(registrations.c.doc)
        .join(claims, claims.c.number == registrations.c.number)
        .where(claims.c.active, claims.c.company_key == key)
        .distinct()
    )
    for doc in await connection.scalars(query):
        held = from_doc(Registration, doc)
        if not protects(held, today):
            await release(connection, held.number)


async def _in_the_way(connection: AsyncConnection, wanted: Registration) -> Claim | None:
    key = key_of(wanted)
    for product in sorted(set(wanted.products)):
        found = await holder(connection, key, product)
        if found is not None and found.number != wanted.number:
            return found
    return None
