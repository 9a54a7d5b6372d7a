"""What the counter asks of the rest of the agent; whoever keeps the data implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channels.slack.managers.orders import ManagerOrder
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment, SegmentChoices

Blocks = Sequence[Mapping[str, Any]]
_EVERYONE = Segment()


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement as it is filled in; `day` (2026-12-01) and `hour` (09:00) are empty for now."""

    subject: str = ""
    text: str = ""
    segment: Segment = _EVERYONE
    day: str = ""
    hour: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom an announcement would reach now, and how it will look for `reader`. `looks` is the mail's plain text;
    `footer_in` is the language of what stands below it, where that is another than the text's.
    """

    count: int
    partners: int
    segment: str
    left_out: tuple[LeftOut, ...]
    reader: str
    looks: str
    footer_in: str = ""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An announcement that waits for its time, or was just given one; `at` is aware, in the vendor's zone."""

    id: str
    subject: str
    by: str
    segment: str
    at: datetime
    count: int = 0


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

    async def preview(self, by: str, draft: Draft) -> Preview | NotDone: ...

    async def send(self, form: str, by: str, draft: Draft, at: datetime | None) -> Scheduled | NotDone:
        """At its time, or at once where `at` is None; the same form sends once, whoever presses how often."""
        ...

    async def waiting(self) -> tuple[Scheduled, ...]: ...

    async def cancel(self, announcement_id: str, by: str) -> Done | NotDone: ...


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
