"""Mail to a contact that nobody asked for: in a thread of its own, with the ways to leave; an answer is ordinary.

Both what it says and what is kept of it are one partner's: the contact it goes to is of the partner it tells of.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.documents.statement_words import Words
from bot.steps.say import Listener, say
from bot.storage import ledger, opt_out_links, outbox, threads
from bot.storage.codec import storable
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.timeline import Author, as_it_went, in_short
from bot.texts.own import worded
from bot.vocabulary.decisions import Decision
from bot.vocabulary.layout import to_payload
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Direction, Interaction, Partner, language_of
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Letter:
    """`kind` is the outbox's, and what the timeline calls it. With `asked` a reply is about the deal `number` and says
    those fields of it.
    """

    kind: str
    subject: str
    reply: Reply
    number: str = ""
    asked: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.number,) if self.number else ()


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes in the caller's transaction. `mail_domain` is that of our Message-IDs."""

    mail_domain: str
    now: Callable[[], datetime]

    async def write(
        self, connection: AsyncConnection, key: str, program: Program, contact: Contact, letter: Letter
    ) -> None:
        """To the outbox, the CRM's timeline and the ledger. `key` is of no row so far (`outbox.is_written`)."""
        row = await self._row(connection, key, contact, letter)
        told = as_it_went(
            self._interaction(row, contact, letter), row, Author(program.vendor.agent_address, self.mail_domain)
        )
        await outbox.put(connection, [row, interaction_row(told)])
        said = {"key": key, "text": letter.reply.text, "about": list(letter.numbers), "outcome": letter.kind}
        await ledger.append(
            connection, "message_out", Channel.EMAIL.value, storable(said), partner_id=contact.partner_id
        )

    async def _row(self, connection: AsyncConnection, key: str, contact: Contact, letter: Letter) -> Outgoing:
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, letter.subject, partner_id=contact.partner_id, agent_took_part=True
        )
        if letter.asked:
            await threads.remember(
                connection, thread_id, kind=ThreadKind.QUESTION.value, asked=list(letter.asked),
                subject_ref=letter.number,
            )  # fmt: skip
        token, reply = secrets.token_urlsafe(24), letter.reply
        await opt_out_links.keep(connection, token, contact.id, contact.partner_id)
        payload: dict[str, Any] = {
            "to": contact.email, "subject": letter.subject, "in_reply_to": "", "references": [], "text": reply.text,
            "layout": to_payload(reply.layout), "language": reply.language, "opt_out_token": token,
            "reply_key": await threads.reply_key(connection, thread_id, contact.email),
        }  # fmt: skip
        row = Outgoing(
            key, Destination.MAIL, letter.kind, storable(payload), ordering=contact.email.lower(),
            partner_id=contact.partner_id, thread_id=thread_id, priority=BULK,
        )  # fmt: skip
        await threads.join(connection, thread_id, f"<{row.id}@{self.mail_domain}>")
        return row

    def _interaction(self, row: Outgoing, contact: Contact, letter: Letter) -> Interaction:
        return Interaction(
            key=row.key,
            partner_id=contact.partner_id,
            contact_id=contact.id,
            deal_numbers=letter.numbers,
            channel=Channel.EMAIL,
            direction=Direction.OUT,
            at=self.now(),
            summary=in_short(str(row.payload["subject"])),
            message_id=f"<{row.id}@{self.mail_domain}>",
            outcome=letter.kind,
            body=str(row.payload["text"]),
        )


def in_words(program: Program, partner: Partner, contact: Contact, decision: Decision) -> tuple[Words, Reply]:
    """What the contact reads, and the words of his language for what stands around it. ValueError where the contact is
    another partner's, or there is nothing to say.
    """
    if contact.partner_id != partner.id:
        raise ValueError(f"{contact.id} is no contact of {partner.id}")
    language, texts = language_of(contact, partner), worded(program.texts)
    listener = Listener(
        language, Channel.EMAIL, contact.name, program.vendor.name, partner.country, partner.time_zone, texts
    )
    reply = say((decision,), listener)
    if reply is None:
        raise ValueError("a letter has something to say")
    return Words.of(language, partner.country, texts), reply
