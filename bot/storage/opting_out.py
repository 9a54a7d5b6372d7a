"""Opting out of announcements: written to the mirror at once and to the CRM through the outbox, once."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import announcements, ledger, mirror, outbox
from bot.storage.crm_writes import OPT_OUT, opt_out_row
from bot.storage.tables import outbox as outbox_table
from crm.records import Contact


async def opt_out(
    connection: AsyncConnection, contact_id: str, cause: str, actor: str, announcement_id: str | None
) -> None:
    """`cause` is what said it (a message, a link), `actor` the channel; doing it twice is doing it once."""
    contact = await mirror.one(connection, Contact, contact_id)
    if contact is None:
        return
    if not contact.opted_out:
        await mirror.store(connection, [replace(contact, opted_out=True)])
        await outbox.put(connection, [opt_out_row(contact, cause)])
        await ledger.append(connection, "opt_out", actor, {"contact": contact_id}, partner_id=contact.partner_id)
    if announcement_id:
        await announcements.record_opt_out(connection, announcement_id, contact_id)


async def on_their_way(connection: AsyncConnection) -> frozenset[str]:
    """Contacts whose opt-out the CRM does not know yet: what it says of them meanwhile is older than their word."""
    query = select(outbox_table.c.payload["contact_id"].astext).where(
        outbox_table.c.destination == outbox.Destination.CRM.value,
        outbox_table.c.kind == OPT_OUT,
        outbox_table.c.state == outbox.OutboxState.PENDING.value,
    )
    return frozenset(await connection.scalars(query))
