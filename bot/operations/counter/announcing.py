"""Announcements as the counter writes, previews, schedules and cancels them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.announcements.announce import AnnouncementDesk, fault_of
from bot.announcements.scheduling import Scheduling, segment_of
from bot.channels.slack.managers.ports import Draft, LeftOut, Preview, Scheduled
from bot.storage import scheduled_announcements
from bot.storage.codec import storable
from bot.storage.scheduled_announcements import Kept
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Announced, Recipient, Segment, SegmentChoices


@dataclass(frozen=True, slots=True)
class CounterAnnouncements:
    """Implements `bot.channels.slack.managers.ports.Announcements`. `looks` writes a mail as its reader gets it, in
    plain text, from what the outbox would keep; `language` tells a text's; `zone` is the vendor's.
    """

    desk: AnnouncementDesk
    scheduling: Scheduling
    looks: Callable[[Mapping[str, Any]], str]
    language: Callable[[str], str]
    zone: ZoneInfo

    async def choices(self) -> SegmentChoices:
        return await self.desk.choices()

    async def preview(self, by: str, draft: Draft) -> Preview | NotDone:
        draft = storable(draft)
        if fault := fault_of(draft.subject, draft.text):
            return fault
        found = await self.desk.announce(by, draft.segment, draft.subject, draft.text, dry_run=True)
        if isinstance(found, NotDone):
            return found
        if not found.count:
            return _nobody(draft.segment, found)
        language = self.language(draft.text)
        first = _reader(found, language)
        mail = {"to": first.email, "subject": draft.subject, "text": draft.text, "language": first.language}
        return Preview(
            count=found.count,
            partners=len({person.partner_name for person in found.recipients}),
            segment=str(draft.segment),
            left_out=tuple(LeftOut(f"{one.name} ({one.partner_name})", one.why) for one in found.left_out),
            reader=f"{first.name} of {first.partner_name}",
            looks=self.looks(mail),
            footer_in="" if first.language == language else first.language,
        )

    async def send(self, form: str, by: str, draft: Draft, at: datetime | None) -> Scheduled | NotDone:
        draft = storable(draft)
        kept = await self.scheduling.schedule(form, by, draft.segment, draft.subject, draft.text, at)
        return kept if isinstance(kept, NotDone) else self._scheduled(kept)

    async def waiting(self) -> tuple[Scheduled, ...]:
        async with self.desk.database.reading() as connection:
            return tuple(self._scheduled(kept) for kept in await scheduled_announcements.waiting(connection))

    async def cancel(self, announcement_id: str, by: str) -> Done | NotDone:
        return await self.scheduling.cancel(storable(announcement_id), by)

    def _scheduled(self, kept: Kept) -> Scheduled:
        at = (kept.send_at or kept.created_at).astimezone(self.zone)
        return Scheduled(kept.id, kept.subject, kept.created_by, str(segment_of(kept)), at)


def _reader(found: Announced, language: str) -> Recipient:
    """One of those who read the language that it is written in, where there is one: below the text each finds a footer
    in his own.
    """
    return next((one for one in found.recipients if one.language == language), found.recipients[0])


def _nobody(segment: Segment, found: Announced) -> NotDone:
    whom = f"nobody is in the segment {segment}"
    if found.left_out:
        whom += f" whom it would reach: {len(found.left_out)} are left out"
    return NotDone(whom, "take a choice away until somebody is")
