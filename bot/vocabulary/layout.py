"""The form of a reply where the channel has one to give: paragraphs, quotations, rows of label and value, tables.

The text of the reply stays the truth; its layout says the same words and only where they belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text that may hold several lines, lines of a list and blank lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Plain text taken from elsewhere, such as a page of the program."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """`label` "" where a row is one sentence; `values` stand below each other. `share` is how much of a goal it says is
    reached, from 0 to 1; None where it is about none.
    """

    label: str
    values: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`figures` are set at the end of their cells, so that they stand under each other. What `below` holds is too long
    for a column and stands in a line of its own, below the rest of its row.
    """

    label: str
    figures: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names what its row is about; a row has a cell for each column, "" where there is nothing."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Quotation | Listing | Table


def to_payload(layout: Sequence[Block]) -> list[dict[str, Any]]:
    """As JSON holds it."""
    return [_to_json(block) for block in layout]


def from_payload(payload: object) -> tuple[Block, ...]:
    """The layout again; what is no block is left out."""
    return tuple(_from_json(payload)) if isinstance(payload, list) else ()


def _to_json(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"paragraph": text}
        case Quotation(text):
            return {"quotation": text}
        case Listing(rows):
            shares = [row.share for row in rows]
            said = {"rows": [[row.label, *row.values] for row in rows]}
            return said | ({"shares": shares} if any(share is not None for share in shares) else {})
        case Table(columns, cells):
            heads = [[column.label, column.figures, column.below] for column in columns]
            return {"columns": heads, "cells": [list(row) for row in cells]}


def _from_json(payload: list[object]) -> Iterator[Block]:
    for said in payload:
        match said:
            case {"paragraph": str(text)}:
                yield Paragraph(text)
            case {"quotation": str(text)}:
                yield Quotation(text)
            case {"rows": [*rows]}:
                yield Listing(tuple(_rows(rows, said.get("shares") if isinstance(said, dict) else None)))
            case {"columns": [*columns], "cells": [*cells]} if all(map(_is_column, columns)):
                known = tuple(Column(*column) for column in columns)
                yield Table(known, tuple(tuple(map(str, row)) for row in cells if _fits(row, len(known))))


def _rows(rows: list[object], shares: object) -> Iterator[Row]:
    known = shares if isinstance(shares, list) and len(shares) == len(rows) else [None] * len(rows)
    for row, share in zip(rows, known, strict=True):
        if isinstance(row, list) and _is_row(row):
            part = float(share) if isinstance(share, int | float) and 0 <= share <= 1 else None
            yield Row(str(row[0]), tuple(map(str, row[1:])), part)


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) > 1


def _is_column(column: object) -> bool:
    return isinstance(column, list) and [type(part) for part in column] == [str, bool, bool]


def _fits(row: object, width: int) -> bool:
    return isinstance(row, list) and len(row) == width
