"""Announcements as the counter composes, confirms and follows them, each act by the desk that all surfaces share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.announcements.desk import AnnouncementDesk
from bot.channels.slack.managers.ports import Listed
from bot.storage.announcing import tallied
from bot.storage.announcing.tallied import Tally
from bot.vocabulary.announcing import Announcement, Composed, Preview
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SegmentChoices


class Reminds(Protocol):
    async def remind(self, by: str, announcement_id: str) -> Done | NotDone: ...


class Reports(Protocol):
    """How an announcement went, written to a user directly, once by the key."""

    async def send(self, announcement_id: str, user: str, key: str) -> Done | NotDone: ...


@dataclass(frozen=True, slots=True)
class CounterAnnouncements:
    """Implements `bot.channels.slack.managers.ports.Announcements`. `language` tells a text's, where nobody says it."""

    desk: AnnouncementDesk
    reminds: Reminds
    reports: Reports
    language: Callable[[str], str]

    async def choices(self) -> SegmentChoices:
        return await self.desk.choices()

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        return await self.desk.keep(by, self._told(composed), announcement_id)

    async def find(self, announcement_id: str) -> Announcement | None:
        return await self.desk.find(announcement_id)

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone:
        return await self.desk.preview(by, self._told(composed))

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        return await self.desk.test(by, self._told(composed))

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        return await self.desk.confirm(by, announcement_id, count, seen)

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        return await self.desk.pause(by, announcement_id)

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        return await self.desk.resume(by, announcement_id)

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        return await self.desk.cancel(by, announcement_id)

    async def remind(self, by: str, announcement_id: str) -> Done | NotDone:
        return await self.reminds.remind(by, announcement_id)

    async def report(self, announcement_id: str, user: str, key: str) -> Done | NotDone:
        return await self.reports.send(announcement_id, user, key)

    async def listed(self) -> tuple[Listed, ...]:
        found = await self.desk.listed()
        async with self.desk.database.reading() as connection:
            counted = {tally.id: tally for tally in await tallied.tallies(connection)}
        return tuple(_listed(one, counted.get(one.id)) for one in found)

    def _told(self, composed: Composed) -> Composed:
        """With the language of each text, as it is written where nobody says it."""
        texts = (replace(one, language=one.language or self.language(one.body)) for one in composed.texts)
        return replace(composed, texts=tuple(texts))


def _listed(announcement: Announcement, tally: Tally | None) -> Listed:
    if tally is None:
        return Listed(announcement)
    counts = (("yes", tally.yes), ("no", tally.no), ("maybe", tally.maybe), ("opted out", tally.opted_out))
    said = ", ".join(f"{count:,} {word}" for word, count in counts if count)
    return Listed(
        announcement, tally.delivered, tally.recipients, said or ("no answers yet" if tally.recipients else "")
    )
