"""A contact's monthly overview as a mail of its own thread: an answer to it is an ordinary message of that partner."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.own import monthly
from bot.digests.own_records import OwnRecords
from bot.documents.statement_words import Words
from bot.steps.say import Listener, say
from bot.storage import announcements, ledger, outbox, threads
from bot.storage.codec import storable
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.timeline import Author, as_it_went, in_short
from bot.texts.own import worded
from bot.vocabulary.layout import to_payload
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Direction, Interaction, language_of

KIND = "digest"
"""The outbox's kind of such a mail; it carries the ways to leave, as an announcement does."""


@dataclass(frozen=True, slots=True)
class PartnerLetters:
    """Writes in the caller's transaction; nobody else writes to the same partner's contacts meanwhile."""

    mail_domain: str
    now: Callable[[], datetime]

    async def write(
        self, connection: AsyncConnection, own: OwnRecords, month: str, contact: Contact, *, asked: bool
    ) -> bool:
        """Once for each month and contact; False where it was written before. `contact` is one of that partner's."""
        key = f"partner_digest:{month}:{contact.id}"
        if await outbox.is_written(connection, key):
            return False
        if contact.partner_id != own.partner.id:
            raise ValueError(f"{contact.id} is no contact of {own.partner.id}")
        subject, reply = letter(own, month, contact, asked=asked)
        row = await self._row(connection, key, contact, subject, reply)
        await outbox.put(connection, [row, interaction_row(self._interaction(own, row, contact))])
        said = {"key": key, "text": reply.text, "about": [], "outcome": KIND}
        await ledger.append(
            connection, "message_out", Channel.EMAIL.value, storable(said), partner_id=contact.partner_id
        )
        return True

    async def _row(
        self, connection: AsyncConnection, key: str, contact: Contact, subject: str, reply: Reply
    ) -> Outgoing:
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id=contact.partner_id, agent_took_part=True
        )
        token = secrets.token_urlsafe(24)
        await announcements.link_opt_out(connection, token, contact.id, contact.partner_id, None)
        payload: dict[str, Any] = {
            "to": contact.email, "subject": subject, "in_reply_to": "", "references": [], "text": reply.text,
            "layout": to_payload(reply.layout), "language": reply.language, "opt_out_token": token,
            "reply_key": await threads.reply_key(connection, thread_id, contact.email),
        }  # fmt: skip
        row = Outgoing(
            key, Destination.MAIL, KIND, storable(payload), ordering=contact.email.lower(),
            partner_id=contact.partner_id, thread_id=thread_id, priority=BULK,
        )  # fmt: skip
        await threads.join(connection, thread_id, f"<{row.id}@{self.mail_domain}>")
        return row

    def _interaction(self, own: OwnRecords, row: Outgoing, contact: Contact) -> Interaction:
        told = Interaction(
            key=row.key,
            partner_id=contact.partner_id,
            contact_id=contact.id,
            deal_numbers=(),
            channel=Channel.EMAIL,
            direction=Direction.OUT,
            at=self.now(),
            summary=in_short(str(row.payload["subject"])),
            message_id=f"<{row.id}@{self.mail_domain}>",
            outcome=KIND,
            body=str(row.payload["text"]),
        )
        return as_it_went(told, row, Author(own.facts.program.vendor.agent_address, self.mail_domain))


def letter(own: OwnRecords, month: str, contact: Contact, *, asked: bool) -> tuple[str, Reply]:
    """Subject and words, in the contact's language; `month` is that in which it is sent, such as "2026-12"."""
    program, partner = own.facts.program, own.partner
    language, texts = language_of(contact, partner), worded(program.texts)
    facts = replace(own.facts, contact=contact)
    decision = monthly(facts, own.protections, own.certificates, asked=asked)
    listener = Listener(
        language, Channel.EMAIL, contact.name, program.vendor.name, partner.country, partner.time_zone, texts
    )
    reply = say((decision,), listener)
    if reply is None:
        raise ValueError("an overview has something to say")
    words = Words.of(language, partner.country, texts)
    return words.say("digest.subject", month=words.month(month)), reply
