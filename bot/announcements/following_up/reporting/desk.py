"""Reports on announcements: on demand, and by themselves so many days after, to whoever announced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.faults import announcer
from bot.announcements.following_up.reporting import chart, table, words
from bot.announcements.following_up.reporting.sending import parcels
from bot.desk.due import Handler
from bot.storage import ledger, outbox
from bot.storage.announcing import reports
from bot.storage.announcing.reports import REPORT
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.announcement_report import AnnouncementReport
from bot.vocabulary.results import Done, NotDone
from knowledge.deal_clock import Timer
from knowledge.program import Manager, Program

DAYS = 14
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Reporting:
    """For managers only: a report counts across all partners. `days` is how long registrations are looked at, after
    the announcement and before it.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    days: int = field(default=DAYS)

    @property
    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {REPORT: self.fall_due}

    async def plan(self) -> int:
        """The clock's duty: set the timers of what has gone out; how many were set."""
        async with self.database.begin() as connection:
            return await reports.plan(connection, self.days)

    async def report(self, announcement_id: str, days: int = DAYS) -> AnnouncementReport | None:
        """As things stand; None for what is no announcement, or has not gone out yet. ValueError for fewer days than
        one or more than a year.
        """
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"a report covers 1 to {MOST_DAYS} days")
        async with self.database.reading() as connection:
            return await reports.report(connection, announcement_id, self.now(), days)

    def text(self, report: AnnouncementReport) -> str:
        return words.text(report, self._zone)

    def in_short(self, report: AnnouncementReport) -> str:
        return words.in_short(report)

    def csv(self, report: AnnouncementReport) -> bytes:
        """UTF-8 with a mark for spreadsheets."""
        return table.csv(report)

    def chart_png(self, report: AnnouncementReport) -> bytes:
        """Takes about a second of computing: call it in a thread."""
        return chart.chart_png(report, self._zone, self.program.brand.light)

    async def send(self, by: str, announcement_id: str, days: int = DAYS) -> Done | NotDone:
        """By mail to the manager who asks for it, with spreadsheet and picture; in Slack too, where he is known."""
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        if not 1 <= days <= MOST_DAYS:
            return NotDone(f"a report does not cover {days} days", f"name 1 to {MOST_DAYS} days")
        found = await self.report(announcement_id, days)
        if found is None:
            return NotDone("no such announcement has gone out", "`partnerline announcements list` shows all")
        async with self.database.begin() as connection:
            await self._send(connection, found, who, str(uuid4()))
        await self.queue.deliver(Destination.MAIL, Destination.SLACK)
        return Done(f"the report on “{found.subject}” is on its way to {who.email}", found.id)

    async def fall_due(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """A handler of `bot.desk.due`. Who has left the program since is written to no more."""
        found = await reports.report(connection, timer.subject, now, self.days)
        who = self.program.manager(found.by) if found else None
        if found is not None and who is not None:
            await self._send(connection, found, who, timer.key)

    async def _send(self, connection: AsyncConnection, found: AnnouncementReport, who: Manager, occasion: str) -> None:
        """Once for each `occasion`."""
        picture = await asyncio.to_thread(self.chart_png, found)
        rows = await parcels(connection, found, who, occasion, self.text(found), self.csv(found), picture)
        await outbox.put(connection, rows)
        said = {"announcement": found.id, "subject": found.subject, "to": who.email}
        await ledger.append(connection, "announcement_report", "partnerline", said)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.program.vendor.time_zone)
