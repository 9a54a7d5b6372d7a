"""Names behind ids, read once for a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from crm.records import Contact, Partner


@dataclass(frozen=True, slots=True)
class Names:
    partners: dict[str, Partner]
    contacts: dict[str, Contact]

    def partner(self, partner_id: str | None) -> str:
        found = self.partners.get(partner_id or "")
        return found.name if found else ""

    def contact(self, contact_id: str | None) -> str:
        found = self.contacts.get(contact_id or "")
        return found.name if found else ""


async def read_names(connection: AsyncConnection) -> Names:
    partners = await mirror.everyone(connection, Partner)
    contacts = await mirror.everyone(connection, Contact)
    return Names({p.id: p for p in partners}, {c.id: c for c in contacts})
