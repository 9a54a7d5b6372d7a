"""Trying again what the CRM refused, once a person has mended what stood in the way there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.refused_entries import crm_called, entry_called
from bot.storage import ledger, refused
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.refused import RefusedEntry
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.results import Done, NotDone
from knowledge.program import Program

OPERATOR = "operator"
"""Who acts where it is nobody in particular: whoever has the console or a shell."""


@dataclass(frozen=True, slots=True)
class EntryDesk:
    """`crm` is the CRM's name as the port says it."""

    database: Database
    queue: Queue
    program: Program
    briefing: Briefing
    crm: str

    async def retry(self, name: str, by: str = OPERATOR) -> Done | NotDone:
        """`name` is a number (D-123456, L-123456) or an entry's id; what is written is the record as it is by now."""
        name = name.strip()
        async with self.database.begin() as connection:
            found = await refused.about(connection, name.upper()) or await refused.about(connection, name)
            tried = await self._again(connection, found, by)
        if not tried:
            return NotDone(f"nothing about {name} waits for another try", "`partnerline crm status` lists what does")
        await self.queue.deliver(Destination.CRM)
        what = ", ".join(entry_called(entry.kind, entry.payload) for entry in tried)
        return Done(f"{what} is tried again; if {crm_called(self.crm)} still refuses it, you are told", tried[0].id)

    async def retry_all(self, by: str = OPERATOR) -> Done | NotDone:
        """Whatever was refused, as it stands by now."""
        async with self.database.begin() as connection:
            tried = await self._again(connection, await refused.entries(connection), by)
        if not tried:
            return NotDone(f"there is nothing that {crm_called(self.crm)} refused")
        await self.queue.deliver(Destination.CRM)
        return Done("1 entry is tried again" if len(tried) == 1 else f"{len(tried)} entries are tried again")

    async def _again(
        self, connection: AsyncConnection, found: Sequence[RefusedEntry], by: str
    ) -> tuple[RefusedEntry, ...]:
        tried = tuple([entry for entry in found if await refused.again(connection, entry)])
        who = self.program.manager(by)
        for entry in tried:
            said = {"kind": entry.kind, "about": entry.subject, "words": entry.words}
            await ledger.append(connection, "entry_retried", by, said, partner_id=entry.partner_id)
            for subject in {entry.subject, entry.id}:
                result = f"tried again by {who.name if who else by}"
                await self.briefing.settle(connection, BriefKind.ENTRY, subject, by, result)
        return tried
