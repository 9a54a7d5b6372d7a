"""What comes after an announcement has gone out, in one place: reminders, sign-up lists and reports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.announcements.composing.attaching import GivenFile
from bot.announcements.following_up.reminding import Reminding
from bot.announcements.following_up.reporting.desk import Reporting
from bot.announcements.following_up.reporting.sending import file_name
from bot.announcements.following_up.signing_up import SigningUp
from bot.desk.due import Handler
from bot.vocabulary.results import Done, NotDone


@dataclass(frozen=True, slots=True)
class FollowingUp:
    reminding: Reminding
    signing_up: SigningUp
    reporting: Reporting

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By kind of timer."""
        return {**self.reminding.handlers, **self.reporting.handlers}

    async def plan(self) -> None:
        """The clock's duty: what has gone out is reminded of and reported on when its days are over."""
        await self.reminding.plan()
        await self.reporting.plan()

    async def remind(self, by: str, announcement_id: str) -> Done | NotDone:
        """At once, whoever has not answered."""
        return await self.reminding.remind(by, announcement_id)

    async def report(self, announcement_id: str) -> str | None:
        """As text; None for what is no announcement, or has not gone out yet."""
        found = await self.reporting.report(announcement_id)
        return self.reporting.text(found) if found else None

    async def report_files(self, announcement_id: str) -> tuple[GivenFile, ...]:
        """The same as a spreadsheet and as a picture; none for what is no announcement."""
        found = await self.reporting.report(announcement_id)
        if found is None:
            return ()
        picture = await asyncio.to_thread(self.reporting.chart_png, found)
        name = file_name(found)
        return GivenFile(f"{name}.csv", self.reporting.csv(found)), GivenFile(f"{name}.png", picture)
