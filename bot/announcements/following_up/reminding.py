"""Reminders: whoever has not answered an announcement hears of it once more, in the thread of the first copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.faults import announcer
from bot.announcements.following_up.reminder_rows import ReminderRows
from bot.desk.due import Handler
from bot.storage import ledger, timers
from bot.storage.announcing import followed, reminders
from bot.storage.announcing.followed import Announced
from bot.storage.announcing.pace import Pace
from bot.storage.announcing.reminders import DUE, PORTION, REMINDER
from bot.storage.database import Database
from bot.storage.queue import TICK, Queue
from bot.vocabulary.announcing import AnnouncementState, CallKind
from bot.vocabulary.results import Done, NotDone
from knowledge.deal_clock import Timer
from knowledge.program import Program

MOST_ROUNDS = 2
PAUSE = timedelta(hours=24)
"""No second reminder within that time."""
_PORTION = 500  # mails in one transaction
_POSTS = 100
_PAUSED = timedelta(minutes=5)  # until it is looked at again


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whom a reminder reaches as things stand: `people` by mail, `channels` by a line below the post; and how many
    recipients it leaves out, by why.
    """

    people: int
    channels: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reminding:
    """Any number of processes may order reminders and write them: each round is one, and each of its parts is written
    once, in a transaction of its own, so that a restart goes on where the last one ended.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    mail_domain: str
    pace: Pace
    portion: int = _PORTION

    @property
    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {REMINDER: self.begin, PORTION: self.go_on}

    async def plan(self) -> int:
        """The clock's duty: set the timers of what has gone out and is to be reminded of; how many were set."""
        async with self.database.begin() as connection:
            return await reminders.plan(connection)

    async def awaited(self, announcement_id: str) -> Awaited | None:
        """None for what is no announcement."""
        async with self.database.reading() as connection:
            found = await followed.find(connection, announcement_id)
            return await self._awaited(connection, found) if found else None

    async def remind(self, by: str, announcement_id: str, count: int | None = None) -> Done | NotDone:
        """At once, by a manager's address. With `count`, the people and channels that he was shown, only where they are
        as many still.
        """
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        async with self.database.begin() as connection:
            found = await followed.find(connection, announcement_id, lock=True)
            if found is None:
                return NotDone("there is no such announcement", "`partnerline announcements list` shows all")
            number, waiting = await reminders.rounds(connection, found.id)
            waited = await self._awaited(connection, found)
            fault = await self._fault(connection, found, number) or _nobody(waited) or _changed(waited, count)
            if fault:
                return fault
            now = self.now()
            key = waiting or f"{REMINDER}:{found.id}:{number + 1}"
            await timers.schedule(connection, Timer(key, REMINDER, found.id, now, {"by": who.email}))
            await reminders.note_round(connection, found.id, now)
        await self.queue.nudge(TICK, f"due:{key}", name="due", tick=key)
        return Done(f"“{found.subject}”: {_told(waited)} reminded", found.id)

    async def begin(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """A handler of `bot.desk.due`: a round begins, by its time or since a manager said so."""
        found = await followed.find(connection, timer.subject, lock=True)
        if found is None or (not timer.payload.get("by") and await self._automatic_fault(connection, found)):
            return
        await reminders.note_round(connection, found.id, now)
        said = {"announcement": found.id, "subject": found.subject}
        await ledger.append(connection, "announcement_reminder", timer.payload.get("by") or "partnerline", said)
        await self._next(connection, timer.key, found.id, 1, now, now)

    async def go_on(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """A handler of `bot.desk.due`: the next part of a round, as things stand now; mails first, then posts."""
        found = await followed.find(connection, timer.subject)
        if found is None or found.state is AnnouncementState.CANCELLED:
            return
        if found.state is AnnouncementState.PAUSED:
            await timers.again(connection, timer.key, now + _PAUSED)
            return
        began = datetime.fromisoformat(timer.payload["began"])
        rows = ReminderRows(self.program, self.mail_domain, found, timer.payload["round"], self.pace)
        people = await reminders.readers(connection, found, began, now, self._today(now), self.portion)
        places = [] if people else await reminders.posts(connection, found, began, _POSTS)
        await rows.mails(connection, people, now)
        await rows.posts(connection, places, now)
        if people or places:
            await self._next(connection, timer.payload["round"], found.id, int(timer.payload["part"]) + 1, began, now)

    async def _next(
        self, connection: AsyncConnection, round_: str, announcement_id: str, part: int, began: datetime, now: datetime
    ) -> None:
        payload = {"round": round_, "part": str(part), "began": began.isoformat()}
        await timers.schedule(connection, Timer(f"{round_}:{part}", PORTION, announcement_id, now, payload))

    async def _awaited(self, connection: AsyncConnection, found: Announced) -> Awaited:
        now = self.now()
        counted = await reminders.counts(connection, found, now, self._today(now))
        channels = await reminders.count_posts(connection, found)
        return Awaited(counted.pop(DUE, 0), channels, counted)

    async def _fault(self, connection: AsyncConnection, found: Announced, number: int) -> NotDone | None:
        """Why nobody is to be reminded now, whoever wishes it."""
        if found.call.kind is CallKind.NONE:
            return NotDone(f"“{found.subject}” asks for no answer", "announce what is to be answered")
        if found.state not in (AnnouncementState.SENDING, AnnouncementState.SENT):
            return NotDone(f"“{found.subject}” has not gone out", "remind when partners have got it")
        if number >= MOST_ROUNDS:
            return NotDone(f"“{found.subject}” was reminded of {number} times, which is the most", "call who matters")
        if await reminders.is_under_way(connection, found.id):
            return NotDone(f"a reminder of “{found.subject}” is on its way already")
        if found.reminded_at is not None and self.now() < found.reminded_at + PAUSE:
            again = (found.reminded_at + PAUSE).astimezone(self._zone)
            return NotDone(f"“{found.subject}” was reminded of within the last day", f"again from {again:%d %B, %H:%M}")
        return None

    async def _automatic_fault(self, connection: AsyncConnection, found: Announced) -> NotDone | None:
        """As for a manager's, without the round that is just beginning."""
        number, _ = await reminders.rounds(connection, found.id)
        return await self._fault(connection, found, number - 1)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.program.vendor.time_zone)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def _nobody(waited: Awaited) -> NotDone | None:
    if waited.people or waited.channels:
        return None
    why = ", ".join(f"{count} {why}" for why, count in sorted(waited.left_out.items()))
    return NotDone(f"there is nobody to remind{f': {why}' if why else ''}")


def _changed(waited: Awaited, count: int | None) -> NotDone | None:
    if count is None or count == waited.people + waited.channels:
        return None
    return NotDone(f"it is {in_words(waited)} by now, no longer {count}", "confirm the new count")


def in_words(waited: Awaited) -> str:
    """How many people by mail and channels: `41 people and 3 channels`."""
    people = f"{waited.people} {'person' if waited.people == 1 else 'people'}" if waited.people else ""
    channels = f"{waited.channels} {'channel' if waited.channels == 1 else 'channels'}" if waited.channels else ""
    return " and ".join(filter(None, (people, channels))) or "nobody"


def _told(waited: Awaited) -> str:
    return f"{in_words(waited)} {'is' if waited.people + waited.channels == 1 else 'are'}"
