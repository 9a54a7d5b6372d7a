"""What partners other than the asking one have with a customer: for the vendor's checks, never for a partner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.claims import key_of
from bot.storage.codec import from_doc
from bot.storage.desk_tables import lead_offers
from bot.storage.tables import mirror, registrations
from bot.vocabulary.web_domains import registrable, web_domain
from crm.records import Deal, Lead, LeadSource, LeadState, ReasonCode, Registration, RegistrationState, Stage

_WAITING = [state.value for state in RegistrationState if state.waiting]
_NOT_PLACED_YET = (LeadState.OFFERED.value, LeadState.ACCEPTED.value, LeadState.UNPLACED.value)
_BLOCKED = (ReasonCode.CUSTOMER_IN_PROGRESS.value, ReasonCode.ALREADY_PROTECTED.value)


async def lock(connection: AsyncConnection, registration: Registration) -> None:
    """One decision about a customer at a time, to the end of the transaction. Locked after the partner's version."""
    query = text("select pg_advisory_xact_lock(hashtextextended(:customer, 0))")
    await connection.execute(query, {"customer": f"customer:{key_of(registration)}"})


async def rivals(connection: AsyncConnection, wanted: Registration) -> tuple[Registration, ...]:
    """Other partners' waiting registrations of the same customer for an overlapping product, in any waiting state.

    A draft that names no product yet may become one for any.
    """
    query = select(registrations.c.doc).where(
        registrations.c.partner_id != wanted.partner_id,
        registrations.c.state.in_(_WAITING),
        _of_customer(wanted),
    )
    found = (from_doc(Registration, doc) for doc in await connection.scalars(query.order_by(registrations.c.number)))
    key = key_of(wanted)
    return tuple(r for r in found if key and key_of(r) == key and _overlap(r, wanted))


def _of_customer(wanted: Registration) -> ColumnElement[bool]:
    """A first choice by what is indexed or short; the key decides."""
    own = registrable(web_domain(wanted.customer_domain))
    column = registrations.c.customer_domain
    return or_(column == own, column.endswith(f".{own}", autoescape=True)) if own else column == ""


def _overlap(one: Registration, other: Registration) -> bool:
    return not one.products or not other.products or bool(set(one.products) & set(other.products))


Resembles = Callable[[str, str, str], bool]
"""Whether a customer's name, domain and country (ISO 3166, "" where unknown) look like the one in question."""


async def standing(
    connection: AsyncConnection, partner_id: str, resembles: Resembles
) -> tuple[Registration | Deal, ...]:
    """What is open of others than this partner with a customer that `resembles` takes for like: their waiting and
    accepted registrations, and all open deals. Asked of the bare documents, since hardly any of them is.
    """
    states = [*_WAITING, RegistrationState.APPROVED.value]
    theirs = select(registrations.c.doc).where(
        registrations.c.partner_id != partner_id, registrations.c.state.in_(states)
    )
    near = [doc for doc in await connection.scalars(theirs.order_by(registrations.c.number)) if _like(doc, resembles)]
    made = [from_doc(Registration, doc) for doc in near]
    deals = select(mirror.c.doc).where(
        mirror.c.kind == "deal",
        mirror.c.partner_id != partner_id,
        mirror.c.doc["stage"].astext.in_([stage.value for stage in Stage if stage.open]),
    )
    numbers = {r.number for r in made}
    held = [doc for doc in await connection.scalars(deals.order_by(mirror.c.key)) if _like(doc, resembles)]
    return (*made, *(from_doc(Deal, doc) for doc in held if doc["number"] not in numbers))


def _like(doc: dict[str, Any], resembles: Resembles) -> bool:
    return resembles(doc["customer"], doc["customer_domain"], doc.get("customer_country", ""))


async def registered(connection: AsyncConnection, deals: Sequence[Deal]) -> dict[str, Registration]:
    """The registrations that these deals came from, by number: the same number, of the same partner."""
    owners = {deal.number: deal.partner_id for deal in deals if deal.partner_id}
    if not owners:
        return {}
    query = select(registrations.c.doc).where(registrations.c.number.in_(owners))
    found = (from_doc(Registration, doc) for doc in await connection.scalars(query))
    return {r.number: r for r in found if r.partner_id == owners[r.number]}


async def shared_leads(connection: AsyncConnection, partner_id: str) -> tuple[tuple[Lead, bool], ...]:
    """The vendor's own leads that somebody is offered or holds, and whether this partner was asked about each. What
    nobody took is named only where it was.
    """
    asked = select(lead_offers.c.lead_number).where(
        lead_offers.c.lead_number == mirror.c.id, lead_offers.c.partner_id == partner_id
    )
    query = select(mirror.c.doc, asked.exists().label("asked")).where(
        mirror.c.kind == "lead",
        mirror.c.doc["source"].astext == LeadSource.VENDOR.value,
        mirror.c.doc["state"].astext.in_(_NOT_PLACED_YET),
    )
    rows = (await connection.execute(query.order_by(mirror.c.id))).all()
    found = ((from_doc(Lead, row.doc), bool(row.asked)) for row in rows)
    return tuple((lead, was) for lead, was in found if was or lead.state is not LeadState.UNPLACED)


async def refusals_since(
    connection: AsyncConnection, partner_id: str, by: str, since: datetime, *, policy: bool = False
) -> int:
    """How many registrations of a partner were refused for somebody else's claim, by `by`, after `since`; with `policy`
    those that a rule of the program refused as well.
    """
    codes = (*_BLOCKED, ReasonCode.POLICY.value) if policy else _BLOCKED
    doc = registrations.c.doc
    query = select(doc["decided_at"].astext).where(
        registrations.c.partner_id == partner_id,
        registrations.c.state == RegistrationState.DECLINED.value,
        doc["decided_by"].astext == by,
        doc["code"].astext.in_(codes),
    )
    times = [datetime.fromisoformat(at) for at in await connection.scalars(query) if at]
    return sum(at > since for at in times)
