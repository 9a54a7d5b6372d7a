"""Releasing and discarding held messages: a manager vouches for one that nothing proves, or says that it is forged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import confirmations, held, inbox, ledger, mirror
from bot.storage.confirmations import Answered
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.queue import Queue
from bot.vocabulary.results import Done, NotDone
from crm.records import Channel, Contact
from knowledge.program import Manager, Program

_LIST = "`partnerline held list` shows those that wait"


@dataclass(frozen=True, slots=True)
class HeldDesk:
    """Settles held messages for managers, each once, whoever else settles it at the same time."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]

    async def release(self, inbox_id: str, by: str) -> Done | NotDone:
        """It is handled as its sender's own and answered at the address on file; nothing else is proven by that."""
        return await self._settle(inbox_id, by, released=True)

    async def discard(self, inbox_id: str, by: str) -> Done | NotDone:
        """Nothing is done with it and nobody is told; it is kept."""
        return await self._settle(inbox_id, by, released=False)

    async def _settle(self, inbox_id: str, by: str, *, released: bool) -> Done | NotDone:
        who = self.program.manager(by)
        if who is None:
            known = ", ".join(m.email for m in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        async with self.database.begin() as connection:
            # In the order in which an answer of the owner takes these locks.
            question = await confirmations.about(connection, inbox_id, lock=True)
            row = await inbox.fetch(connection, inbox_id, lock=True)
            if row is None or row.state is not InboxState.HELD:
                return NotDone("this message is held no longer", _LIST)
            if released:
                return await self._release(connection, row, who)
            if question is not None and question.outcome is Answered.OPEN:
                await confirmations.settle(connection, inbox_id, Answered.DENIED, None, self.now())
            await held.discard(connection, inbox_id, "discarded_by_a_manager", who.email)
            await _note(connection, row, who, "held_discarded", None)
        return Done(f"{row.reference} is discarded", inbox_id)

    async def _release(self, connection: AsyncConnection, row: InboxRow, who: Manager) -> Done | NotDone:
        contact = await _contact(connection, row)
        if contact is None:
            return NotDone(
                f"{row.reference} names nobody on file as its sender, so there is nobody to act for",
                "add the contact to the CRM first, or discard the message",
            )
        await confirmations.release(connection, row.id, contact, self.now())
        await held.read_again(connection, self.queue, row.id, who.email)
        await _note(connection, row, who, "held_released", contact)
        return Done(f"{row.reference} is released and handled as a message of {contact.name}", row.id)


async def _contact(connection: AsyncConnection, row: InboxRow) -> Contact | None:
    sender = (row.message or {}).get("sender", {}).get("address", "")
    if row.channel is not Channel.EMAIL or not sender:
        return None
    known = await mirror.contact_by_address(connection, sender)
    return known[1] if known else None


async def _note(connection: AsyncConnection, row: InboxRow, who: Manager, kind: str, contact: Contact | None) -> None:
    said = {"reference": row.reference, "contact": contact.id if contact else ""}
    partner_id = contact.partner_id if contact else None
    await ledger.append(connection, kind, who.email, said, partner_id=partner_id, inbox_id=row.id)
