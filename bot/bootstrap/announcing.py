"""Announcements, put together: the desk of managers, and the job that writes what they send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from bot.announcements.by_mail.taking import AnnouncingByMail
from bot.announcements.desk import ANNOUNCEMENT, AnnouncementDesk
from bot.announcements.following_up.desk import FollowingUp
from bot.announcements.following_up.reminding import Reminding
from bot.announcements.following_up.reporting.desk import Reporting
from bot.announcements.following_up.signing_up import SigningUp
from bot.announcements.planning.previewing import Looks, Seen
from bot.announcements.segments.saved import SavedSegments
from bot.announcements.sending.showing import ProgressInSlack
from bot.announcements.sending.spreading import Spreading
from bot.announcements.translations.translating import Translating
from bot.bootstrap.moment import today
from bot.bootstrap.understanding import make_translator
from bot.channels.email.outlet import MailWriter
from bot.channels.email.shown import shown
from bot.desk.due import Handler
from bot.operations.announcing import ConsoleAnnouncing
from bot.ports import FileSource
from bot.readers.builtin.language import language_of
from bot.storage.announcing.pace import Pace
from bot.storage.caps import Answering
from bot.storage.crowd import crowd_of
from bot.storage.database import Database
from bot.storage.queue import Queue
from config.settings import Settings
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class AnnouncementParts:
    desk: AnnouncementDesk
    spreading: Spreading
    following_up: FollowingUp
    shown: ProgressInSlack
    saved_segments: SavedSegments
    translating: Translating

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By kind of timer."""
        return {ANNOUNCEMENT: self.spreading.fall_due, **self.following_up.handlers}

    async def look(self) -> None:
        """The clock's duty: what is being sent goes on and is shown, and what has gone out is followed up."""
        await self.spreading.look()
        await self.shown()
        await self.following_up.plan()


def announcement_parts(
    settings: Settings,
    database: Database,
    queue: Queue,
    program: Program,
    clock: Callable[[], datetime],
    mail_domain: str,
    writer: MailWriter,
) -> AnnouncementParts:
    """`mail_domain` is that of our Message-IDs."""
    pace = Pace(settings.announcement_mails_per_minute)
    spreading = Spreading(database, queue, program, clock, mail_domain, pace, crowd=crowd_of(database))
    looks = looks_of(writer, clock)
    desk = AnnouncementDesk(database, queue, program, clock, mail_domain, pace, looks)
    following_up = FollowingUp(
        Reminding(database, queue, program, clock, mail_domain, pace),
        SigningUp(database, program, clock),
        Reporting(database, queue, program, clock),
    )
    shown_in_slack = ProgressInSlack(database, queue, program, clock)
    saved = SavedSegments(database, program, clock)
    translating = Translating(desk, program, make_translator(settings))
    return AnnouncementParts(desk, spreading, following_up, shown_in_slack, saved, translating)


def announcing_by_mail(
    parts: AnnouncementParts,
    database: Database,
    files: FileSource,
    program: Program,
    answering: Answering,
    clock: Callable[[], datetime],
) -> AnnouncingByMail:
    """`files` takes them out of mails."""
    day = partial(today, program, clock)
    return AnnouncingByMail(
        database, parts.desk, parts.following_up, files, program, answering, clock, day, language_of
    )


def announcing_in_console(
    parts: AnnouncementParts, program: Program, clock: Callable[[], datetime]
) -> ConsoleAnnouncing:
    day = partial(today, program, clock)
    return ConsoleAnnouncing(parts.desk, parts.saved_segments, parts.translating, parts.following_up, language_of, day)


def looks_of(writer: MailWriter, clock: Callable[[], datetime]) -> Looks:
    """An announcement as its reader gets it; the link by which he leaves the list is drawn when it is sent."""

    def looks(mail: Mapping[str, Any]) -> Seen:
        payload = {**mail, "reply_key": "", "opt_out_token": "preview"}
        payload.pop("documents", None)
        seen = shown(writer.write(str(uuid4()), "announcement", payload, clock()))
        return Seen(seen.text.replace("\r\n", "\n"), seen.html)

    return looks
