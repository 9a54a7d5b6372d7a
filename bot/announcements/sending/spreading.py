"""An announcement on its way: planned when it is due, written into the outbox in portions, and told when it is through.

Each portion is a transaction of its own: whatever breaks, what is committed is written once and the rest is still due.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.faults import announcer
from bot.announcements.composing.personal import Reader, filled
from bot.announcements.planning.copies import Plan
from bot.announcements.planning.gathering import planned_copies
from bot.announcements.sending.mailing import Mailing
from bot.announcements.sending.posting import Posting
from bot.announcements.sending.telling import not_sent, tell_gone_out
from bot.storage import ledger, mirror, slack_channels
from bot.storage.announcing import copies, kept, progress, readers
from bot.storage.announcing.copies import PostRow, RecipientRow
from bot.storage.announcing.pace import Pace
from bot.storage.crowd import Crowd
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import ANNOUNCE, NewJob, Queue
from bot.vocabulary.announcing import Announcement, AnnouncementState
from bot.vocabulary.results import NotDone
from crm.records import Partner
from knowledge.deal_clock import Timer
from knowledge.program import Program

_POSTS = 20
_SMALL = 50  # mails of a portion while messages wait
_PAUSED = "the channel is paused"
_UNMAPPED = "the channel is not the partner's any more"
_NOBODY_READS = "nobody whom it was for is there any more"


@dataclass(frozen=True, slots=True)
class Spreading:
    """Any number of workers may run it: the queue's lock has one at a time for each announcement, and rows in hand are
    held besides.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    mail_domain: str
    pace: Pace
    portion: int = 500
    crowd: Crowd | None = None
    """While messages wait portions are small, and others get their turn between any two."""

    async def fall_due(self, connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        """A handler of `bot.desk.due`: its time has come, and a job begins with it."""
        found = await kept.find(connection, timer.subject, lock=True)
        if found is not None and found.state is AnnouncementState.SCHEDULED:
            await kept.move(connection, found.id, AnnouncementState.SENDING)
            await self.queue.defer(connection, [_job(found.id)])

    async def begin(self, announcement_id: str) -> None:
        """At once, here: whoever waits for the timer's job finds it done."""
        async with self.database.begin() as connection:
            found = await kept.find(connection, announcement_id, lock=True)
            if found is not None and found.state is AnnouncementState.SCHEDULED:
                await kept.move(connection, found.id, AnnouncementState.SENDING)
        await self(announcement_id)

    async def look(self) -> None:
        """The clock's duty: whatever is being sent has a job, and what has gone is through."""
        async with self.database.reading() as connection:
            sending = await kept.being_sent(connection)
        for announcement_id in sending:
            await self.ask_for(announcement_id)

    async def ask_for(self, announcement_id: str) -> None:
        await self.queue.nudge(ANNOUNCE, _lock(announcement_id), announcement_id=announcement_id)

    async def __call__(self, announcement_id: str) -> None:
        """The job: everything of it that may go by now."""
        await self._plan(announcement_id)
        while await self._mails(announcement_id):
            await self.queue.deliver(Destination.MAIL)
        while await self._posts(announcement_id):
            await self.queue.deliver(Destination.SLACK)
        await self._end(announcement_id)

    async def _plan(self, announcement_id: str) -> None:
        """Once, when it is due: whoever is in the segment now gets it, each at his time."""
        async with self.database.begin() as connection:
            found = await kept.find(connection, announcement_id, lock=True)
            if found is None or found.state is not AnnouncementState.SENDING or found.began_at is not None:
                return
            now = self.now()
            who = announcer(self.program, found.confirmed_by or found.created_by)
            if isinstance(who, NotDone):
                await not_sent(connection, self.program, found, who.text.replace("may not", "may not any more"), now)
                return
            plan = await planned_copies(connection, found.composed, self.program, now)
            if not plan.copies:
                why = f"nobody was in the segment {found.composed.segment}"
                await not_sent(connection, self.program, found, why, now)
                return
            await copies.plan(connection, found.id, *_rows(plan))
            await kept.move(connection, found.id, AnnouncementState.SENDING, began_at=now)
            doc = {
                "announcement": found.id, "subject": found.subject, "segment": str(found.composed.segment),
                "count": len(plan.copies),
            }  # fmt: skip
            await ledger.append(connection, "announcement", who.email, doc)

    async def _mails(self, announcement_id: str) -> bool:
        """Whether there may be more."""
        small = self.crowd is not None and await self.crowd.is_there()
        portion = min(self.portion, _SMALL) if small else self.portion
        async with self.database.begin() as connection:
            found = await self._at_work(connection, announcement_id)
            if found is None:
                return False
            now = self.now()
            rows = await copies.due_mails(connection, found.id, now, portion)
            if rows:
                await Mailing(self.program, self.mail_domain, self.pace, found, now).write(connection, rows)
            return len(rows) == portion

    async def _posts(self, announcement_id: str) -> bool:
        async with self.database.begin() as connection:
            found = await self._at_work(connection, announcement_id)
            if found is None:
                return False
            rows = await copies.due_posts(connection, found.id, self.now(), _POSTS)
            for row in rows:
                await self._post(connection, found, row)
            return len(rows) == _POSTS

    async def _post(self, connection: AsyncConnection, found: Announcement, row: PostRow) -> None:
        now = self.now()
        channel = await slack_channels.find(connection, row.channel_id)
        partner = await mirror.one(connection, Partner, row.partner_id)
        if channel is None or partner is None or channel.partner_id != row.partner_id:
            await self._skip(connection, found, row, _UNMAPPED)
        elif channel.paused:
            await self._skip(connection, found, row, _PAUSED)
        elif not await readers.somebody_reads(connection, found.id, partner.id):
            await copies.skip_post(connection, found.id, row.channel_id, _NOBODY_READS, now)
        else:
            text = filled(found.composed.text_for(row.language), Reader(partner), self.program)
            post = Posting(self.program, self.mail_domain, self.now)
            posted = await post(connection, found, text, partner, channel)
            await copies.post_queued(connection, found.id, row.channel_id, posted.thread_id, posted.outbox_id, now)

    async def _skip(self, connection: AsyncConnection, found: Announcement, row: PostRow, why: str) -> None:
        """Whoever would have read it there gets a mail instead."""
        await copies.skip_post(connection, found.id, row.channel_id, why, self.now())
        await copies.by_mail_instead(connection, found.id, row.partner_id)

    async def _end(self, announcement_id: str) -> None:
        async with self.database.begin() as connection:
            found = await kept.find(connection, announcement_id, lock=True)
            if found is None or found.state is not AnnouncementState.SENDING or found.began_at is None:
                return
            if not await progress.is_through(connection, found.id):
                return
            now = self.now()
            await kept.move(connection, found.id, AnnouncementState.SENT, ended_at=now)
            confirmed = await kept.confirmed_at(connection, found.id)
            if confirmed is None or now - confirmed >= _TOLD_AFTER:
                counted = await copies.counts(connection, found.id)
                await tell_gone_out(connection, self.program, found, counted)

    async def _at_work(self, connection: AsyncConnection, announcement_id: str) -> Announcement | None:
        """None where it is paused, cancelled or through: that counts at once."""
        found = await kept.at_work(connection, announcement_id)
        return found if found is not None and found.state is AnnouncementState.SENDING else None


_TOLD_AFTER = timedelta(minutes=1)
"""Whoever has just confirmed sees for himself that it goes out."""


def _rows(plan: Plan) -> tuple[list[RecipientRow], list[PostRow]]:
    recipients = [
        RecipientRow(
            copy.contact.id, copy.partner.id, copy.contact.email, copy.text.language, copy.by_mail, copy.by_slack,
            copy.due_at,
        )
        for copy in plan.copies
    ]  # fmt: skip
    posts = [
        PostRow(post.channel.team_id, post.channel.channel_id, post.partner.id, post.text.language, post.due_at)
        for post in plan.posts
    ]
    return recipients, posts


def _lock(announcement_id: str) -> str:
    return f"announce:{announcement_id}"


def _job(announcement_id: str) -> NewJob:
    return NewJob(ANNOUNCE, _lock(announcement_id), {"announcement_id": announcement_id})
