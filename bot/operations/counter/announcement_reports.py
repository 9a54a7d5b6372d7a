"""How an announcement went, written to the manager who asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.announcements.desk import NONE_SUCH
from bot.channels.slack.managers.ports import Orders
from bot.storage import announcements
from bot.storage.database import Database
from bot.vocabulary.results import Done, NotDone


@dataclass(frozen=True, slots=True)
class AnnouncementReports:
    database: Database
    orders: Orders

    async def send(self, announcement_id: str, user: str, key: str) -> Done | NotDone:
        """Directly, once by the key."""
        async with self.database.reading() as connection:
            found = await announcements.tallies(connection, announcement_id)
        if not found:
            return NONE_SUCH
        (tally,) = found
        counts = f"{tally.yes} yes, {tally.no} no, {tally.maybe} maybe, {tally.opted_out} opted out"
        words = f"“{tally.subject}”: {tally.delivered} of {tally.recipients} delivered; {counts}."
        await self.orders.tell(user, key, words, ())
        return Done("the report is sent to you directly", announcement_id)
