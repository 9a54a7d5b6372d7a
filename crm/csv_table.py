"""The bytes of a CSV file as numbered rows, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LARGEST = 20_000_000  # bytes
_DELIMITERS = ";,\t"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are those that are not empty, without the blanks around; `line` is where the row begins, from 1."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[str, ...] = ()


def read_table(data: bytes) -> Table:
    """UTF-8 with or without BOM, UTF-16 with BOM, else Windows Latin; semicolons, commas or tabs; never raises."""
    if len(data) > LARGEST:
        return Table((), (), (f"the file is larger than {LARGEST // 1_000_000} MB",))
    text = decoded(data)
    lines = _lines(text)
    try:
        _, header = next(lines)
        columns = tuple(_column(name) for name in header)
        found = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    except StopIteration:
        return Table((), (), ("the file is empty",))
    except csv.Error as fault:
        return Table((), (), (f"the file is not CSV: {fault}",))
    rows = tuple(Row(line, _named(columns, cells)) for line, cells in found)
    return Table(columns, rows, tuple(_surplus(columns, found)))


def decoded(data: bytes) -> str:
    """The text of a table, whatever program wrote it; never raises."""
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The five bytes that Windows Latin leaves undefined become U+FFFD, which is refused as a sign of damage.
        return data.decode("cp1252", "replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The one that stands most often in the header, which holds no other punctuation."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _column(name: str) -> str:
    """As documented: lower case, with underscores."""
    return "_".join(name.strip().casefold().replace("-", " ").replace("_", " ").split())


def _named(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    stripped = ((column, cell.strip()) for column, cell in zip(columns, cells, strict=False))
    return {column: cell for column, cell in stripped if cell}


def _surplus(columns: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            yield f"line {line}: {len(cells)} cells, but the header names {len(columns)} columns"
