"""Scheduling in one step: a text to a segment by mail, at a time of the vendor's clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.announcements.announce import by_mail
from bot.announcements.desk import ANNOUNCEMENT, AnnouncementDesk
from bot.storage.scheduled_announcements import Kept, State
from bot.vocabulary.announcing import Announcement, Preview, Timing
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment

__all__ = ["ANNOUNCEMENT", "Scheduling", "segment_of"]


@dataclass(frozen=True, slots=True)
class Scheduling:
    """Any number of processes may schedule and cancel at the same time."""

    desk: AnnouncementDesk

    async def schedule(
        self, announcement_id: str, by: str, segment: Segment, subject: str, markdown: str, at: datetime | None
    ) -> Kept | NotDone:
        """`announcement_id` is a UUID drawn by the caller: the same one is scheduled once, and answered alike again.
        `by` is a manager's address; `at` None is at once. Whoever is in the segment when it goes out gets it.
        """
        known = await self.desk.find(announcement_id)
        if known is not None and known.created_by != by:
            return NotDone("this announcement is somebody else's")
        zone = ZoneInfo(self.desk.program.vendor.time_zone)
        timing = Timing(at.astimezone(zone).replace(tzinfo=None) if at else None, keep_quiet=False)
        composed = by_mail(segment, subject, markdown, timing)
        if known is None:
            kept = await self.desk.keep(by, composed, announcement_id)
            if isinstance(kept, NotDone):
                return kept
        seen = await self.desk.preview(by, composed, 0)
        if isinstance(seen, NotDone):
            return seen
        done = await self.desk.confirm(by, announcement_id, seen.contacts)
        if isinstance(done, Preview):
            done = await self.desk.confirm(by, announcement_id, done.contacts)
        if isinstance(done, Preview):
            return NotDone("the segment changes just now", "try again in a moment")
        return done if isinstance(done, NotDone) else _kept(done)

    async def cancel(self, announcement_id: str, by: str) -> Done | NotDone:
        """One that waits for its time; what has begun to go out is stopped at the desk."""
        found = await self.desk.find(announcement_id)
        if found is not None and found.state in (State.SENDING, State.PAUSED, State.SENT):
            return NotDone(f"“{found.subject}” has gone out already", "announce what has changed since")
        return await self.desk.cancel(by, announcement_id)


def segment_of(kept: Kept) -> Segment:
    return Segment(**{name: tuple(values) for name, values in kept.segment.items()})


def _kept(done: Announcement) -> Kept:
    text = done.composed.text_for("")
    segment = asdict(done.composed.segment)
    return Kept(
        done.id, text.subject, text.body, segment, done.created_by, done.created_at, State(done.state), done.send_at
    )
