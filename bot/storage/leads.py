"""Leads as the agent works on them: numbers of new ones, to whom each was offered, and where it is talked about."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, timers
from bot.storage import outbox as outbox_rows
from bot.storage.codec import from_doc
from bot.storage.crm_writes import SAVE_LEAD, lead_row
from bot.storage.desk_tables import lead_offers
from bot.storage.outbox import Destination, OutboxState
from bot.storage.tables import mirror as mirrored
from bot.storage.tables import outbox
from crm.records import Lead, LeadSource, LeadState, Registration
from knowledge.deal_clock import Timer

OFFER = "lead_offer"
"""The kind of timer that ends an offer."""
_NUMBERS = 8
_PLACING = 0x4C_6561_6473


class OfferState(StrEnum):
    """open -> accepted | declined | lapsed (nobody answered in time) | withdrawn (by the vendor).

    referred: no offer at all, but the partner's own lead, which is talked about in that thread.
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Offer:
    """A lead and a partner; `until` is the first moment at which it is too late to accept (aware)."""

    lead_number: str
    partner_id: str
    state: OfferState
    offered_at: datetime
    until: datetime | None
    thread_id: str | None


async def one_placer(connection: AsyncConnection) -> None:
    """Leads are placed one after the other, so that two never count on the same partner's turn; to the commit."""
    await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _PLACING})


async def offer(connection: AsyncConnection, number: str, partner_id: str, at: datetime, until: datetime) -> bool:
    """Note an offer; False where the partner was asked about this lead before, or somebody else is just now."""
    made = insert(lead_offers).values(
        lead_number=number, partner_id=partner_id, state=OfferState.OPEN.value, offered_at=at, until=until
    )
    noted = made.on_conflict_do_nothing().returning(lead_offers.c.lead_number)
    return await connection.scalar(noted) is not None


async def refer(connection: AsyncConnection, lead: Lead, thread_id: str | None) -> None:
    """Remember the thread in which the partner referred its lead; the first one stays."""
    made = insert(lead_offers).values(
        lead_number=lead.number, partner_id=lead.partner_id, state=OfferState.REFERRED.value, thread_id=thread_id
    )
    await connection.execute(made.on_conflict_do_nothing())


async def accept(connection: AsyncConnection, lead: Lead) -> bool:
    """The partner takes a lead that is offered to it; False where it is not, or not any more."""
    return await settle(connection, lead.number, lead.partner_id, OfferState.ACCEPTED)


async def decline(connection: AsyncConnection, number: str, partner_id: str) -> bool:
    """The partner does not want the lead that is offered to it; it is due at once for the next to be asked."""
    mine = next((o for o in await offers(connection, number) if o.partner_id == partner_id), None)
    if mine is None or not await settle(connection, number, partner_id, OfferState.DECLINED):
        return False
    await timers.schedule(connection, offer_timer(number, partner_id, mine.offered_at, declined=True))
    return True


def offer_timer(number: str, partner_id: str, due_at: datetime, *, declined: bool = False) -> Timer:
    """When the lead is offered to the next. It changes nobody's records before it looks whose, so it names none.

    A declined offer has one of its own: who declines never waits for a look at the other that is just being taken.
    """
    return Timer(f"{OFFER}:{number}:{partner_id}{':declined' if declined else ''}", OFFER, number, due_at)


async def talked_of_in(connection: AsyncConnection, number: str, partner_id: str, thread_id: str) -> None:
    """Remember the thread of an offer."""
    await connection.execute(update(lead_offers).where(*_of(number, partner_id)).values(thread_id=thread_id))


async def settle(connection: AsyncConnection, number: str, partner_id: str, state: OfferState) -> bool:
    """End the open offer; False where it is not open, or not any more. Of two who end it at once one does."""
    done = await connection.execute(
        update(lead_offers)
        .where(*_of(number, partner_id), lead_offers.c.state == OfferState.OPEN.value)
        .values(state=state.value)
    )
    return done.rowcount == 1


