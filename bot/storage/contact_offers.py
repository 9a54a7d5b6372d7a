"""Unknown people at a known partner's domain, offered to its manager as contacts; one open offer for an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, timers
from bot.storage.desk_tables import contact_offers
from bot.storage.inbox import InboxState
from bot.storage.tables import inbox
from bot.storage.tables import mirror as mirrored
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message
from crm.records import Channel, Contact, Partner
from knowledge.deal_clock import Timer
from mail_ingest.address import of_organisation

OFFER = "contact_offer"
"""The kind of timer that puts an offer before the partner's manager."""
PER_DAY = 5  # of one partner's: whoever floods its domain with invented people does not flood its manager
_DAY = timedelta(days=1)
_NAME = 120  # characters
_RELEASED = 20  # messages of one person that are read again once he is let in


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ContactOffer:
    """`inbox_id` is the held message by which the person became known; `name` as that message says it."""

    inbox_id: str
    partner_id: str
    address: str
    name: str
    state: OfferState
    decided_by: str


async def offer(connection: AsyncConnection, message: Message, identity: Identity) -> Partner | None:
    """Note the sender of a message that is being held as a likely colleague of a partner, and whose.

    None where the domain is nobody's alone, where the address is or was a contact's, where it is offered already, or
    where its partner had its share for the day.
    """
    address = message.sender.address
    proven_stranger = identity.trust is Trust.UNKNOWN and identity.manager is None and bool(message.sender.proof)
    if message.channel is not Channel.EMAIL or not proven_stranger or not address:
        return None
    theirs = [p for p in await mirror.everyone(connection, Partner) if of_organisation(address, p.domains)]
    if len(theirs) != 1 or await _is_known(connection, address):
        return None
    partner, now = theirs[0], message.received_at
    await connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"contact_offers:{partner.id}"}
    )
    if await _offered_or_over(connection, partner.id, address, now):
        return None
    name = " ".join(message.sender.name.split())[:_NAME]
    made = insert(contact_offers).values(
        inbox_id=message.inbox_id, partner_id=partner.id, address=address, name=name, offered_at=now
    )
    await connection.execute(made.on_conflict_do_nothing(index_elements=["inbox_id"]))
    await timers.schedule(connection, Timer(f"{OFFER}:{message.inbox_id}", OFFER, message.inbox_id, now))
    return partner


async def is_elsewhere(connection: AsyncConnection, contact: Contact) -> bool:
    """Whether the address, or the record, is that of another partner's contact: an address names one person. So it is
    where somebody new has an address at a domain that another partner has as well.
    """
    same = (mirrored.c.key == contact.email) | (mirrored.c.id == contact.id)
    query = select(mirrored.c.partner_id).where(mirrored.c.kind == "contact", same)
    known = set(await connection.scalars(query))
    if known:
        return bool(known - {contact.partner_id})
    others = (p for p in await mirror.everyone(connection, Partner) if p.id != contact.partner_id)
    return any(of_organisation(contact.email, other.domains) for other in others)


async def find(connection: AsyncConnection, inbox_id: str, *, lock: bool = False) -> ContactOffer | None:
    c = contact_offers.c
    query = select(c.inbox_id, c.partner_id, c.address, c.name, c.state, c.decided_by).where(c.inbox_id == inbox_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return ContactOffer(**{**row._asdict(), "state": OfferState(row.state)}) if row else None


async def open_offers(connection: AsyncConnection) -> tuple[ContactOffer, ...]:
    """For managers, the oldest first."""
    c = contact_offers.c
    query = select(c.inbox_id, c.partner_id, c.address, c.name, c.state, c.decided_by)
    rows = await connection.execute(query.where(c.state == OfferState.OPEN.value).order_by(c.offered_at))
    return tuple(ContactOffer(**{**row._asdict(), "state": OfferState(row.state)}) for row in rows.all())


async def settle(connection: AsyncConnection, inbox_id: str, state: OfferState, by: str, now: datetime) -> None:
    """The caller holds the lock and has seen that it is open."""
    await connection.execute(
        update(contact_offers)
        .where(contact_offers.c.inbox_id == inbox_id)
        .values(state=state.value, decided_at=now, decided_by=by)
    )


async def held_of(connection: AsyncConnection, address: str) -> Sequence[str]:
    """The ids of held messages that this address wrote as far as that is proven, the oldest first."""
    query = (
        select(inbox.c.id)
        .where(
            inbox.c.state == InboxState.HELD.value,
            inbox.c.sender == address,
            func.coalesce(inbox.c.message["sender"]["proof"].astext, "") != "",
        )
        .order_by(inbox.c.received_at)
        .limit(_RELEASED)
    )
    return (await connection.scalars(query)).all()


async def _is_known(connection: AsyncConnection, address: str) -> bool:
    """Somebody who left is known as well: he is no new colleague."""
    query = select(mirrored.c.id).where(mirrored.c.kind == "contact", mirrored.c.key == address).limit(1)
    return await connection.scalar(query) is not None


async def _offered_or_over(connection: AsyncConnection, partner_id: str, address: str, now: datetime) -> bool:
    here = (contact_offers.c.address == address) & (contact_offers.c.state == OfferState.OPEN.value)
    lately = (contact_offers.c.partner_id == partner_id) & (contact_offers.c.offered_at > now - _DAY)
    query = select(func.count().filter(here), func.count().filter(lately)).select_from(contact_offers)
    waiting, today = (await connection.execute(query)).one()
    return bool(waiting) or today >= PER_DAY
