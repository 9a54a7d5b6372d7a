"""The form of a reply where the channel has one to give: paragraphs, quotations, and rows of label and value.

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
    """`label` "" where a row is one sentence; `values` stand below each other."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]


Block = Paragraph | Quotation | Listing


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
            return {"rows": [[row.label, *row.values] for row in rows]}


def _from_json(payload: list[object]) -> Iterator[Block]:
    for said in payload:
        match said:
            case {"paragraph": str(text)}:
                yield Paragraph(text)
            case {"quotation": str(text)}:
                yield Quotation(text)
            case {"rows": [*rows]}:
                yield Listing(tuple(Row(str(row[0]), tuple(map(str, row[1:]))) for row in rows if _is_row(row)))


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) > 1
