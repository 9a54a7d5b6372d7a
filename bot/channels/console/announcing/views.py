"""The values that the announcements' pages show beside those of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.vocabulary.announcing import Announcement
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import LeftOut, Recipient


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """One of the list, with whom it reached and what they answered; `delivered` of `recipients` people have it."""

    announcement: Announcement
    recipients: int = 0
    delivered: int = 0
    yes: int = 0
    no: int = 0
    maybe: int = 0
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a segment names as things stand, before there is a text."""

    recipients: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def count(self) -> int:
        return len(self.recipients)

    @property
    def partners(self) -> int:
        return len({one.partner_name for one in self.recipients})


@dataclass(frozen=True, slots=True)
class PartFault:
    """What is wrong with one part of an announcement: text-0, text-1 …, languages, call, files, remind."""

    part: str
    fault: NotDone


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Whom a reminder would reach: `people` by mail and `channels` in Slack; `left_out` is why -> how many."""

    people: int
    channels: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.people + self.channels


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file to keep."""

    name: str
    content_type: str
    content: bytes


_NO_FAULTS: Mapping[str, NotDone] = {}


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong, by the field at which it is said."""

    by_field: Mapping[str, NotDone] = field(default_factory=lambda: _NO_FAULTS)

    def at(self, name: str) -> NotDone | None:
        return self.by_field.get(name)

    def and_at(self, name: str, fault: NotDone) -> Faults:
        """The first fault of a field stays."""
        return Faults({name: fault, **self.by_field})

    def __bool__(self) -> bool:
        return bool(self.by_field)
