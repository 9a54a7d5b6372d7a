"""Announcements that go out at their time: kept with a timer, sent once by whoever sees it fall due, or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.announce import announcer, fault_of, one_line
from bot.announcements.segment import Audience
from bot.announcements.sending import Sending, reached_by
from bot.channels.slack.outbound.outlet import CARD
from bot.storage import announcements, ledger, outbox, scheduled_announcements, tasks, timers
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import TICK, Queue
from bot.storage.scheduled_announcements import Kept, State
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment
from knowledge.deal_clock import Timer
from knowledge.program import Manager, Program

ANNOUNCEMENT = "announcement"
"""The kind of its timer; the subject is the announcement's id."""
_SAME = timedelta(hours=24)
"""Within that time the same words to the same segment are one announcement, whoever sends them."""


@dataclass(frozen=True, slots=True)
class Scheduling:
    """Any number of processes may schedule, cancel and send at the same time."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    mail_domain: str

    async def schedule(
        self, announcement_id: str, by: str, segment: Segment, subject: str, markdown: str, at: datetime | None
    ) -> Kept | NotDone:
        """`announcement_id` is a UUID drawn by the caller: the same one is scheduled once, and answered alike again.
        `by` is a manager's address; `at` None is at once. Whoever is in the segment when it goes out gets it.
        """
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        subject = one_line(subject)
        if fault := fault_of(subject, markdown):
            return fault
        async with self.database.begin() as connection:
            kept = await self._kept(connection, announcement_id, who, segment, subject, markdown, at)
        if isinstance(kept, Kept) and at is None:
            await self.queue.nudge(TICK, f"due:{announcement_id}", name="due", tick=announcement_id)
        return kept

    async def cancel(self, announcement_id: str, by: str) -> Done | NotDone:
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        async with self.database.begin() as connection:
            kept = await scheduled_announcements.find(connection, announcement_id, lock=True)
            if kept is None:
                return NotDone("there is no such announcement", "`partnerline announcements list` shows all")
            if kept.state is State.SENT:
                return NotDone(f"“{kept.subject}” has gone out already", "announce what has changed since")
            if kept.state is State.SCHEDULED:
                await self._cancelled(connection, kept, who.email)
        return Done(f"“{kept.subject}” was cancelled and is not sent", kept.id)

    async def fall_due(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """A handler of `bot.desk.due`: all of it in the transaction in which the timer is done."""
        kept = await scheduled_announcements.find(connection, timer.subject, lock=True)
        if kept is None or kept.state is not State.SCHEDULED:
            return
        who = announcer(self.program, kept.created_by)
        if isinstance(who, NotDone):
            await self._not_sent(connection, kept, f"{kept.created_by} may not announce any more")
            return
        segment = segment_of(kept)
        reached = await reached_by(connection, segment, program=self.program, today=now.date())
        if not reached.recipients:
            await self._not_sent(connection, kept, f"nobody was in the segment {segment}")
            return
        send = Sending(self.program, self.now, self.mail_domain)
        entries = await send(connection, kept.id, kept.created_by, segment, kept.subject, kept.body, reached)
        await announcements.add_recipients(connection, kept.id, entries)
        await scheduled_announcements.move(connection, kept.id, State.SENT, now)
        if kept.send_at and kept.send_at > kept.created_at:
            await _tell(connection, who, kept, _gone_out(kept, reached))

    async def _kept(
        self, connection: AsyncConnection, announcement_id: str, who: Manager, segment: Segment, subject: str,
        markdown: str, at: datetime | None,
    ) -> Kept | NotDone:  # fmt: skip
        if known := await scheduled_announcements.find(connection, announcement_id):
            return _again(known, who)
        now = self.now()
        said = asdict(segment)
        if twin := await scheduled_announcements.same(connection, subject, markdown, said, now - _SAME):
            told = "goes out" if twin.state is State.SCHEDULED else "went out"
            return NotDone(
                f"{twin.created_by} announced exactly this to the same segment already: it {told} on "
                f"{twin.send_at or twin.created_at:%d %B %Y at %H:%M %Z}",
                "change the text or the segment if it is to be said once more",
            )
        due_at = at or now
        made = await scheduled_announcements.schedule(
            connection, announcement_id, subject=subject, body=markdown, segment=said, created_by=who.email,
            created_at=now, send_at=due_at,
        )  # fmt: skip
        if made:
            timer = Timer(f"{ANNOUNCEMENT}:{announcement_id}", ANNOUNCEMENT, announcement_id, due_at)
            await timers.schedule(connection, timer)
            doc = {"announcement": announcement_id, "subject": subject, "segment": str(segment)}
            await ledger.append(
                connection, "announcement_scheduled", who.email, doc | {"send_at": due_at.isoformat()}
            )  # fmt: skip
        found = await scheduled_announcements.find(connection, announcement_id)
        return found if found is not None else NotDone("the announcement could not be kept")

    async def _cancelled(self, connection: AsyncConnection, kept: Kept, by: str) -> None:
        await scheduled_announcements.move(connection, kept.id, State.CANCELLED)
        await timers.cancel(connection, f"{ANNOUNCEMENT}:{kept.id}")
        doc = {"announcement": kept.id, "subject": kept.subject}
        await ledger.append(connection, "announcement_cancelled", by, doc)

    async def _not_sent(self, connection: AsyncConnection, kept: Kept, why: str) -> None:
        """A person is told: he expects that it went out."""
        await self._cancelled(connection, kept, "partnerline")
        told = f"the announcement “{kept.subject}” of {kept.created_by} fell due and was not sent: {why}"
        await tasks.open_task(connection, f"announcement:{kept.id}", "notice", told, manager_email=kept.created_by)
        if who := self.program.manager(kept.created_by):
            await _tell(connection, who, kept, f"Your announcement “{kept.subject}” was not sent: {why}.")


async def _tell(connection: AsyncConnection, who: Manager, kept: Kept, words: str) -> None:
    """Directly to whoever scheduled it, where he is known in Slack."""
    if who.slack_user_id:
        payload = storable({"channel": who.slack_user_id, "thread_ts": "", "text": words})
        row = Outgoing(f"announced:{kept.id}", Destination.SLACK, CARD, payload, ordering=who.slack_user_id)
        await outbox.put(connection, [row])


def _gone_out(kept: Kept, reached: Audience) -> str:
    people, partners = len(reached.recipients), len({partner.id for partner, _ in reached.recipients})
    whom = f"{people} {'person' if people == 1 else 'people'} at {partners} partner{'' if partners == 1 else 's'}"
    return f"Your announcement “{kept.subject}” has gone out, to {whom}. `/partners status` counts the answers."


def _again(known: Kept, who: Manager) -> Kept | NotDone:
    """What was scheduled already under this id."""
    if known.created_by != who.email:
        return NotDone("this announcement is somebody else's")
    if known.state is State.CANCELLED:
        return NotDone(f"“{known.subject}” was cancelled", "write it anew if it is to go out after all")
    return known


def segment_of(kept: Kept) -> Segment:
    return Segment(**{name: tuple(values) for name, values in kept.segment.items()})
