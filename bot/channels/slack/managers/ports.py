"""What the counter asks of the rest of the agent; whoever keeps the data implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.slack.managers.orders import ManagerOrder
from bot.vocabulary.announcing import Announcement, Composed, Preview
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SegmentChoices

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """An announcement with what came of it: `sent` of the `total` people have it, and the `answers` are counted, in
    words.
    """

    announcement: Announcement
    sent: int = 0
    total: int = 0
    answers: str = ""


@dataclass(frozen=True, slots=True)
class CaseShown:
    """What is to be decided. `acts` is empty where nothing is left to be done, and `standing` says why then."""

    kind: BriefKind
    subject: str
    named: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    suggestion: Act | None = None
    why: str = ""
    acts: tuple[Act, ...] = ()
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How something stands: a title, and groups of lines under a heading each."""

    title: str
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Forms(Protocol):
    """Forms that are open. One is known by an opaque id and is its manager's alone; nobody else finds it."""

    async def open(self, user: str, doc: Mapping[str, Any]) -> str: ...

    async def find(self, form: str, user: str) -> Mapping[str, Any] | None: ...

    async def keep(self, form: str, user: str, doc: Mapping[str, Any]) -> bool:
        """What is filled in by now; False where it is no form of this user's."""
        ...


class Announcements(Protocol):
    """`by` is a manager's address; a manager who may not announce gets a `NotDone`."""

    async def choices(self) -> SegmentChoices: ...

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        """A new draft, or one that has not begun to go out changed."""
        ...

    async def find(self, announcement_id: str) -> Announcement | None: ...

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone: ...

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        """A copy to this manager alone."""
        ...

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        """Sent or scheduled once, whoever confirms how often; the new preview where it is no longer for so many. What
        is no longer the version that was `seen` is not sent.
        """
        ...

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def remind(self, by: str, announcement_id: str) -> Done | NotDone: ...

    async def report(self, announcement_id: str, user: str, key: str) -> Done | NotDone:
        """Written to this user directly, once by the key."""
        ...

    async def listed(self) -> tuple[Listed, ...]:
        """Newest first."""
        ...


class Cases(Protocol):
    """What managers decide. Raises nothing for what nobody knows: then the answer says so."""

    async def named(self, words: str, by: str) -> CaseShown | NotDone:
        """By its number: "D-123456", or "S-2026-10 Quaywise"."""
        ...

    async def behind(self, button: str, by: str) -> CaseShown | NotDone:
        """By the id that a button carries."""
        ...

    def fault(self, kind: BriefKind, act: Act, words: str) -> str:
        """What the words lack, or why they cannot be read, in a sentence; "" where they will do."""
        ...


class Reports(Protocol):
    async def overview(self, by: str) -> Report:
        """What waits, for this manager."""
        ...

    async def about(self, words: str, by: str) -> Report | NotDone:
        """A partner by its name, or something by its number."""
        ...


class Orders(Protocol):
    async def take(self, order: ManagerOrder) -> None:
        """Committed when it returns; taken once by its key."""
        ...

    async def tell(self, user: str, key: str, text: str, blocks: Blocks) -> None:
        """Write to one of the vendor's own people directly; once by its key."""
        ...


class Home(Protocol):
    async def opened(self, user: str) -> None: ...
