"""One-click unsubscribe from the link of an announcement (RFC 8058): no login, no question, announcements only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.storage import opt_out_links
from bot.storage.database import Database
from bot.storage.opting_out import Proof, opt_out
from bot.storage.outbox import Destination
from bot.storage.queue import Queue


@dataclass(frozen=True, slots=True)
class OptingOut:
    database: Database
    queue: Queue
    now: Callable[[], datetime]

    async def __call__(self, token: str) -> bool:
        """False for a token we never gave out; doing it twice is doing it once."""
        async with self.database.begin() as connection:
            found = await opt_out_links.find(connection, token)
            if found is None:
                return False
            contact_id, announcement_id = found
            proof = Proof(f"link:{token[:8]}", "link", self.now())
            await opt_out(connection, contact_id, proof, announcement_id)
        await self.queue.deliver(Destination.CRM)
        return True
