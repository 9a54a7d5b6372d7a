"""Announcements as the console composes, confirms and follows them, each act by the desk that all surfaces share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.announcements.composing import attaching
from bot.announcements.composing.attaching import GivenFile
from bot.announcements.composing.faults import fault_of
from bot.announcements.desk import AnnouncementDesk
from bot.announcements.following_up.desk import FollowingUp
from bot.announcements.following_up.reporting.sending import file_name
from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.announcements.segments.saved import SavedSegments
from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.reading import Surroundings, read_text
from bot.announcements.text_format.writing import as_text
from bot.announcements.translations.translating import Translating, missing
from bot.channels.console.announcing.views import AnnouncementRow, Awaiting, NamedFile, PartFault, Reached
from bot.storage.announcing import tallied
from bot.storage.codec import storable
from bot.vocabulary.announcement_report import AnnouncementReport, SignUps
from bot.vocabulary.announcing import Announcement, AnnouncementText, Composed, Preview, Progress
from bot.vocabulary.documents import CSV, PNG, Document
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Recipient, Segment, SegmentChoices
from crm.records import language_of

_LISTED = 200


@dataclass(frozen=True, slots=True)
class ConsoleAnnouncing:
    """Implements `bot.channels.console.announcing.ports.Announcing`. `language` tells that of a text without a mark."""

    desk: AnnouncementDesk
    segments: SavedSegments
    translating: Translating
    after: FollowingUp
    language: Callable[[str], str]
    today: Callable[[], date]

    async def choices(self) -> SegmentChoices:
        return await self.desk.choices()

    async def segment_of(self, words: str) -> Segment | NotDone:
        try:
            return parse_segment(storable(words), await self.desk.choices())
        except SegmentFault as fault:
            return NotDone(_sentence(str(fault)))

    async def reached(self, segment: Segment) -> Reached:
        found = await self.segments.audience(storable(segment))
        people = (
            Recipient(contact.name, contact.email, partner.name, language_of(contact, partner))
            for partner, contact in found.recipients
        )
        return Reached(tuple(people), found.left_out)

    async def read_text(self, text: str) -> Composed | NotDone:
        choices = await self.desk.choices()
        around = Surroundings(lambda words: parse_segment(words, choices), self.language, today=self.today())
        read = read_text(text, around)
        return read.as_not_done() if isinstance(read, Faults) else read.composed

    def as_text(self, composed: Composed) -> str:
        return as_text(composed)

    async def keep_file(self, name: str, content: bytes, declared: str) -> Document | NotDone:
        async with self.desk.database.begin() as connection:
            kept = await attaching.keep(connection, GivenFile(storable(name), content, storable(declared)))
        return kept if isinstance(kept, Document) else NotDone(kept)

    def faults(self, composed: Composed) -> tuple[PartFault, ...]:
        tried = ((part, fault_of(alone)) for part, alone in _parts(composed))
        return tuple(PartFault(part, _sentences(fault)) for part, fault in tried if fault is not None)

    async def keep(self, by: str, composed: Composed, announcement_id: str) -> Announcement | NotDone:
        return await self.desk.keep(by, composed, announcement_id)

    async def save_segment(self, by: str, name: str, segment: Segment) -> Done | NotDone:
        return _told(await self.segments.save(by, name, segment))

    async def delete_segment(self, by: str, name: str) -> Done | NotDone:
        return _told(await self.segments.delete(by, name))

    async def find(self, announcement_id: str) -> Announcement | None:
        return await self.desk.find(storable(announcement_id))

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone:
        return await self.desk.preview(by, composed)

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        return _told(await self.desk.test(by, composed))

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        done = await self.desk.confirm(by, storable(announcement_id), count, seen)
        return _sentences(done) if isinstance(done, NotDone) else done

    @property
    def can_propose(self) -> bool:
        return self.translating.translator is not None

    def missing_languages(self, composed: Composed) -> tuple[str, ...]:
        return missing(composed)

    async def propose(self, by: str, announcement_id: str, languages: Sequence[str]) -> Done | NotDone:
        done = await self.translating.propose(by, storable(announcement_id), languages)
        if isinstance(done, NotDone):
            return _sentences(done)
        not_shown = "; ".join(f"{language}: {why}" for language, why in done.not_shown)
        return Done(f"Read what is proposed, and approve it.{f' Not proposed: {not_shown}.' if not_shown else ''}")

    async def approve(
        self, by: str, announcement_id: str, language: str, subject: str, body: str
    ) -> Announcement | NotDone:
        done = await self.translating.approve(by, storable(announcement_id), language, subject, body)
        return _sentences(done) if isinstance(done, NotDone) else done

    async def listed(self) -> tuple[AnnouncementRow, ...]:
        found = await self.desk.listed(_LISTED)
        async with self.desk.database.reading() as connection:
            counted = {tally.id: tally for tally in await tallied.tallies(connection, limit=_LISTED)}
        return tuple(
            AnnouncementRow(one, t.recipients, t.delivered, t.yes, t.no, t.maybe, t.opted_out)
            if (t := counted.get(one.id))
            else AnnouncementRow(one)
            for one in found
        )

    async def progress(self, announcement_id: str) -> Progress | None:
        return await self.desk.progress(storable(announcement_id))

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        return _told(await self.desk.pause(by, storable(announcement_id)))

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        return _told(await self.desk.resume(by, storable(announcement_id)))

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        return _told(await self.desk.cancel(by, storable(announcement_id)))

    async def awaiting(self, announcement_id: str) -> Awaiting | None:
        found = await self.after.reminding.awaited(storable(announcement_id))
        return Awaiting(found.people, found.channels, found.left_out) if found else None

    async def remind(self, by: str, announcement_id: str, count: int) -> Done | NotDone:
        return _told(await self.after.reminding.remind(by, storable(announcement_id), count))

    async def sign_ups(self, announcement_id: str) -> SignUps | None:
        return await self.after.signing_up.listed(storable(announcement_id))

    async def sign_ups_csv(self, announcement_id: str) -> NamedFile | None:
        found = await self.sign_ups(announcement_id)
        if found is None:
            return None
        return NamedFile(f"answers-{found.id[:8]}.csv", CSV, self.after.signing_up.csv(found))

    async def report(self, announcement_id: str) -> AnnouncementReport | None:
        return await self.after.reporting.report(storable(announcement_id))

    async def report_csv(self, announcement_id: str) -> NamedFile | None:
        found = await self.report(announcement_id)
        return NamedFile(f"{file_name(found)}.csv", CSV, self.after.reporting.csv(found)) if found else None

    async def chart(self, announcement_id: str) -> NamedFile | None:
        found = await self.report(announcement_id)
        if found is None:
            return None
        picture = await asyncio.to_thread(self.after.reporting.chart_png, found)
        return NamedFile(f"{file_name(found)}.png", PNG, picture)


_GOOD = AnnouncementText("", "Subject", "Text")


def _parts(composed: Composed) -> Iterator[tuple[str, Composed]]:
    """Each part beside nothing that could be wrong."""
    for place, text in enumerate(composed.texts):
        yield f"text-{place}", Composed((replace(text, approved=True),))
    bare = tuple(replace(text, subject="Subject", body="Text") for text in composed.texts)
    known = tuple(text for text in bare if fault_of(Composed((replace(text, approved=True),))) is None)
    if known:
        yield "languages", Composed(known, fallback=composed.fallback)
    yield "call", Composed((_GOOD,), call=composed.call)
    yield "files", Composed((_GOOD,), documents=composed.documents)
    yield "remind", Composed((_GOOD,), remind_after=composed.remind_after)
    yield "at", Composed((_GOOD,), timing=composed.timing)


def _told(done: Done | NotDone) -> Done | NotDone:
    return Done(_sentence(done.text), done.reference) if isinstance(done, Done) else _sentences(done)


def _sentences(fault: NotDone) -> NotDone:
    return NotDone(_sentence(fault.text), _sentence(fault.fix))


def _sentence(words: str) -> str:
    words = words.strip()
    if not words:
        return ""
    return f"{words[0].upper()}{words[1:]}{'' if words[-1] in '.!?' else '.'}"
