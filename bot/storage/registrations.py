"""Registrations as the agent works on them; the CRM gets each change through the outbox."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc, to_doc
from bot.storage.crm_writes import SAVE_REGISTRATION
from bot.storage.outbox import Destination, OutboxState
from bot.storage.tables import mirror, outbox, registrations
from crm.records import Registration, RegistrationState


class NumberTaken(Exception):
    """Another partner's registration has this number."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A registration and the thread in which it came."""

    registration: Registration
    thread_id: str | None
    inbox_id: str | None


async def save(
    connection: AsyncConnection,
    registration: Registration,
    *,
    thread_id: str | None = None,
    inbox_id: str | None = None,
) -> None:
    """Insert or replace by number; where it came from is kept from the first time.

    Raises NumberTaken where the number became another partner's since it was drawn.
    """
    row = _columns(registration) | {"thread_id": thread_id, "inbox_id": inbox_id}
    written = await connection.scalar(_SAVE, row)
    if written is None:
        raise NumberTaken(registration.number)


async def adopt(connection: AsyncConnection, registration: Registration) -> None:
    """Take over one that the CRM holds and we have never seen; ours is never overwritten by an older state."""
    await connection.execute(_ADOPT, _columns(registration))


async def on_their_way(connection: AsyncConnection, numbers: Collection[str], since: datetime) -> frozenset[str]:
    """Those of which the CRM did not know our last word at `since`, by the database's clock."""
    if not numbers:
        return frozenset()
    number = outbox.c.payload["record"]["number"].astext
    sent = (outbox.c.state == OutboxState.SENT.value) & (outbox.c.sent_at >= since)
    query = select(number).where(
        outbox.c.destination == Destination.CRM.value,
        outbox.c.kind == SAVE_REGISTRATION,
        (outbox.c.state == OutboxState.PENDING.value) | sent,
        number.in_(list(numbers)),
    )
    return frozenset(await connection.scalars(query))


def _columns(registration: Registration) -> dict[str, Any]:
    """The record, and beside it what is searched for."""
    return {
        "number": registration.number,
        "partner_id": registration.partner_id,
        "contact_id": registration.contact_id,
        "state": registration.state.value,
        "customer": registration.customer,
        "customer_domain": registration.customer_domain,
        "decide_by": registration.decide_by,
        "doc": to_doc(registration),
    }


async def of_partner(connection: AsyncConnection, partner_id: str) -> tuple[Registration, ...]:
    docs = await connection.scalars(_OF_PARTNER, {"partner": partner_id})
    return tuple(from_doc(Registration, doc) for doc in docs)


async def find(connection: AsyncConnection, number: str, *, lock: bool = False) -> Kept | None:
    """One by its number, for managers; partners' look-ups go through `of_partner`."""
    query = select(registrations.c.doc, registrations.c.thread_id, registrations.c.inbox_id)
    query = query.where(registrations.c.number == number)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else Kept(from_doc(Registration, row.doc), row.thread_id, row.inbox_id)


async def in_states(
    connection: AsyncConnection, states: Collection[RegistrationState], limit: int = 500
) -> tuple[Registration, ...]:
    """For managers, those to be decided soonest first."""
    query = select(registrations.c.doc).where(registrations.c.state.in_([s.value for s in states]))
    ordered = query.order_by(registrations.c.decide_by.asc().nulls_last(), registrations.c.changed_at.desc())
    return tuple(from_doc(Registration, doc) for doc in await connection.scalars(ordered.limit(limit)))


async def fresh_numbers(connection: AsyncConnection, count: int) -> tuple[str, ...]:
    """Numbers nobody uses: `D-` and six random digits, so that none tells how many there are."""
    drawn = {f"D-{100_000 + secrets.randbelow(900_000)}" for _ in range(count + 8)}
    taken = set(await connection.scalars(_TAKEN, {"drawn": sorted(drawn)}))
    return tuple(sorted(drawn - taken, key=lambda _: secrets.randbits(32))[:count])


# Every message asks these: made once, they are not put together and compiled anew each time.
_ADOPT = insert(registrations).on_conflict_do_nothing(index_elements=["number"])
_MADE = insert(registrations)
_SAVE = _MADE.on_conflict_do_update(
    index_elements=["number"],
    set_={
        name: _MADE.excluded[name]
        for name in ("contact_id", "state", "customer", "customer_domain", "decide_by", "doc")
    }
    | {
        "thread_id": func.coalesce(registrations.c.thread_id, _MADE.excluded.thread_id),
        "inbox_id": func.coalesce(registrations.c.inbox_id, _MADE.excluded.inbox_id),
        "changed_at": func.now(),
    },
    where=registrations.c.partner_id == _MADE.excluded.partner_id,
).returning(registrations.c.number)
_OF_PARTNER = (
    select(registrations.c.doc)
    .where(registrations.c.partner_id == bindparam("partner"))
    .order_by(registrations.c.number)
)
_DRAWN = any_(bindparam("drawn", type_=ARRAY(Text)))
_TAKEN = union_all(
    select(registrations.c.number).where(registrations.c.number == _DRAWN),
    select(mirror.c.key).where(mirror.c.kind == "deal", mirror.c.key == _DRAWN),
)
