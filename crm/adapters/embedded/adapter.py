"""The embedded CRM behind `crm.ports.CrmPort`: one short transaction for each call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, Select, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import ReturningInsert

from crm.adapters.embedded import rows, tables
from crm.adapters.embedded.changes import read_changes
from crm.adapters.embedded.connections import connected, transaction
from crm.adapters.embedded.rows import storable
from crm.errors import CrmConflict, CrmRejected
from crm.ports import MISSING, Changes, CrmEvents, Standing
from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration

_Record = TypeVar("_Record")
_CURRENCIES = {"amount": "currency", "margin": "margin_currency", "replaces_mrr": "replaces_mrr_currency"}
_SUMS = {column: name for name, currency in _CURRENCIES.items() for column in (name, currency)}

ERASED = "[erased]"
"""Stands where something of a person was that the CRM was asked to forget."""
_ONE_WRITER = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("record"), 0)))
"""Lets one transaction at a time save a record: two that insert the same one, on a table with a second unique index,
may otherwise wait for each other and be ended as a deadlock.
"""


class EmbeddedCrm:
    """Keeps partners in PostgreSQL; `migrate` must have run. The engine stays its owner's, who disposes of it.

    A number belongs to one deal and to one registration of the whole CRM. Characters that PostgreSQL cannot hold
    (NUL, lone surrogates) are kept as U+FFFD.
    """

    name = "embedded"
    events: CrmEvents | None = None

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        return await read_changes(self._engine, cursor, limit)

    async def partner(self, partner_id: str) -> Partner | None:
        return await self._one(tables.partners, rows.to_partner, tables.partners.c.id == storable(partner_id))

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        mine = (tables.deals.c.partner_id == storable(partner_id)) & (tables.deals.c.number == storable(number))
        return await self._one(tables.deals, rows.to_deal, mine)

    async def contact(self, contact_id: str) -> Contact | None:
        return await self._one(tables.contacts, rows.to_contact, tables.contacts.c.id == storable(contact_id))

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        table = tables.registrations
        mine = (table.c.partner_id == storable(partner_id)) & (table.c.number == storable(number))
        return await self._one(table, rows.to_registration, mine)

    async def lead(self, number: str) -> Lead | None:
        return await self._one(tables.leads, rows.to_lead, tables.leads.c.number == storable(number))

    async def save_partner(self, partner: Partner) -> None:
        await self._save(tables.partners, rows.partner_row(partner))

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        table = tables.partners
        mine = table.c.id == storable(partner_id)
        async with transaction(self._engine) as connection:
            tier = await connection.scalar(select(table.c.tier).where(mine).with_for_update())
            if tier is None:
                raise CrmRejected("there is no such partner in the CRM")
            if tier not in (seen, wanted):
                raise CrmConflict(("tier",))
            if tier != wanted:
                await connection.execute(update(table).where(mine).values(tier=storable(wanted)))

    async def save_contact(self, contact: Contact) -> None:
        await self._save(tables.contacts, rows.contact_row(contact))

    async def opt_out(self, contact_id: str) -> None:
        table = tables.contacts
        change = update(table).where(table.c.id == storable(contact_id)).values(opted_out=True)
        async with transaction(self._engine) as connection:
            changed = (await connection.execute(change.returning(table.c.id))).first()
        if changed is None:
            raise CrmRejected("there is no such contact; it may have been removed")

    async def save_deal(self, deal: Deal) -> None:
        await self._save(tables.deals, rows.deal_row(deal))

    async def customer_deals(self, domain: str) -> list[Deal]:
        table = tables.deals
        if not domain:
            return []
        host = table.c.customer_domain
        theirs = (host == storable(domain)) | host.endswith(f".{storable(domain)}", autoescape=True)
        query = select(table).where(theirs).order_by(table.c.number)
        async with connected(self._engine) as connection:
            return [rows.to_deal(row) for row in (await connection.execute(query)).mappings()]

    async def update_deal(self, seen: Deal, wanted: Deal) -> None:
        table, before, after = tables.deals, rows.deal_row(seen), rows.deal_row(wanted)
        changes = {name: value for name, value in after.items() if value != before[name]}
        for name in {_SUMS[column] for column in changes.keys() & _SUMS.keys()}:
            # A sum of another currency is another sum.
            changes |= {name: after[name], _CURRENCIES[name]: after[_CURRENCIES[name]]}
        mine = (table.c.number == before["number"]) & table.c.partner_id.is_not_distinct_from(before["partner_id"])
        async with transaction(self._engine) as connection:
            held = (await connection.execute(select(table).where(mine).with_for_update())).mappings().first()
            if held is None:
                raise CrmRejected("the partner has no such deal in the CRM")
            if others := tuple(n for n, value in changes.items() if held[n] not in (before[n], value)):
                raise CrmConflict(tuple(dict.fromkeys(_SUMS.get(n, n) for n in others)))
            if changes:
                await connection.execute(update(table).where(mine).values(changes))

    async def save_lead(self, lead: Lead) -> None:
        await self._save(tables.leads, rows.lead_row(lead))

    async def save_payment(self, payment: Payment) -> None:
        await self._save(tables.payments, rows.payment_row(payment))

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        # In one order, so that two who save the same ones never wait for each other in a ring; each id once.
        made = {payment.id: rows.payment_row(payment) for payment in sorted(payments, key=lambda one: one.id)}
        if not made:
            return
        table = tables.payments
        insertion = insert(table).values(list(made.values()))
        upsert = insertion.on_conflict_do_update(
            index_elements=[table.c.id], set_=_all_but_key(table, insertion.excluded)
        )
        async with transaction(self._engine) as connection:
            await connection.execute(upsert)

    async def save_milestone(self, milestone: Milestone) -> None:
        await self._save(tables.milestones, rows.milestone_row(milestone))

    async def save_registration(self, registration: Registration) -> None:
        """Raises CrmRejected where another partner has the number: a registration never changes hands."""
        row = rows.registration_row(registration)
        async with transaction(self._engine) as connection:
            written = (await connection.execute(_save_registration(), row)).first()
        if written is None:
            raise CrmRejected("another registration has this number; choose a different number")

    async def log_interaction(self, interaction: Interaction) -> None:
        async with transaction(self._engine) as connection:
            await _log(connection, interaction)

    async def log_interactions(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._each(interactions, self.log_interaction)

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        wrong: dict[str, str] = {}
        async with connected(self._engine) as connection:
            for interaction in interactions:
                held = await _held(connection, interaction.key)
                if held is None:
                    wrong[interaction.key] = MISSING
                elif names := _differing(held, interaction):
                    wrong[interaction.key] = f"the CRM says otherwise: {', '.join(names)}"
        return wrong

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        async def anew(interaction: Interaction) -> None:
            log = tables.interactions
            async with transaction(self._engine) as connection:
                await connection.execute(delete(log).where(log.c.key == storable(interaction.key)))
                await _log(connection, interaction)

        return await self._each(interactions, anew)

    async def _each(
        self, interactions: Sequence[Interaction], write: Callable[[Interaction], Awaitable[None]]
    ) -> Mapping[str, str]:
        """What was refused, by key."""
        refused: dict[str, str] = {}
        for interaction in interactions:
            try:
                await write(interaction)
            except CrmRejected as fault:
                refused[interaction.key] = str(fault)
        return refused

    async def forget_copies(self, contact_id: str) -> int:
        """This is the CRM itself, and nobody else would: the contact stays as a closed one without name or address,
        its interactions as entries without words.
        """
        who, contact, log = storable(contact_id), tables.contacts, tables.interactions
        nobody = {"name": ERASED, "email": "", "phone": "", "slack_user_id": "", "active": False, "opted_out": True}
        silent = {
            "summary": ERASED, "body": "", "subject": "", "sender": "", "message_id": "", "link": "",
            "recipients": [], "files": [],
        }  # fmt: skip
        async with transaction(self._engine) as connection:
            person = await connection.execute(update(contact).where(contact.c.id == who).values(nobody))
            said = await connection.execute(update(log).where(log.c.contact_id == who).values(silent))
        return person.rowcount + said.rowcount

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        """Newest first. Entries of one instant are never torn apart, since the next page begins before it: a page
        may for that be longer than `limit`.
        """
        if before is not None and before.tzinfo is None:
            raise CrmRejected("before has no time zone")
        query = _timeline(storable(partner_id), deal_number and storable(deal_number), before, limit)
        async with connected(self._engine) as connection:
            found = (await connection.execute(query)).mappings().all()
        # Among entries of one instant the database keeps no order.
        newest_first = sorted(found, key=lambda row: (row["at"], row["position"]), reverse=True)
        return [rows.to_interaction(row, tuple(row["deal_numbers"])) for row in newest_first]

    async def standing(self) -> Standing:
        return Standing(self.name, "in the agent's own database")

    async def aclose(self) -> None:
        """Nothing to close: no connection is held between calls, and the engine is its owner's."""

    async def _one(
        self, table: Table, record: Callable[[RowMapping], _Record], condition: ColumnElement[bool]
    ) -> _Record | None:
        async with connected(self._engine) as connection:
            row = (await connection.execute(select(table).where(condition))).mappings().first()
        return None if row is None else record(row)

    async def _save(self, table: Table, row: dict[str, Any]) -> None:
        record = ":".join((table.name, *(row[column.name] for column in table.primary_key)))
        async with transaction(self._engine) as connection:
            await connection.execute(_ONE_WRITER, {"record": record})
            await connection.execute(_upsert(table), row)


