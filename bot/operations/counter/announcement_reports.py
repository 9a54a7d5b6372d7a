"""How an announcement went, written to the manager who asks for it: in words, as a picture, and as a spreadsheet."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.announcements.following_up.reporting.desk import Reporting
from bot.announcements.following_up.reporting.sending import file_name
from bot.announcements.refusals import NONE_SUCH
from bot.channels.slack.outbound.outlet import CARD
from bot.storage import outbox
from bot.storage.codec import storable
from bot.storage.documents import keep_file
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.documents import CSV, PNG, to_payload
from bot.vocabulary.portions import text_portions
from bot.vocabulary.results import Done, NotDone


@dataclass(frozen=True, slots=True)
class AnnouncementReports:
    """Implements `bot.operations.counter.announcing.Reports`."""

    reporting: Reporting

    async def send(self, announcement_id: str, user: str, key: str) -> Done | NotDone:
        found = await self.reporting.report(announcement_id)
        if found is None:
            return NONE_SUCH
        picture = await asyncio.to_thread(self.reporting.chart_png, found)
        sheet, name, where = self.reporting.csv(found), file_name(found), {"channel": user, "thread_ts": ""}
        rows = [
            Outgoing(f"counter:{user}:{key}:{place}", Destination.SLACK, CARD, storable(where | {"text": text}), user)
            for place, text in enumerate(text_portions(self.reporting.text(found)))
        ]
        async with self.reporting.database.begin() as connection:
            chart = await keep_file(connection, f"{name}.png", PNG, picture)
            table = await keep_file(connection, f"{name}.csv", CSV, sheet)
            for document in to_payload([chart, table]):
                payload = storable(where | {"text": str(document["name"]), "document": document})
                name_of = f"counter:{user}:{key}:{document['name']}"
                rows.append(Outgoing(name_of, Destination.SLACK, CARD, payload, user))
            await outbox.put(connection, rows)
        await self.reporting.queue.deliver(Destination.SLACK)
        return Done(f"the report on “{found.subject}” comes to you directly", found.id)
