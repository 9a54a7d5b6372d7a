"""A table where there is nothing but text: in columns for a mail, and as a list for a telephone in Slack."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.vocabulary.layout import Table

WIDTH = 76  # columns of a mail that no mail program breaks
_GAP = "  "
_BETWEEN = " · "
_FROM_THE_RIGHT = frozenset({"R", "AL", "AN"})

Pair = Callable[[str, str], str]
"""A column's label and a cell as one phrase, as the reader's language writes it."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Which columns are set, and how wide; where names stand `apart`, each has a line of its own above its row."""

    table: Table
    places: tuple[int, ...]
    widths: tuple[int, ...]
    apart: bool

    def lines(self, row: Sequence[str]) -> list[str]:
        padded = []
        for place, width in zip(self.places, self.widths, strict=True):
            space = " " * (width - _width(row[place]))
            padded.append(space + row[place] if self.table.columns[place].figures else row[place] + space)
        cells = _GAP.join(padded).rstrip()
        return [line for line in (row[0], _GAP + cells) if line.strip()] if self.apart else [cells]

    @property
    def rule(self) -> str:
        return (_GAP if self.apart else "") + _GAP.join("-" * width for width in self.widths)


def in_columns(table: Table, pair: Pair) -> str:
    """Columns with their heads, within `WIDTH`: beside the names where these leave room, else below them. An item for
    each row where neither fits, or where nothing would stand straight.
    """
    grid = _grid(table)
    if grid is None:
        return as_items(table, pair)
    said = [*grid.lines(_heads(table)), grid.rule]
    for row in table.rows:
        said += grid.lines(row)
        said += [_below(pair(label, cell)) for label, cell in _told(table, row, below=True)]
    return "\n".join(said)


def _grid(table: Table) -> _Grid | None:
    if not all(_stands_straight(cell) for row in table.rows for cell in row):
        return None
    lines = (_heads(table), *table.rows)
    widths = {p: max(_width(line[p]) for line in lines) for p, c in enumerate(table.columns) if not c.below}
    all_of_them, facts = tuple(widths), tuple(widths)[1:]
    if _together(widths, all_of_them) <= WIDTH:
        return _Grid(table, all_of_them, tuple(widths.values()), apart=False)
    if widths[0] <= WIDTH and facts and len(_GAP) + _together(widths, facts) <= WIDTH:
        return _Grid(table, facts, tuple(widths.values())[1:], apart=True)
    return None


def _together(widths: Mapping[int, int], places: Sequence[int]) -> int:
    return sum(widths[place] for place in places) + len(_GAP) * (len(places) - 1)


def as_items(table: Table, pair: Pair) -> str:
    """A line for each row, with what is known of it."""
    return "\n".join(f"- {_BETWEEN.join([row[0], *_phrases(table, row, pair)])}" for row in table.rows)


def for_slack(table: Table, pair: Pair) -> str:
    """An item for each row: its name in bold, and below it what is known."""
    items = []
    for row in table.rows:
        known = _BETWEEN.join(_phrases(table, row, pair))
        items.append(f"• *{row[0]}*\n      {known}" if known else f"• *{row[0]}*")
    return "\n".join(items)


def _heads(table: Table) -> tuple[str, ...]:
    return tuple(column.label for column in table.columns)


def _phrases(table: Table, row: Sequence[str], pair: Pair) -> list[str]:
    return [pair(label, cell) for label, cell in _told(table, row)]


def _told(table: Table, row: Sequence[str], *, below: bool = False) -> Iterator[tuple[str, str]]:
    """The label and cell of what a row has to say beside its name, or only of what stands below it."""
    for column, cell in list(zip(table.columns, row, strict=True))[1:]:
        if cell and (column.below or not below):
            yield column.label, cell


def _below(said: str) -> str:
    widest = WIDTH if _width(said) <= len(said) else WIDTH // 2
    return textwrap.fill(said, widest, initial_indent=_GAP, subsequent_indent=_GAP * 2, break_on_hyphens=False)


def _stands_straight(cell: str) -> bool:
    """What runs from the right would turn its line round."""
    return not any(unicodedata.bidirectional(char) in _FROM_THE_RIGHT for char in cell)


def _width(text: str) -> int:
    """Columns that it takes in a font of one width."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
