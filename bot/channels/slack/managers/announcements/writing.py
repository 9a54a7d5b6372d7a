"""Announcing at the counter: written in a form, looked at with its count, and sent or scheduled once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.slack.edge.interactions import Answer, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.managers.announcements import drafts
from bot.channels.slack.managers.announcements.composing import MisfilledError, composed
from bot.channels.slack.managers.announcements.drafts import LANGUAGE, SUBJECT, TEXT, Draft
from bot.channels.slack.managers.announcements.preview_view import confirmed_view, preview_view
from bot.channels.slack.managers.announcements.write_view import SEGMENT, TITLE, language_view, write_view
from bot.channels.slack.managers.frames import View, errors, instead, told
from bot.channels.slack.managers.markdown import headed, to_markdown
from bot.channels.slack.managers.ports import Announcements, Forms
from bot.channels.slack.managers.windows import Windows
from bot.vocabulary.announcing import Announcement, AnnouncementState, Composed, Preview
from bot.vocabulary.results import NotDone, in_sentences
from knowledge.program import Manager

MAY_NOT = "You may not announce. Who may stands in the program, under managers."
CLOSED = "This form is not open any more, so nothing was done. Start again with /partners announce."
SLOW = "That takes longer just now. Press again in a moment; nothing was sent."
_LONG = "This message has {:,} characters, and a form takes {:,}. `partnerline announce FILE.md` sends longer ones."
_TOO_LONG = "This text is longer than a form takes. Change it where it was written, by mail or in the console."
_BEGUN = "It has begun to go out, or was cancelled: it cannot be changed any more."


@dataclass(frozen=True, slots=True)
class Writing:
    """`zone` is the vendor's; `patience` in seconds: Slack waits three for what a form is answered."""

    forms: Forms
    announcements: Announcements
    windows: Windows
    zone: ZoneInfo
    now: Callable[[], datetime]
    patience: float = 1.8

    async def write(self, who: Manager, by: Person, trigger: str, subject: str = "") -> str:
        """Why there is no form, "" where there is one."""
        if not who.announces:
            return MAY_NOT
        return await self._open(by, trigger, drafts.begun(subject))

    async def write_this(self, who: Manager, shortcut: Shortcut) -> None:
        """The message as the text of an announcement; nobody else is told that somebody thinks of it."""
        if not who.announces:
            await self.windows.show(shortcut.trigger, told(TITLE, MAY_NOT))
            return
        subject, text = headed(to_markdown(shortcut.text))
        if len(text) > drafts.TEXT_LONG:
            long = _LONG.format(len(text), drafts.TEXT_LONG)
            await self.windows.show(shortcut.trigger, told(TITLE, long))
            return
        await self._open(shortcut.by, shortcut.trigger, drafts.begun(subject, text))

    async def written(self, who: Manager, submission: Submission) -> Answer:
        """On to the preview, or what is wrong at its field."""
        doc = await self._doc(submission)
        if doc is None:
            return instead(told(TITLE, CLOSED))
        draft = drafts.from_filled(submission.filled, drafts.from_doc(doc))
        segment = next((field for field, _label, _all in SEGMENT if field in submission.filled), SUBJECT)
        try:
            view = await self._looked_at(who, submission, doc, draft)
        except MisfilledError as fault:
            return errors(**{fault.field or segment: fault.why})
        return instead(view)

    async def language_written(self, who: Manager, submission: Submission) -> Answer:
        """On to the preview, with the text in one more language."""
        doc = await self._doc(submission)
        if doc is None:
            return instead(told(TITLE, CLOSED))
        if not submission.filled.get(LANGUAGE):
            return errors(**{LANGUAGE: "Choose the language of this text."})
        if submission.filled.get(TEXT, "").strip() and not submission.filled.get(SUBJECT, "").strip():
            return errors(**{SUBJECT: "It needs a subject in this language too."})
        draft = drafts.with_language(drafts.from_doc(doc), submission.filled, who.email)
        try:
            return instead(await self._looked_at(who, submission, doc, draft))
        except MisfilledError as fault:
            return errors(**{TEXT: fault.why})

    def as_written(self, press: ViewPress) -> None:
        """From the preview back to the form, with all that was filled in."""

        async def content(doc: Mapping[str, Any]) -> View:
            draft = drafts.from_doc(doc)
            return await self._write_view(press.meta, draft) if draft.is_short else told(TITLE, _TOO_LONG)

        self._refilled(press, content)

    def other_language(self, press: ViewPress) -> None:
        """From the preview to the text in one more language, or in the one that the button names."""

        async def content(doc: Mapping[str, Any]) -> View:
            draft = drafts.from_doc(doc)
            return language_view(press.meta, draft, press.value) if draft.is_short else told(TITLE, _TOO_LONG)

        self._refilled(press, content)

    def test(self, who: Manager, press: ViewPress) -> None:
        """A copy to the manager; the preview says that it went."""

        async def content(doc: Mapping[str, Any]) -> View:
            made = await self._composed(drafts.from_doc(doc))
            done = await self.announcements.test(who.email, made)
            seen = await self.announcements.preview(who.email, made)
            if isinstance(seen, NotDone):
                return told(TITLE, in_sentences(seen))
            return preview_view(press.meta, seen, made, self.zone, result=in_sentences(done))

        self._refilled(press, content)

    async def confirmed(self, who: Manager, submission: Submission) -> Answer:
        """Sent or scheduled, once for this form; where the count is another one than was shown it is shown again."""
        doc = await self._doc(submission)
        if doc is None or "count" not in doc:
            return instead(told(TITLE, CLOSED))
        draft = drafts.from_doc(doc)
        try:
            made = await self._composed(draft)
            async with asyncio.timeout(self.patience):
                seen = str(doc.get("seen", ""))
                done = await self.announcements.confirm(who.email, str(doc["announcement"]), int(doc["count"]), seen)
        except MisfilledError as fault:
            return instead(await self._write_view(submission.meta, draft, fault.why))
        except TimeoutError:
            return instead(await self._write_view(submission.meta, draft, SLOW))
        if isinstance(done, NotDone):
            return instead(await self._write_view(submission.meta, draft, in_sentences(done)))
        if isinstance(done, Preview):
            await self.forms.keep(submission.meta, submission.by.user, {**doc, "count": done.contacts})
            return instead(preview_view(submission.meta, done, made, self.zone, changed=True))
        return instead(confirmed_view(done, int(doc["count"]), self.zone))

    async def reopened(self, who: Manager, by: Person, announcement: Announcement) -> View:
        """The preview of a draft, or of one that waits for its time."""
        if not who.announces:
            return told(TITLE, MAY_NOT)
        if announcement.state not in (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED):
            return told(TITLE, _BEGUN)
        draft = drafts.from_composed(announcement.composed)
        seen = await self.announcements.preview(who.email, announcement.composed)
        count = 0 if isinstance(seen, NotDone) else seen.contacts
        shown = {"announcement": announcement.id, "count": count, "seen": announcement.composed.version}
        doc = drafts.to_doc(draft) | shown
        form = await self.forms.open(by.user, doc)
        if not isinstance(seen, NotDone):
            return preview_view(form, seen, announcement.composed, self.zone)
        why = in_sentences(seen)
        return await self._write_view(form, draft, why) if draft.is_short else told(TITLE, why, _TOO_LONG)

    async def _open(self, by: Person, trigger: str, draft: Draft) -> str:
        async def content() -> View:
            form = await self.forms.open(by.user, drafts.to_doc(draft))
            return await self._write_view(form, draft)

        return await self.windows.open(trigger, TITLE, content)

    async def _looked_at(self, who: Manager, submission: Submission, doc: Mapping[str, Any], draft: Draft) -> View:
        """The preview, and the draft kept. Raises MisfilledError, of no field where it is about the segment."""
        made = await self._composed(draft)
        try:
            async with asyncio.timeout(self.patience):
                seen = await self.announcements.preview(who.email, made)
        except TimeoutError:
            raise MisfilledError(SUBJECT, SLOW) from None
        if isinstance(seen, NotDone):
            raise MisfilledError(TEXT, in_sentences(seen))
        if not seen.contacts:
            raise MisfilledError("", _nobody(seen))
        kept = await self.announcements.keep(who.email, made, str(doc.get("announcement") or "") or None)
        if isinstance(kept, NotDone):
            raise MisfilledError(TEXT, in_sentences(kept))
        shown = {"announcement": kept.id, "count": seen.contacts, "seen": kept.composed.version}
        now = drafts.to_doc(draft) | shown
        await self.forms.keep(submission.meta, submission.by.user, now)
        return preview_view(submission.meta, seen, made, self.zone)

    async def _composed(self, draft: Draft) -> Composed:
        return composed(draft, await self.announcements.choices(), self.zone, self.now())

    async def _write_view(self, form: str, draft: Draft, why: str = "") -> View:
        """`why` nothing was sent, where that is so."""
        return write_view(form, draft, await self.announcements.choices(), self.zone.key, why)

    async def _doc(self, submission: Submission) -> Mapping[str, Any] | None:
        return await self.forms.find(submission.meta, submission.by.user)

    def _refilled(self, press: ViewPress, content: Callable[[Mapping[str, Any]], Awaitable[View]]) -> None:
        async def shown() -> View:
            doc = await self.forms.find(press.meta, press.by.user)
            if doc is None:
                return told(TITLE, CLOSED)
            try:
                return await content(doc)
            except MisfilledError as fault:
                return await self._write_view(press.meta, drafts.from_doc(doc), fault.why)

        self.windows.refill(press.view, TITLE, shown)


def _nobody(seen: Preview) -> str:
    left = f" {len(seen.left_out)} are left out." if seen.left_out else ""
    return f"Nobody is in the segment {seen.segment} whom it would reach.{left} Take a choice away until somebody is."
