"""What is wrong with a text, by its line, and what would be right: all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.vocabulary.results import NotDone

_SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`line` counts from 1; 0 is the text as a whole, or what was given beside it."""

    line: int
    what: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.what}{f'; {self.fix}' if self.fix else ''}"


@dataclass(frozen=True, slots=True)
class Faults:
    """At least one, in the order of their lines."""

    faults: tuple[Fault, ...]

    def lines(self) -> tuple[str, ...]:
        """A sentence for each, as many as anybody reads."""
        more = len(self.faults) - _SHOWN
        return (*map(str, self.faults[:_SHOWN]), *([f"and {more} more"] if more > 0 else []))

    def as_not_done(self) -> NotDone:
        if len(self.faults) == 1 and not self.faults[0].line:
            return NotDone(self.faults[0].what, self.faults[0].fix)
        return NotDone("\n".join(self.lines()))


def in_order(faults: Iterable[Fault]) -> Faults:
    return Faults(tuple(sorted(faults)))
