"""A manager's mails about an announcement: the text, and what is ordered in reply to its preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.announcements.by_mail.closing import Answer
from bot.announcements.by_mail.desk import Desk, FollowUp
from bot.announcements.by_mail.orders import Order, Unclear, Version, Word, understood
from bot.announcements.by_mail.wording import (
    confirmed_in_words,
    faulty_in_words,
    help_in_words,
    preview_in_words,
    progress_in_words,
    state_in_words,
)
from bot.announcements.segments.parsing import parse_segment
from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.reading import Surroundings, read_text
from bot.announcements.text_format.revising import revised
from bot.announcements.text_format.writing import as_text
from bot.storage.composing_by_mail import Composing, Shown
from bot.vocabulary.announcing import Announcement, AnnouncementState, Composed, Preview
from bot.vocabulary.layout import Block, Paragraph
from bot.vocabulary.results import Done, NotDone, in_sentences
from knowledge.program import Manager, Vendor

_OPEN = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Conversation:
    """With one manager about one announcement; whether he may is the desk's to check at each step. A new one is kept
    under the id `fresh`, so that a mail which is handled twice makes one.
    """

    desk: Desk
    follow_up: FollowUp
    vendor: Vendor
    language_of: Callable[[str], str]
    today: date
    who: Manager
    fresh: str

    async def went_on(self, composing: Composing, text: str, shown: Shown | None) -> Answer:
        """The answer to a reply; `shown` is the preview that it answers."""
        match understood(text):
            case Version(newer):
                return await self.read(replace(composing, text=revised(composing.text, newer)))
            case Unclear(why):
                return Answer("announcement_unclear", help_in_words(why), composing)
            case Order() as order:
                return await self._ordered(order, composing, shown)

    async def read(self, composing: Composing) -> Answer:
        """The answer to a text, or to files that came for it: its preview, or what has to be mended."""
        choices = await self.desk.choices()
        around = Surroundings(lambda words: parse_segment(words, choices), self.language_of, today=self.today)
        found = read_text(composing.text, around)
        if isinstance(found, Faults):
            return Answer("announcement_faulty", faulty_in_words(found.lines()), composing)
        composed = replace(found.composed, documents=composing.documents)
        kept = await self.desk.keep(self.who.email, composed, composing.announcement_id or self.fresh)
        if isinstance(kept, NotDone):
            return Answer("announcement_faulty", faulty_in_words([in_sentences(kept)]), composing)
        return await self._shown(replace(composing, announcement_id=kept.id), kept.composed)

    async def _shown(self, composing: Composing, composed: Composed, first: str = "") -> Answer:
        preview = await self.desk.preview(self.who.email, composed)
        if isinstance(preview, NotDone):
            return Answer("announcement_faulty", faulty_in_words([in_sentences(preview)]), composing)
        return self._previewed(composing, composed, preview, first)

    def _previewed(self, composing: Composing, composed: Composed, preview: Preview, first: str = "") -> Answer:
        blocks: tuple[Block, ...] = preview_in_words(composed, preview, self.vendor)
        if first:
            blocks = (Paragraph(first), *blocks)
        return Answer("announcement_previewed", blocks, composing, composed.version, preview.contacts)

    async def _ordered(self, order: Order, composing: Composing, shown: Shown | None) -> Answer:
        kept = await self.desk.find(composing.announcement_id) if composing.announcement_id else None
        if kept is None:
            if order.word is Word.CANCEL:
                return _said("announcement_cancelled", "It was not sent, and is not.", composing)
            return await self.read(composing)  # what has to be mended is said once more
        if order.word is Word.SEND:
            return await self._send(order, composing, kept, shown)
        if order.word is Word.PREVIEW:
            return await self._shown(self._as_kept(composing, kept), kept.composed)
        return await self._done(order.word, composing, kept)

    async def _done(self, word: Word, composing: Composing, kept: Announcement) -> Answer:
        by, name = self.who.email, kept.id
        match word:
            case Word.TEST:
                result = await self.desk.test(by, kept.composed)
            case Word.CANCEL:
                result = await self.desk.cancel(by, name)
            case Word.PAUSE:
                result = await self.desk.pause(by, name)
            case Word.RESUME:
                result = await self.desk.resume(by, name)
            case Word.REMIND:
                result = await self.follow_up.remind(by, name)
            case Word.REPORT:
                return await self._report(composing, kept)
            case _:
                return _said("announcement_progress", await self._progress(kept), composing)
        outcome = f"announcement_{word}_{'done' if isinstance(result, Done) else 'not_done'}"
        return _said(outcome, in_sentences(result), composing)

    async def _report(self, composing: Composing, kept: Announcement) -> Answer:
        said = _said("announcement_report", await self.follow_up.report(kept.id) or state_in_words(kept), composing)
        return replace(said, files=await self.follow_up.report_files(kept.id))

    async def _progress(self, kept: Announcement) -> str:
        progress = await self.desk.progress(kept.id)
        return progress_in_words(kept.subject, progress, self.vendor) if progress else state_in_words(kept)

    async def _send(self, order: Order, composing: Composing, kept: Announcement, shown: Shown | None) -> Answer:
        """Only what the answered mail showed goes out, to as many people as it said."""
        if kept.state not in _OPEN:
            return _said("announcement_sent_before", await self._progress(kept), composing)
        if kept.state is AnnouncementState.SCHEDULED and order.at in (None, kept.composed.timing.at):
            return _said("announcement_sent_before", confirmed_in_words(kept, self.vendor), composing)
        composing = self._as_kept(composing, kept)
        if shown is None or shown.version != kept.composed.version:
            first = "Nothing is sent yet: the mail that you answered showed another version. This is the newest one."
            return await self._shown(composing, kept.composed, first)
        if order.count is not None and order.count != shown.count:
            first = (
                f"Nothing is sent yet: you wrote {order.count:,}, and the mail that you answered said {shown.count:,}."
            )
            return await self._shown(composing, kept.composed, first)
        if order.at is not None:
            timing = replace(kept.composed.timing, at=order.at, zone=order.zone or kept.composed.timing.zone)
            changed = await self.desk.keep(self.who.email, replace(kept.composed, timing=timing), kept.id)
            if isinstance(changed, NotDone):
                return _said("announcement_send_not_done", in_sentences(changed), composing)
            kept = changed
        return await self._confirmed(self._as_kept(composing, kept), kept, shown.count)

    async def _confirmed(self, composing: Composing, kept: Announcement, count: int) -> Answer:
        done = await self.desk.confirm(self.who.email, kept.id, count, kept.composed.version)
        if isinstance(done, Preview):
            first = f"Nothing is sent yet: it was {count:,} people, and has changed since. This is how it stands now."
            return self._previewed(composing, kept.composed, done, first)
        if isinstance(done, NotDone):
            return _said("announcement_send_not_done", in_sentences(done), composing)
        return _said("announcement_send_done", confirmed_in_words(done, self.vendor, count), composing)

    def _as_kept(self, composing: Composing, kept: Announcement) -> Composing:
        """The text as it was changed elsewhere meanwhile, where it was."""
        if any(one.version == kept.composed.version for one in composing.shown):
            return composing
        return replace(composing, text=as_text(kept.composed), documents=kept.composed.documents)


def _said(outcome: str, words: str, composing: Composing) -> Answer:
    return Answer(outcome, (Paragraph(words),), composing)
