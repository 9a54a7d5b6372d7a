"""What a managers' digest holds: exceptions in groups, the worst first, each with the word that decides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SHOWN = 10
"""Items of a group that are named; what is beyond is counted."""


class Matter(StrEnum):
    """What can be an exception, in the order in which managers read it; the value is the group's title."""

    DECISIONS = "Registrations near or past their promised day"
    DISPUTES = "Open disputes"
    STATEMENTS = "Statements that wait for approval too long"
    ANSWERS = "Answers to announcements that wait for a person"
    REQUESTS = "Requests that wait for a person"
    MESSAGES = "Messages held or failed"
    MACHINERY = "What is down"
    ENTRIES = "Entries that the CRM refused"
    DRAFTS = "Stale drafts"
    PROTECTIONS = "Protections that end within 14 days"
    CERTIFICATES = "Certificates that end within 60 days"
    SILENT = "Silent partners that did business before"


@dataclass(frozen=True, slots=True)
class Item:
    """One exception: `text` with number and age, `act` what decides it ("" for nothing). The higher `weight`, the worse
    it is among its like. `partner_id` is "" where it is no partner's; `manager` is the address of who has it in hand,
    "" where that is the partner's manager.
    """

    matter: Matter
    text: str
    act: str = ""
    weight: float = 0
    partner_id: str = ""
    manager: str = ""

    @property
    def line(self) -> str:
        return f"{self.text} → {self.act}" if self.act else self.text


@dataclass(frozen=True, slots=True)
class Group:
    """`items` are the worst of `count`."""

    matter: Matter
    items: tuple[Item, ...]
    count: int

    @property
    def title(self) -> str:
        return f"{self.matter.value} ({self.count})"

    @property
    def lines(self) -> tuple[str, ...]:
        more = self.count - len(self.items)
        return (*(item.line for item in self.items), *([f"and {more} more"] if more else []))


@dataclass(frozen=True, slots=True)
class Section:
    """The exceptions of one manager's partners; `whose` is "" in a digest of one's own."""

    whose: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class ManagersDigest:
    """For one manager on one day. `moved` says whose engagement fell and rose most, `newcomers` how new partners do."""

    name: str
    day: date
    sections: tuple[Section, ...] = ()
    moved: tuple[str, ...] = ()
    newcomers: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(group.count for section in self.sections for group in section.groups)

    @property
    def title(self) -> str:
        what = (
            f"{self.count} {'thing needs' if self.count == 1 else 'things need'} you" if self.count else "all is well"
        )
        return f"Partner digest of {self.day.day} {self.day:%B}: {what}"

    @property
    def first(self) -> str:
        """What there is to say where nothing is to be decided; "" otherwise."""
        return "" if self.count else "Nothing is late, nothing waits and nothing ends soon with your partners."

    def listed(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Headings with their lines, in the order in which they are read."""
        for section in self.sections:
            for group in section.groups:
                yield f"{section.whose}: {group.title}" if section.whose else group.title, group.lines
        if self.moved:
            yield "Engagement that moved most in four weeks", self.moved
        if self.newcomers:
            yield "New partners", self.newcomers


def grouped(items: Sequence[Item]) -> tuple[Group, ...]:
    """By matter, the worst first, as many of each as are shown."""
    found = []
    for matter in Matter:
        those = sorted((item for item in items if item.matter is matter), key=lambda item: (-item.weight, item.text))
        if those:
            found.append(Group(matter, tuple(those[:SHOWN]), len(those)))
    return tuple(found)
