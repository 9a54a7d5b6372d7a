"""Partners as the console shows them: their records from the mirror, their timelines from the CRM itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import DealView, PartnerRow, PartnerView, Reach
from bot.desk.slack_channels.pauses import in_a_line
from bot.operations.names import read_names
from bot.steps.look_up import manager_of
from bot.storage import absences, mirror, registrations, slack_channels, undeliverable
from bot.storage.tables import inbox
from bot.storage.tables import mirror as mirror_table
from crm.ports import CrmPort
from crm.records import Contact, Deal, Partner, RegistrationState
from knowledge.program import Program


async def rows(connection: AsyncConnection) -> tuple[PartnerRow, ...]:
    names = await read_names(connection)
    open_deals = await _open_deals(connection)
    waiting = await registrations.in_states(connection, [RegistrationState.SUBMITTED])
    last = select(inbox.c.partner_id, func.max(inbox.c.received_at)).group_by(inbox.c.partner_id)
    heard = {row[0]: row[1] for row in (await connection.execute(last)).all()}
    return tuple(
        PartnerRow(
            record=partner,
            contacts=sum(c.partner_id == partner.id for c in names.contacts.values()),
            open_deals=open_deals.get(partner.id, 0),
            waiting_registrations=sum(r.partner_id == partner.id for r in waiting),
            last_interaction=heard.get(partner.id),
        )
        for partner in sorted(names.partners.values(), key=lambda p: p.name.casefold())
    )


async def _open_deals(connection: AsyncConnection) -> dict[str, int]:
    still_open = mirror_table.c.doc["stage"].astext.not_in(["won", "lost"])
    query = select(mirror_table.c.partner_id, func.count()).where(mirror_table.c.kind == "deal", still_open)
    return {row[0]: row[1] for row in (await connection.execute(query.group_by(mirror_table.c.partner_id))).all()}


async def view(connection: AsyncConnection, crm: CrmPort, program: Program, partner_id: str) -> PartnerView | None:
    partner = await mirror.one(connection, Partner, partner_id)
    if partner is None:
        return None
    contacts = await mirror.of_partner(connection, Contact, partner_id)
    channels = [c for c in await slack_channels.every(connection) if c.partner_id == partner_id]
    manager = manager_of(partner, program)
    return PartnerView(
        record=partner,
        contacts=contacts,
        deals=await mirror.of_partner(connection, Deal, partner_id),
        registrations=await registrations.of_partner(connection, partner_id),
        timeline=tuple(await crm.timeline(partner_id)),
        slack_channels=tuple(map(in_a_line, channels)),
        manager_name=manager.name if manager else "",
        contact_names={contact.id: contact.name for contact in contacts},
        reach=await _reach(connection, contacts),
    )


async def _reach(connection: AsyncConnection, contacts: Sequence[Contact]) -> dict[str, Reach]:
    dead = await undeliverable.of_addresses(connection, [contact.email for contact in contacts])
    away = await absences.away(connection, [contact.id for contact in contacts], datetime.now(UTC))
    reach = {}
    for contact in contacts:
        returned, absent = dead.get(contact.email.lower()), away.get(contact.id)
        if returned or absent:
            reach[contact.id] = Reach(
                returned.words if returned else None,
                absent is not None,
                absent.until if absent else None,
                absent.instead if absent else "",
            )
    return reach


async def deal(connection: AsyncConnection, crm: CrmPort, partner_id: str, number: str) -> DealView | None:
    partner = await mirror.one(connection, Partner, partner_id)
    deals = await mirror.of_partner(connection, Deal, partner_id)
    known = await registrations.of_partner(connection, partner_id)
    found = next((d for d in deals if d.number == number), None)
    registration = next((r for r in known if r.number == number), None)
    if partner is None or (found is None and registration is None):
        return None
    contacts = await mirror.of_partner(connection, Contact, partner_id)
    return DealView(
        partner_id=partner.id,
        partner_name=partner.name,
        number=number,
        deal=found,
        registration=registration,
        timeline=tuple(await crm.timeline(partner_id, number)),
        contact_names={contact.id: contact.name for contact in contacts},
    )
