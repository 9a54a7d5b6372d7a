"""One announcement to everyone whom it reaches: a thread, a reply key, a mail and a line on the timeline for each."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.segments.audience import Audience, reached_by
from bot.storage import announcements, ledger, outbox, threads
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.timeline import Author, as_it_went
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.segment import Segment
from crm.records import Channel, Contact, Direction, Interaction, Partner, language_of
from knowledge.program import Program

__all__ = ["Audience", "Sending", "letter", "reached_by"]


@dataclass(frozen=True, slots=True)
class Sending:
    """Writes all of it in the caller's transaction; the outbox delivers it."""

    program: Program
    now: Callable[[], datetime]
    mail_domain: str

    async def __call__(
        self, connection: AsyncConnection, announcement_id: str, by: str, segment: Segment, subject: str, markdown: str,
        reached: Audience,
    ) -> tuple[announcements.Recipient, ...]:  # fmt: skip
        """`by` is the manager's address. The announcement's own row is the caller's."""
        entries = [
            await self._one(connection, announcement_id, subject, markdown, partner, contact)
            for partner, contact in reached.recipients
        ]
        await ledger.append(
            connection, "announcement", by, {"subject": subject, "segment": str(segment), "count": len(entries)}
        )
        return tuple(entries)

    async def _one(
        self, connection: AsyncConnection, announcement_id: str, subject: str, markdown: str, partner: Partner,
        contact: Contact,
    ) -> announcements.Recipient:  # fmt: skip
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id=partner.id,
            kind=ThreadKind.ANNOUNCEMENT.value, announcement_id=announcement_id, agent_took_part=True,
        )  # fmt: skip
        token = secrets.token_urlsafe(24)
        await announcements.link_opt_out(connection, token, contact.id, partner.id, announcement_id)
        payload = letter(subject, markdown, partner, contact) | {
            "reply_key": await threads.reply_key(connection, thread_id, contact.email),
            "opt_out_token": token,
        }
        row = Outgoing(
            key=f"announcement:{announcement_id}:{contact.id}",
            destination=Destination.MAIL,
            kind="announcement",
            payload=payload,
            ordering=contact.email.lower(),
            partner_id=partner.id,
            thread_id=thread_id,
            priority=BULK,
        )
        await threads.join(connection, thread_id, f"<{row.id}@{self.mail_domain}>")
        sent = Interaction(
            key=row.key,
            partner_id=partner.id,
            contact_id=contact.id,
            deal_numbers=(),
            channel=Channel.EMAIL,
            direction=Direction.OUT,
            at=self.now(),
            summary=f"Announcement: {subject}",
            message_id=f"<{row.id}@{self.mail_domain}>",
            outcome="announced",
            body=markdown,
        )
        author = Author(self.program.vendor.agent_address, self.mail_domain)
        await outbox.put(connection, [row, interaction_row(as_it_went(sent, row, author))])
        return announcements.Recipient(contact.id, partner.id, contact.email, thread_id, row.id)


def letter(subject: str, markdown: str, partner: Partner, contact: Contact) -> dict[str, object]:
    """The mail to one person, as the outbox keeps it, without what makes it answerable."""
    return {"to": contact.email, "subject": subject, "text": markdown, "language": language_of(contact, partner)}
