"""What the announcements' pages ask of whoever keeps announcements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.channels.console.announcing.views import AnnouncementRow, Awaiting, NamedFile, PartFault, Reached
from bot.vocabulary.announcement_report import AnnouncementReport, SignUps
from bot.vocabulary.announcing import Announcement, Composed, Preview, Progress
from bot.vocabulary.documents import Document
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment, SegmentChoices


class Announcing(Protocol):
    """`by` is a manager's address, `announcement_id` may be anything that somebody typed into an address."""

    # --- composing

    async def choices(self) -> SegmentChoices:
        """What a segment may name, saved segments among it."""
        ...

    async def segment_of(self, words: str) -> Segment | NotDone:
        """The segment that these words mean, its values as they are spelled where they are in use."""
        ...

    async def reached(self, segment: Segment) -> Reached: ...

    async def read_text(self, text: str) -> Composed | NotDone:
        """A whole announcement in the form of files and mails, without its files."""
        ...

    def as_text(self, composed: Composed) -> str:
        """The same form again."""
        ...

    async def keep_file(self, name: str, content: bytes, declared: str) -> Document | NotDone:
        """Judged as files from outside are."""
        ...

    def faults(self, composed: Composed) -> tuple[PartFault, ...]:
        """All that is wrong with it, by the part that it is wrong with."""
        ...

    async def keep(self, by: str, composed: Composed, announcement_id: str) -> Announcement | NotDone:
        """A new draft under this UUID, or the one of that id changed."""
        ...

    async def save_segment(self, by: str, name: str, segment: Segment) -> Done | NotDone: ...

    async def delete_segment(self, by: str, name: str) -> Done | NotDone: ...

    # --- looking and sending

    async def find(self, announcement_id: str) -> Announcement | None: ...

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone:
        """With three samples; nothing is kept or sent."""
        ...

    async def test(self, by: str, composed: Composed) -> Done | NotDone: ...

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        """Sent or scheduled once; the new preview where it reaches another number of people by now. `seen` is the
        version of what was shown: what was changed since is not sent.
        """
        ...

    @property
    def can_propose(self) -> bool:
        """Whether a model is configured that translates."""
        ...

    def missing_languages(self, composed: Composed) -> tuple[str, ...]:
        """Those in which a translation can be proposed."""
        ...

    async def propose(self, by: str, announcement_id: str, languages: Sequence[str]) -> Done | NotDone: ...

    async def approve(
        self, by: str, announcement_id: str, language: str, subject: str, body: str
    ) -> Announcement | NotDone: ...

    # --- following

    async def listed(self) -> tuple[AnnouncementRow, ...]:
        """Newest first, drafts among them."""
        ...

    async def progress(self, announcement_id: str) -> Progress | None: ...

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def awaiting(self, announcement_id: str) -> Awaiting | None: ...

    async def remind(self, by: str, announcement_id: str, count: int) -> Done | NotDone:
        """Only where a reminder reaches as many people and channels as were shown."""
        ...

    async def sign_ups(self, announcement_id: str) -> SignUps | None:
        """Who answered what; None until it goes out."""
        ...

    async def sign_ups_csv(self, announcement_id: str) -> NamedFile | None: ...

    async def report(self, announcement_id: str) -> AnnouncementReport | None: ...

    async def report_csv(self, announcement_id: str) -> NamedFile | None: ...

    async def chart(self, announcement_id: str) -> NamedFile | None:
        """The report as a picture."""
        ...
