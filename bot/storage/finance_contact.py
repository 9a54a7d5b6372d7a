"""Who at a partner gets what concerns its money, as its contacts stand now."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, undeliverable
from crm.records import Contact, Partner


async def finance_contact(connection: AsyncConnection, partner: Partner) -> Contact | None:
    """The finance contact, else the main contact; None where neither is there any more or takes mail."""
    known = [c for c in await mirror.of_partner(connection, Contact, partner.id) if c.active and c.email]
    dead = await undeliverable.of_addresses(connection, [contact.email for contact in known])
    able = [contact for contact in known if contact.email.lower() not in dead]
    finance = next((contact for contact in able if contact.id == partner.finance_contact_id), None)
    return finance or next((contact for contact in able if contact.main), None)
