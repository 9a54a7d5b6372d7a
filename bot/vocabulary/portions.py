"""A long answer in portions that a channel takes one by one: nothing is left out, nothing stands in two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.vocabulary.layout import Block, Listing, Paragraph, Quotation, Row, Table

WEIGHT = 2_800
"""Characters of one portion as they are counted on the way, where `&` is written as `&amp;`."""
BLOCKS = 30
ROWS, COLUMNS = 90, 12  # of one table
_SEPARATORS = ("\n\n", "\n", " ")
_BESIDE = 2  # characters that set off a value from its label, or a cell from the next


def weight(text: str) -> int:
    """Characters that it takes once it is escaped."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def portions(layout: Sequence[Block], most: int = WEIGHT) -> tuple[tuple[Block, ...], ...]:
    """The layout in its order, each portion within `most` and `BLOCKS`; a table that is cut goes on in the next one
    and says its heads again.
    """
    done: list[tuple[Block, ...]] = []
    filled: list[Block] = []
    for block in layout:
        for place, piece in enumerate(_pieces(block, most)):
            goes_on = place > 0 and isinstance(piece, Table)
            if filled and (goes_on or len(filled) == BLOCKS or _weight([*filled, piece]) > most):
                done.append(tuple(filled))
                filled = []
            filled.append(piece)
    return (*done, tuple(filled)) if filled else tuple(done)


def in_text(layout: Sequence[Block]) -> str:
    """The words of a portion where there is nothing but text."""
    return "\n\n".join(_text(block) for block in layout)


def text_portions(text: str, most: int = WEIGHT) -> tuple[str, ...]:
    """A plain text in parts, cut between paragraphs, lines or words where there are any."""
    return tuple(_cut(text, most)) or (text,)


def _weight(blocks: Sequence[Block]) -> int:
    return weight(in_text(blocks))


def _pieces(block: Block, most: int) -> Iterator[Block]:
    match block:
        case Paragraph(text):
            yield from (Paragraph(part) for part in _cut(text, most))
        case Quotation(text):
            yield from (Quotation(part) for part in _cut(text, most))
        case Listing(rows):
            yield from _of_listing(rows, most)
        case Table():
            yield from _of_table(block, most)


def _of_listing(rows: Sequence[Row], most: int) -> Iterator[Block]:
    together: list[Row] = []
    for row in rows:
        alone = _weight([Listing((row,))]) > most
        if together and (alone or _weight([Listing((*together, row))]) > most):
            yield Listing(tuple(together))
            together = []
        if alone:
            yield from (Paragraph(part) for part in _cut(_line(row), most))
        else:
            together.append(row)
    if together:
        yield Listing(tuple(together))


def _of_table(table: Table, most: int) -> Iterator[Block]:
    """As a list where a row of it does not fit beside the heads."""
    fits = len(table.columns) <= COLUMNS and all(_weight([replace(table, rows=(row,))]) <= most for row in table.rows)
    if not fits:
        rows = tuple(Row(row[0] if row else "", _told(table, row)) for row in table.rows)
        yield from _of_listing(rows, most)
        return
    together: list[tuple[str, ...]] = []
    for row in table.rows:
        if together and (len(together) == ROWS or _weight([replace(table, rows=(*together, row))]) > most):
            yield replace(table, rows=tuple(together))
            together = []
        together.append(row)
    if together:
        yield replace(table, rows=tuple(together))


def _told(table: Table, row: Sequence[str]) -> tuple[str, ...]:
    said = zip(table.columns[1:], row[1:], strict=False)
    return tuple(f"{column.label}: {cell}" if column.label else cell for column, cell in said if cell) or ("",)


def _text(block: Block) -> str:
    match block:
        case Paragraph(text) | Quotation(text):
            return text
        case Listing(rows):
            return "\n".join(_line(row) for row in rows)
        case Table(columns, cells):
            heads = tuple(column.label for column in columns)
            return "\n".join(" · ".join(filter(None, row)) for row in (heads, *cells))


def _line(row: Row) -> str:
    said = ", ".join(row.values)
    return f"• {row.label}: {said}" if row.label else f"• {said}"


def _cut(text: str, most: int) -> Iterator[str]:
    """Parts of at most that weight; white space at which it is cut is left out, and nothing else."""
    while weight(text) > most:
        end = _end(text, most)
        if part := text[:end].rstrip():
            yield part
        text = text[end:].lstrip()
    if text.strip():
        yield text


def _end(text: str, most: int) -> int:
    """Where the first part ends: behind the last paragraph, line or word that fits, else where it is full."""
    full = _fits(text, most)
    for separator in _SEPARATORS:
        if (place := text.rfind(separator, full // 3, full)) > 0:
            return place + len(separator)
    return full


def _fits(text: str, most: int) -> int:
    """How many characters weigh that much; at least one."""
    used = 0
    for place, char in enumerate(text):
        used += weight(char)
        if used > most:
            return max(place, 1)
    return len(text)