async def offers(connection: AsyncConnection, number: str) -> tuple[Offer, ...]:
    """Every partner that was asked about the lead, in the order of asking; or the one that referred it."""
    query = select(lead_offers).where(lead_offers.c.lead_number == number).order_by(lead_offers.c.offered_at)
    return tuple(_offer(row) for row in (await connection.execute(query)).all())


async def open_offer(connection: AsyncConnection, number: str) -> Offer | None:
    """The one that is open; the database holds that there is at most one."""
    return next((o for o in await offers(connection, number) if o.state is OfferState.OPEN), None)


async def last_offers(connection: AsyncConnection) -> Mapping[str, datetime]:
    """When each partner was last offered a lead."""
    offered = lead_offers.c.state != OfferState.REFERRED.value
    query = select(lead_offers.c.partner_id, func.max(lead_offers.c.offered_at).label("at")).where(offered)
    rows = (await connection.execute(query.group_by(lead_offers.c.partner_id))).all()
    return {row.partner_id: row.at for row in rows}


async def known_to(connection: AsyncConnection, partner_id: str, leads: Sequence[Lead]) -> tuple[Lead, ...]:
    """A partner's leads without those whose offer has ended: nobody accepts what is on its way to the next."""
    if not any(_offered(lead) for lead in leads):
        return tuple(leads)
    query = select(lead_offers.c.lead_number).where(
        lead_offers.c.partner_id == partner_id, lead_offers.c.state == OfferState.OPEN.value
    )
    still = set(await connection.scalars(query))
    return tuple(lead for lead in leads if not _offered(lead) or lead.number in still)


async def changed(connection: AsyncConnection, said: Sequence[Lead]) -> list[tuple[Lead, Lead]]:
    """(as it was, as it is) of those that somebody in the CRM changed; what is the same as ours is no change."""
    if not said:
        return []
    query = select(mirrored.c.doc).where(mirrored.c.kind == "lead", mirrored.c.id.in_([lead.number for lead in said]))
    known = {lead.number: lead for lead in (from_doc(Lead, doc) for doc in await connection.scalars(query))}
    return [(known[lead.number], lead) for lead in said if known.get(lead.number, lead) != lead]


async def on_their_way(connection: AsyncConnection, numbers: Collection[str]) -> frozenset[str]:
    """Those of which the CRM does not know our last word yet: what it says of them meanwhile is older."""
    if not numbers:
        return frozenset()
    number = outbox.c.payload["record"]["number"].astext
    query = select(number).where(
        outbox.c.destination == Destination.CRM.value,
        outbox.c.kind == SAVE_LEAD,
        outbox.c.state == OutboxState.PENDING.value,
        number.in_(list(numbers)),
    )
    return frozenset(await connection.scalars(query))


async def became_deal(connection: AsyncConnection, accepted: Registration) -> None:
    """The shared lead that an accepted registration came from is a deal now; the acceptance tells the partner."""
    lead = await mirror.one(connection, Lead, accepted.lead_number) if accepted.lead_number else None
    if lead is None or lead.state is not LeadState.ACCEPTED or lead.partner_id != accepted.partner_id:
        return
    converted = replace(lead, state=LeadState.CONVERTED, deal_number=accepted.number)
    await mirror.store(connection, [converted])
    await outbox_rows.put(connection, [lead_row(converted, f"converted:{accepted.number}")])


def fresh_numbers(count: int = _NUMBERS) -> tuple[str, ...]:
    """`L-` and eight random digits, so that none tells how many there are and two are hardly ever the same."""
    return tuple(f"L-{10_000_000 + secrets.randbelow(90_000_000)}" for _ in range(count))


def _offered(lead: Lead) -> bool:
    return lead.source is LeadSource.VENDOR and lead.state is LeadState.OFFERED


def _of(number: str, partner_id: str) -> tuple[ColumnElement[bool], ...]:
    return (lead_offers.c.lead_number == number, lead_offers.c.partner_id == partner_id)


def _offer(row: Row[Any]) -> Offer:
    return Offer(**{**row._asdict(), "state": OfferState(row.state)})
