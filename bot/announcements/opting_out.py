"""One-click unsubscribe from the link of an announcement (RFC 8058): no login, no question, announcements only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.storage import announcements, ledger, mirror, outbox
from bot.storage.crm_writes import contact_row
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import DELIVER, Queue
from crm.records import Contact


@dataclass(frozen=True, slots=True)
class OptingOut:
    database: Database
    queue: Queue

    async def __call__(self, token: str) -> bool:
        """False for a token we never gave out; doing it twice is doing it once."""
        async with self.database.begin() as connection:
            found = await announcements.opt_out_of(connection, token)
            if found is None:
                return False
            contact_id, partner_id, announcement_id = found
            contact = await mirror.one(connection, Contact, contact_id)
            if contact is not None and not contact.opted_out:
                changed = replace(contact, opted_out=True)
                await mirror.store(connection, [changed])
                await outbox.put(connection, [contact_row(changed, f"link:{token[:8]}")])
                await ledger.append(connection, "opt_out", "link", {"contact": contact_id}, partner_id=partner_id)
            if announcement_id:
                await announcements.record_opt_out(connection, announcement_id, contact_id)
        await self.queue.nudge(DELIVER, f"deliver:{Destination.CRM.value}", destination=Destination.CRM.value)
        return True
