"""Announcing at the counter: written in a form, looked at with its count, and sent or scheduled once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.slack.edge.interactions import Answer, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.managers import drafts
from bot.channels.slack.managers.announce_views import (
    SEGMENT,
    TITLE,
    preview_view,
    scheduled_view,
    sent_view,
    write_view,
)
from bot.channels.slack.managers.drafts import SUBJECT, TEXT, AtField
from bot.channels.slack.managers.frames import View, errors, instead, told
from bot.channels.slack.managers.markdown import headed, to_markdown
from bot.channels.slack.managers.ports import Announcements, Draft, Forms, Preview
from bot.channels.slack.managers.windows import Windows
from bot.vocabulary.results import NotDone, in_sentences
from knowledge.program import Manager

MAY_NOT = "You may not announce. Who may stands in the program, under managers."
CLOSED = "This form is not open any more, so nothing was done. Start again with /partners announce."
SLOW = "That takes longer just now. Press again in a moment; nothing was sent."
_LONG = "This message has {:,} characters, and a form takes {:,}. `partnerline announce FILE.md` sends longer ones."


@dataclass(frozen=True, slots=True)
class Announcing:
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
        return await self._open(by, trigger, Draft(subject=subject[: drafts.SUBJECT_LONG]))

    async def write_this(self, who: Manager, shortcut: Shortcut) -> None:
        """The message as the text of an announcement; nobody else is told that somebody thinks of it."""
        if not who.announces:
            await self.windows.show(shortcut.trigger, told(TITLE, MAY_NOT))
            return
        subject, text = headed(to_markdown(shortcut.text))
        if len(text) > drafts.TEXT_LONG:
            await self.windows.show(
                shortcut.trigger, told(TITLE, _LONG.format(len(text), drafts.TEXT_LONG))
            )  # fmt: skip
            return
        await self._open(shortcut.by, shortcut.trigger, Draft(subject[: drafts.SUBJECT_LONG], text))

    async def written(self, who: Manager, submission: Submission) -> Answer:
        """On to the preview, or what is wrong at its field."""
        doc = await self.forms.find(submission.meta, submission.by.user)
        if doc is None:
            return instead(told(TITLE, CLOSED))
        draft = drafts.from_filled(submission.filled)
        if fault := _empty(draft):
            return fault
        at = drafts.moment(draft, self.zone, self.now())
        if isinstance(at, AtField):
            return errors(**{at.field: at.why})
        seen = await self._preview(who, draft)
        if isinstance(seen, NotDone):
            return errors(**{_segment_field(submission.filled): in_sentences(seen)})
        await self._keep(submission, draft, seen.count)
        return instead(preview_view(submission.meta, seen, draft.subject, at))

    def as_written(self, press: ViewPress) -> None:
        """From the preview back to the form, with all that was filled in."""

        async def content() -> View:
            doc = await self.forms.find(press.meta, press.by.user)
            if doc is None:
                return told(TITLE, CLOSED)
            return await self._write_view(press.meta, drafts.from_doc(doc))

        self.windows.refill(press.view, TITLE, content)

    async def confirmed(self, who: Manager, submission: Submission) -> Answer:
        """Sent or scheduled, once for this form; where the count is another one than was shown it is shown again."""
        doc = await self.forms.find(submission.meta, submission.by.user)
        if doc is None or "count" not in doc:
            return instead(told(TITLE, CLOSED))
        draft = drafts.from_doc(doc)
        at = drafts.moment(draft, self.zone, self.now())
        if isinstance(at, AtField):
            return instead(await self._write_view(submission.meta, draft, at.why))
        seen = await self._preview(who, draft)
        if isinstance(seen, NotDone):
            return instead(await self._write_view(submission.meta, draft, in_sentences(seen)))
        if seen.count != doc["count"]:
            await self._keep(submission, draft, seen.count)
            return instead(preview_view(submission.meta, seen, draft.subject, at, changed=True))
        sent = await self.announcements.send(submission.meta, who.email, draft, at)
        if isinstance(sent, NotDone):
            return instead(await self._write_view(submission.meta, draft, in_sentences(sent)))
        return instead(sent_view(replace(sent, count=seen.count), at))

    async def show_scheduled(self, trigger: str) -> str:
        async def content() -> View:
            return scheduled_view(await self.announcements.waiting())

        return await self.windows.open(trigger, "Announcements", content)

    async def cancel(self, who: Manager, press: ViewPress) -> None:
        """Cancelled when this returns; the form it was pressed in shows what still waits."""
        done = await self.announcements.cancel(press.value, who.email)
        if press.home or not press.view:
            await self.windows.show(press.trigger, told("Announcements", in_sentences(done)))
            return

        async def content() -> View:
            return scheduled_view(await self.announcements.waiting(), in_sentences(done))

        self.windows.refill(press.view, "Announcements", content)

    async def _open(self, by: Person, trigger: str, draft: Draft) -> str:
        async def content() -> View:
            form = await self.forms.open(by.user, drafts.to_doc(draft))
            return await self._write_view(form, draft)

        return await self.windows.open(trigger, TITLE, content)

    async def _write_view(self, form: str, draft: Draft, why: str = "") -> View:
        """`why` nothing was sent, where that is so."""
        return write_view(form, draft, await self.announcements.choices(), self.zone.key, why)

    async def _preview(self, who: Manager, draft: Draft) -> Preview | NotDone:
        try:
            async with asyncio.timeout(self.patience):
                return await self.announcements.preview(who.email, draft)
        except TimeoutError:
            return NotDone(SLOW)

    async def _keep(self, submission: Submission, draft: Draft, count: int) -> None:
        doc: dict[str, Any] = drafts.to_doc(draft) | {"count": count}
        await self.forms.keep(submission.meta, submission.by.user, doc)


def _empty(draft: Draft) -> Answer | None:
    if not draft.subject:
        return errors(**{SUBJECT: "An announcement needs a subject."})
    return None if draft.text else errors(**{TEXT: "Write what partners should know."})


def _segment_field(filled: Mapping[str, str]) -> str:
    """A field that stands in the form."""
    return next((field for field, _label, _all in SEGMENT if field in filled), SUBJECT)
