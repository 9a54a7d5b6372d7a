"""Announcing in one step, from a Markdown file to the outbox, by mail and at once; a dry run only counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.announcements.composing import announcer, fault_of
from bot.announcements.desk import AnnouncementDesk as Desk
from bot.announcements.refusals import nobody_in
from bot.announcements.segments.audience import Audience, reached_by
from bot.announcements.spreading import Spreading
from bot.storage.outbox import Destination
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Preview, Route, Timing
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Announced, Recipient, Segment
from crm.records import language_of
from knowledge.business_days import vendors_day

_HEADING = re.compile(r"\A\s*#\s+(?P<subject>[^\n]+)\n+")


def split_heading(markdown: str) -> tuple[str, str]:
    """(subject, body): the first heading of a Markdown file is the subject of its mail; ("", all) without one."""
    found = _HEADING.match(markdown)
    return (found["subject"].strip(), markdown[found.end() :]) if found else ("", markdown)


def by_mail(segment: Segment, subject: str, markdown: str, timing: Timing | None = None) -> Composed:
    """One text for all of them, to be answered with yes or no, at any hour."""
    text = AnnouncementText("", subject, markdown)
    timing = timing or Timing(keep_quiet=False)
    return Composed((text,), segment, Call(CallKind.ANSWER), timing=timing, route=Route.MAIL)


@dataclass(frozen=True, slots=True)
class AnnouncementDesk(Desk):
    """With the one step besides."""

    spreading: Spreading | None = None

    async def announce(
        self, by: str, segment: Segment, subject: str, markdown: str, *, dry_run: bool
    ) -> Announced | NotDone:
        """`by` is the address of a manager who announces."""
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        async with self.database.begin() as connection:
            today = vendors_day(self.now(), self.program.vendor)
            reached = await reached_by(connection, segment, program=self.program, today=today)
        if dry_run:
            return _announced(reached)
        composed = by_mail(segment, subject, markdown)
        if fault := fault_of(composed):
            return fault
        if not reached.recipients:
            return nobody_in(segment)
        kept = await self.keep(by, composed)
        done = kept if isinstance(kept, NotDone) else await self.confirm(by, kept.id, len(reached.recipients))
        if isinstance(done, NotDone | Preview):
            return done if isinstance(done, NotDone) else NotDone("the segment has changed meanwhile", "announce again")
        if self.spreading is not None:
            await self.spreading.begin(done.id)
        await self.queue.deliver(Destination.CRM)
        return _announced(reached, done.id)


def _announced(reached: Audience, announcement_id: str = "") -> Announced:
    people = tuple(
        Recipient(contact.name, contact.email, partner.name, language_of(contact, partner))
        for partner, contact in reached.recipients
    )
    return Announced(people, reached.opted_out, announcement_id, reached.undeliverable, reached.left_out)
