"""What goes on with announcements: shown in a list, opened, paused, resumed, cancelled, reported on and reminded of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.channels.slack.edge.interactions import Person, ViewPress
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.list_view import TITLE, list_view
from bot.channels.slack.managers.announcements.writing import MAY_NOT, Writing
from bot.channels.slack.managers.frames import View, told
from bot.channels.slack.managers.ports import Announcements
from bot.channels.slack.managers.windows import Windows
from bot.vocabulary.announcing import Announcement, AnnouncementState
from bot.vocabulary.results import Done, NotDone, in_sentences
from knowledge.program import Manager

_UNKNOWN = "There is no such announcement any more."
_WHICH = (
    "Which announcement? `/partners announcements` shows all; `/partners report` and a part of its subject finds it."
)
_SEVERAL = "Several announcements are called like that: {}. Say more of the subject, or use `/partners announcements`."


@dataclass(frozen=True, slots=True)
class Running:
    """`zone` is the vendor's. Who may do it is looked up by whoever does it."""

    announcements: Announcements
    windows: Windows
    writing: Writing
    zone: ZoneInfo

    async def show(self, trigger: str, *, waiting: bool = False) -> str:
        """All of them, or those that wait for their time; why they cannot be shown, "" where they are."""

        async def content() -> View:
            return await self._list(waiting=waiting)

        return await self.windows.open(trigger, TITLE, content)

    def show_here(self, press: ViewPress) -> None:
        """In the form in which it was pressed."""
        self.windows.refill(press.view, TITLE, self._list)

    async def open(self, who: Manager, press: ViewPress) -> None:
        async def content() -> View:
            found = await self.announcements.find(press.value)
            return await self.writing.reopened(who, press.by, found) if found else told(TITLE, _UNKNOWN)

        if press.view:
            self.windows.refill(press.view, TITLE, content)
        else:
            await self.windows.open(press.trigger, TITLE, content)

    async def act(self, who: Manager, press: ViewPress) -> None:
        """Done when this returns, but for a report; the form it was pressed in shows how things stand then."""
        if press.action == actions.REPORT:
            await self._report(press.by, press.trigger, press.value, "" if press.home else press.view)
            return
        done = await self._done(who, press)
        if press.home or not press.view:
            await self.windows.show(press.trigger, told(TITLE, in_sentences(done)))
            return

        async def content() -> View:
            return await self._list(in_sentences(done))

        self.windows.refill(press.view, TITLE, content)

    async def report(self, by: Person, trigger: str, words: str) -> str:
        """Of the announcement whose subject has these words, written to the manager directly; why it is not, or ""."""
        found = [one.announcement for one in await self.announcements.listed()]
        meant = _meant([one for one in found if one.state is not AnnouncementState.DRAFT], words)
        if not words or not meant:
            return _WHICH
        if len(meant) > 1:
            return _SEVERAL.format(", ".join(f"“{one.subject}”" for one in meant[:5]))
        return await self._report(by, trigger, meant[0].id)

    async def _report(self, by: Person, trigger: str, announcement_id: str, view: str = "") -> str:
        """It takes longer than Slack waits: a form says when it is done."""

        async def content() -> View:
            done = await self.announcements.report(announcement_id, by.user, _key(by, trigger))
            return await self._list(in_sentences(done)) if view else told(TITLE, in_sentences(done))

        if not view:
            return await self.windows.open(trigger, TITLE, content)
        self.windows.refill(view, TITLE, content)
        return ""

    async def _done(self, who: Manager, press: ViewPress) -> Done | NotDone:
        if not who.announces:
            return NotDone(MAY_NOT)
        acts: dict[str, Callable[[str, str], Awaitable[Done | NotDone]]] = {
            actions.PAUSE: self.announcements.pause,
            actions.RESUME: self.announcements.resume,
            actions.CANCEL: self.announcements.cancel,
            actions.REMIND: self.announcements.remind,
        }
        return await acts[press.action](who.email, press.value)

    async def _list(self, result: str = "", *, waiting: bool = False) -> View:
        found = await self.announcements.listed()
        if not waiting:
            return list_view(found, self.zone, result)
        later = [one for one in found if one.announcement.state is AnnouncementState.SCHEDULED]
        later.sort(key=lambda one: one.announcement.send_at or one.announcement.created_at)
        return list_view(later, self.zone, result, empty="Nothing is announced later.")


def _meant(found: list[Announcement], words: str) -> list[Announcement]:
    """By the whole subject, else by a part of it; the newest of those with the same one."""
    said = words.casefold()
    exactly = [one for one in found if one.subject.casefold() == said]
    return exactly[:1] or [one for one in found if said in one.subject.casefold()]


def _key(by: Person, trigger: str) -> str:
    return sha256(f"{by.user}:{trigger}".encode()).hexdigest()[:32]