@cache
def _upsert(table: Table) -> Insert:
    """Made once for each table: that costs as much as having it executed."""
    insertion = insert(table)
    return insertion.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_=_all_but_key(table, insertion.excluded),
    )


@cache
def _save_registration() -> ReturningInsert[tuple[str]]:
    table = tables.registrations
    insertion = insert(table)
    upsert = insertion.on_conflict_do_update(
        index_elements=[table.c.number],
        set_=_all_but_key(table, insertion.excluded),
        where=table.c.partner_id == insertion.excluded.partner_id,
    )
    return upsert.returning(table.c.number)


def _all_but_key(table: Table, excluded: Any) -> dict[str, Any]:
    kept = {column.name for column in table.primary_key} | {"change"}
    return {column.name: excluded[column.name] for column in table.columns if column.name not in kept}


async def _log(connection: AsyncConnection, interaction: Interaction) -> None:
    row = rows.interaction_row(interaction)
    once = insert(tables.interactions).values(row).on_conflict_do_nothing(index_elements=["key"])
    numbers = [
        {"interaction_key": row["key"], "position": position, "number": storable(number)}
        for position, number in enumerate(dict.fromkeys(interaction.deal_numbers))
    ]
    written = (await connection.execute(once.returning(tables.interactions.c.key))).first()
    if written is not None and numbers:
        await connection.execute(insert(tables.interaction_deals), numbers)


