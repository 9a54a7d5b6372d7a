"""Announcing: a manager's Markdown goes to everyone in a segment, in one transaction; a dry run only counts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.segment import Audience, audience, choices
from bot.storage import announcements, ledger, mirror, outbox, threads, undeliverable
from bot.storage.crm_writes import interaction_row
from bot.storage.database import Database
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.timeline import Author, as_it_went
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Announced, Recipient, Segment, SegmentChoices
from crm.records import Channel, Contact, Direction, Interaction, Partner, language_of
from knowledge.program import Manager, Program

_LONGEST = 100_000  # characters of Markdown
_HEADING = re.compile(r"\A\s*#\s+(?P<subject>[^\n]+)\n+")


def split_heading(markdown: str) -> tuple[str, str]:
    """(subject, body): the first heading of a Markdown file is the subject of its mail; ("", all) without one."""
    found = _HEADING.match(markdown)
    return (found["subject"].strip(), markdown[found.end() :]) if found else ("", markdown)


@dataclass(frozen=True, slots=True)
class AnnouncementDesk:
    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    mail_domain: str

    async def choices(self) -> SegmentChoices:
        """What a segment may name."""
        async with self.database.begin() as connection:
            return choices(await mirror.everyone(connection, Partner), await mirror.everyone(connection, Contact))

    async def announce(
        self, by: str, segment: Segment, subject: str, markdown: str, *, dry_run: bool
    ) -> Announced | NotDone:
        """`by` is the address of a manager who announces."""
        who = self.program.manager(by)
        if who is None or not who.announces:
            may = ", ".join(m.email for m in self.program.managers if m.announces)
            return NotDone(
                f"{by} may not announce", f"{may} may" if may else "name a manager who announces in the program"
            )
        subject = " ".join(subject.split())[:200]
        if not dry_run and (fault := _fault(subject, markdown)):
            return fault
        async with self.database.begin() as connection:
            reached = audience(
                segment, await mirror.everyone(connection, Partner), await mirror.everyone(connection, Contact),
                await undeliverable.addresses(connection),
            )  # fmt: skip
            if dry_run:
                return _announced(reached)
            if not reached.recipients:
                return NotDone(
                    f"nobody is in the segment {segment}", "widen the segment; --dry-run shows whom it names"
                )
            made = await self._send(connection, who, segment, subject, markdown, reached)
        await self.queue.deliver(Destination.MAIL, Destination.CRM)
        return _announced(reached, made)

    async def _send(
        self,
        connection: AsyncConnection,
        who: Manager,
        segment: Segment,
        subject: str,
        markdown: str,
        reached: Audience,
    ) -> str:
        announcement_id = str(uuid4())
        entries = []
        for partner, contact in reached.recipients:
            entries.append(await self._one(connection, announcement_id, subject, markdown, partner, contact))
        await announcements.create(
            connection, announcement_id, subject=subject, body=markdown, segment=asdict(segment),
            created_by=who.email, recipients=entries,
        )  # fmt: skip
        await ledger.append(
            connection, "announcement", who.email, {"subject": subject, "segment": str(segment), "count": len(entries)}
        )
        return announcement_id

    async def _one(
        self, connection: AsyncConnection, announcement_id: str, subject: str, markdown: str, partner: Partner,
        contact: Contact,
    ) -> announcements.Recipient:  # fmt: skip
        """One recipient: a thread, a reply key, a link to opt out, the mail, and its line on the CRM's timeline."""
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id=partner.id,
            kind=ThreadKind.ANNOUNCEMENT.value, announcement_id=announcement_id, agent_took_part=True,
        )  # fmt: skip
        token = secrets.token_urlsafe(24)
        await announcements.link_opt_out(connection, token, contact.id, partner.id, announcement_id)
        row = Outgoing(
            key=f"announcement:{announcement_id}:{contact.id}",
            destination=Destination.MAIL,
            kind="announcement",
            payload={
                "to": contact.email,
                "subject": subject,
                "text": markdown,
                "language": language_of(contact, partner),
                "reply_key": await threads.reply_key(connection, thread_id, contact.email),
                "opt_out_token": token,
            },
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


def _announced(reached: Audience, announcement_id: str = "") -> Announced:
    people = tuple(
        Recipient(contact.name, contact.email, partner.name, language_of(contact, partner))
        for partner, contact in reached.recipients
    )
    return Announced(people, reached.opted_out, announcement_id, reached.undeliverable)


def _fault(subject: str, markdown: str) -> NotDone | None:
    if not subject:
        return NotDone("the announcement has no subject", "start the file with a heading: # Subject")
    if not markdown.strip():
        return NotDone("the announcement is empty", "write what partners should know under the heading")
    if len(markdown) > _LONGEST:
        return NotDone(f"the announcement is longer than {_LONGEST:,} characters", "link to the long version instead")
    return None
