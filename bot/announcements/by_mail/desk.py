"""What composing by mail asks of others: the announcements' desk, and what follows once one has gone out."""

from __future__ import annotations

from typing import Protocol

from bot.announcements.composing.attaching import GivenFile
from bot.vocabulary.announcing import Announcement, Composed, Preview, Progress
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SegmentChoices


class Desk(Protocol):
    """As `bot.announcements.desk` has it; `by` is a manager's address."""

    async def choices(self) -> SegmentChoices: ...

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone: ...

    async def find(self, announcement_id: str) -> Announcement | None: ...

    async def preview(self, by: str, composed: Composed, samples: int = 3) -> Preview | NotDone: ...

    async def test(self, by: str, composed: Composed) -> Done | NotDone: ...

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone: ...

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def progress(self, announcement_id: str) -> Progress | None: ...


class FollowUp(Protocol):
    async def remind(self, by: str, announcement_id: str) -> Done | NotDone:
        """Whoever has not answered yet."""
        ...

    async def report(self, announcement_id: str) -> str | None:
        """As text; None where there is no such announcement."""
        ...

    async def report_files(self, announcement_id: str) -> tuple[GivenFile, ...]:
        """The report for a spreadsheet and as a picture."""
        ...