async def _held(connection: AsyncConnection, key: str) -> Interaction | None:
    log = tables.interactions
    query = select(log, _numbers().label("deal_numbers")).where(log.c.key == storable(key))
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else rows.to_interaction(row, tuple(row["deal_numbers"]))


def _differing(held: Interaction, wanted: Interaction) -> list[str]:
    """What is compared as it would be kept."""
    kept = rows.interaction_row(held), rows.interaction_row(wanted)
    names = [name for name in kept[0] if kept[0][name] != kept[1][name]]
    numbers = tuple(storable(number) for number in dict.fromkeys(wanted.deal_numbers))
    return names if held.deal_numbers == numbers else [*names, "deal_numbers"]


def _numbers() -> ScalarSelect[Any]:
    log, about = tables.interactions, tables.interaction_deals
    return (
        select(func.coalesce(func.array_agg(about.c.number).aggregate_order_by(about.c.position), []))
        .where(about.c.interaction_key == log.c.key)
        .scalar_subquery()
    )


def _timeline(partner_id: str, deal_number: str | None, before: datetime | None, limit: int) -> Select[Any]:
    log, about = tables.interactions, tables.interaction_deals
    query = select(log, _numbers().label("deal_numbers")).where(log.c.partner_id == partner_id)
    if deal_number is not None:
        of_deal = select(about.c.interaction_key).where(about.c.number == deal_number)
        query = query.where(log.c.key.in_(of_deal))
    if before is not None:
        query = query.where(log.c.at < before)
    return query.order_by(log.c.at.desc()).fetch(max(limit, 0), with_ties=True)
