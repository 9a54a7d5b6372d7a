"""Announcing: a manager's Markdown goes to everyone in a segment, in one transaction; a dry run only counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.segments.audience import Audience
from bot.announcements.segments.choices import known_choices
from bot.announcements.sending import Sending, reached_by
from bot.storage import announcements
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Announced, Recipient, Segment, SegmentChoices
from crm.records import language_of
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
            return await known_choices(connection, self.program)

    async def announce(
        self, by: str, segment: Segment, subject: str, markdown: str, *, dry_run: bool
    ) -> Announced | NotDone:
        """`by` is the address of a manager who announces."""
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        subject = one_line(subject)
        if not dry_run and (fault := fault_of(subject, markdown)):
            return fault
        async with self.database.begin() as connection:
            reached = await reached_by(connection, segment, program=self.program, today=self.now().date())
            if dry_run:
                return _announced(reached)
            if not reached.recipients:
                return nobody_in(segment)
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
        send = Sending(self.program, self.now, self.mail_domain)
        entries = await send(connection, announcement_id, who.email, segment, subject, markdown, reached)
        await announcements.create(
            connection, announcement_id, subject=subject, body=markdown, segment=asdict(segment),
            created_by=who.email, recipients=entries,
        )  # fmt: skip
        return announcement_id


def announcer(program: Program, by: str) -> Manager | NotDone:
    """The manager, where he may announce."""
    who = program.manager(by)
    if who is not None and who.announces:
        return who
    may = ", ".join(m.email for m in program.managers if m.announces)
    return NotDone(f"{by} may not announce", f"{may} may" if may else "name a manager who announces in the program")


def one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def nobody_in(segment: Segment) -> NotDone:
    return NotDone(f"nobody is in the segment {segment}", "widen the segment; --dry-run shows whom it names")


def fault_of(subject: str, markdown: str) -> NotDone | None:
    """Why it cannot be announced as it is written."""
    if not subject:
        return NotDone("the announcement has no subject", "start the file with a heading: # Subject")
    if not markdown.strip():
        return NotDone("the announcement is empty", "write what partners should know under the heading")
    if len(markdown) > _LONGEST:
        return NotDone(f"the announcement is longer than {_LONGEST:,} characters", "link to the long version instead")
    return None


def _announced(reached: Audience, announcement_id: str = "") -> Announced:
    people = tuple(
        Recipient(contact.name, contact.email, partner.name, language_of(contact, partner))
        for partner, contact in reached.recipients
    )
    return Announced(people, reached.opted_out, announcement_id, reached.undeliverable, reached.left_out)
