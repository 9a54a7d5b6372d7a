"""What a new partner is written, as a mail of its own thread or a post in its channel: an answer is an ordinary one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.documents.statement_words import Words
from bot.onboarding.words import Addressed, Saying
from bot.steps.say import Listener, say
from bot.storage import announcements, ledger, outbox, threads
from bot.storage.codec import storable
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.slack_channels import SlackChannel
from bot.storage.timeline import Author, as_it_went, in_short
from bot.texts.own import worded
from bot.vocabulary.decisions import Decision
from bot.vocabulary.layout import to_payload
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Direction, Interaction, language_of

KIND = "onboarding"
"""The outbox's kind of such a mail, and what the CRM's timeline calls it; it carries the ways to leave."""


@dataclass(frozen=True, slots=True)
class NewPartnersLetters:
    """Writes in the caller's transaction. Keys begin with `onboarding:`, and what has one is written once."""

    mail_domain: str
    now: Callable[[], datetime]

    async def mail(
        self, connection: AsyncConnection, key: str, to: Addressed, contact: Contact, subject: str, saying: Saying
    ) -> bool:
        """`subject` is the name of its text; False where it was written before. `contact` is one of that partner's."""
        if await outbox.is_written(connection, key):
            return False
        if contact.partner_id != to.partner.id:
            raise ValueError(f"{contact.id} is no contact of {to.partner.id}")
        headed, reply = letter(to, contact, subject, saying)
        row = await self._row(connection, key, contact, headed, reply, saying)
        told = self._interaction(row, contact, saying)
        author = Author(to.program.vendor.agent_address, self.mail_domain)
        await outbox.put(connection, [row, interaction_row(as_it_went(told, row, author))])
        said = {"key": key, "text": reply.text, "about": list(told.deal_numbers), "outcome": KIND}
        await ledger.append(
            connection, "message_out", Channel.EMAIL.value, storable(said), partner_id=contact.partner_id
        )
        return True

    async def post(
        self, connection: AsyncConnection, key: str, to: Addressed, channel: SlackChannel, saying: Saying
    ) -> bool:
        """In the partner's channel, while nobody but the partner and the vendor reads it."""
        if await outbox.is_written(connection, key):
            return False
        thread_id = await threads.open_thread(
            connection, Channel.SLACK, to.partner.name, partner_id=to.partner.id, agent_took_part=True
        )
        telling = Telling(to.program, self.mail_domain, self.now)
        await telling.post(connection, key, to.partner, channel, thread_id, saying.outcomes, KIND)
        return True

    async def _row(
        self, connection: AsyncConnection, key: str, contact: Contact, subject: str, reply: Reply, saying: Saying
    ) -> Outgoing:
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id=contact.partner_id, agent_took_part=True
        )
        if saying.asked:
            await threads.remember(
                connection, thread_id, kind=ThreadKind.QUESTION.value, asked=list(saying.asked),
                subject_ref=saying.number,
            )  # fmt: skip
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

    def _interaction(self, row: Outgoing, contact: Contact, saying: Saying) -> Interaction:
        return Interaction(
            key=row.key,
            partner_id=contact.partner_id,
            contact_id=contact.id,
            deal_numbers=(saying.number,) if saying.number else (),
            channel=Channel.EMAIL,
            direction=Direction.OUT,
            at=self.now(),
            summary=in_short(str(row.payload["subject"])),
            message_id=f"<{row.id}@{self.mail_domain}>",
            outcome=KIND,
            body=str(row.payload["text"]),
        )


def letter(to: Addressed, contact: Contact, subject: str, saying: Saying) -> tuple[str, Reply]:
    """Subject and words, in the contact's language."""
    program, partner = to.program, to.partner
    language, texts = language_of(contact, partner), worded(program.texts)
    listener = Listener(
        language, Channel.EMAIL, contact.name, program.vendor.name, partner.country, partner.time_zone, texts
    )
    reply = say((Decision((), tuple(saying.outcomes), KIND),), listener)
    if reply is None:
        raise ValueError("a letter has something to say")
    words = Words.of(language, partner.country, texts)
    return words.wording.text(f"onboarding.subject_{subject}", {"vendor": program.vendor.name}), reply


def first_of(people: Sequence[Contact]) -> Contact | None:
    """Whom a check-in is for: the main contact, else the first by id."""
    return min(people, key=lambda one: (not one.main, one.id), default=None)
