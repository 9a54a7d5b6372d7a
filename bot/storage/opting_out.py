"""Opting out of announcements and in again: in the mirror at once, in the CRM through the outbox, with its proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger, mirror, outbox, preferences
from bot.storage.announcing import given_answers, taken_back
from bot.storage.crm_writes import OPT_OUT, contact_row, opt_out_row
from bot.storage.tables import outbox as outbox_table
from crm.records import Contact


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that somebody said it: `cause` is the message (its id) or the link of a mail (link:…), `channel` where
    it came from, `at` when (aware); `inbox_id` is that of the message, None for a link.
    """

    cause: str
    channel: str
    at: datetime
    inbox_id: str | None = None

    def doc(self) -> dict[str, str]:
        return {"by": self.cause, "channel": self.channel, "at": self.at.isoformat()}


async def opt_out(connection: AsyncConnection, contact_id: str, proof: Proof, announcement_id: str | None) -> None:
    """No more announcements and overviews. Doing it twice is doing it once: the first word is the one that counts."""
    contact = await mirror.one(connection, Contact, contact_id)
    if contact is None:
        return
    if not contact.opted_out:
        await mirror.store(connection, [replace(contact, opted_out=True)])
        await outbox.put(connection, [opt_out_row(contact, proof.cause)])
        await _prove(connection, contact, "opt_out", "opted_out", proof)
    await taken_back.after_opting_out(connection, contact_id)
    if announcement_id:
        await given_answers.left(connection, announcement_id, contact_id)


async def opt_in(connection: AsyncConnection, contact: Contact, proof: Proof) -> None:
    """Announcements again, on the contact's own word; the CRM gets it in the order in which it was said."""
    back = replace(contact, opted_out=False)
    await mirror.store(connection, [back])
    await outbox.put(connection, [contact_row(back, proof.cause)])
    await _prove(connection, back, "opt_in", "opted_in", proof)


async def _prove(connection: AsyncConnection, contact: Contact, kind: str, what: str, proof: Proof) -> None:
    said = {"contact": contact.id, **proof.doc()}
    await ledger.append(connection, kind, proof.channel, said, partner_id=contact.partner_id, inbox_id=proof.inbox_id)
    await preferences.prove(connection, contact, what, proof.doc())


async def on_their_way(connection: AsyncConnection) -> frozenset[str]:
    """Contacts whose opt-out the CRM does not know yet: what it says of them meanwhile is older than their word."""
    query = select(outbox_table.c.payload["contact_id"].astext).where(
        outbox_table.c.destination == outbox.Destination.CRM.value,
        outbox_table.c.kind == OPT_OUT,
        outbox_table.c.state == outbox.OutboxState.PENDING.value,
    )
    return frozenset(await connection.scalars(query))
