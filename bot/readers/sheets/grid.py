"""A table as it was sent, before anybody asks what its columns mean: rows of cells, none of them computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

MOST_ROWS = 200
"""Rows with deals; what is beyond is not read, and the sender is told."""
SEARCHED = 20
"""Rows at the top in which the names of the columns may stand, below a title or a date."""
MOST_COLUMNS = 60
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows: `text`, or a `number` or `day` where it is one by itself.

    `money` is what its format writes beside a number ("€", "USD"). `lacks_value` is True for a formula whose result
    did not come along: it is never worked out here. `is_error` is True for what the other program could not compute.
    """

    text: str = ""
    number: Decimal | None = None
    day: date | None = None
    money: str = ""
    lacks_value: bool = False
    is_error: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.lacks_value or self.is_error or self.day) and self.number is None

    @property
    def shown(self) -> str:
        """As one would read it out."""
        if self.day is not None:
            return self.day.isoformat()
        return format(self.number.normalize(), "f") if self.number is not None else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the one that spreadsheets show, from 1. `heading` for a row whose cells are merged into one."""

    number: int
    cells: Mapping[int, Cell] = field(default_factory=dict)
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` without the empty ones; `cut` where there were more than are read."""

    rows: tuple[Row, ...]
    cut: bool = False


class Unreadable(Exception):
    """The file is no table that can be read; `too_large` where it is only that."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__("too large" if too_large else "broken")
        self.too_large = too_large


def tidy(text: str) -> str:
    """The text of a cell on one line, without what cannot be shown."""
    shown = "".join(c if c.isprintable() else " " for c in text[:LONGEST_CELL])
    return " ".join(shown.split())
