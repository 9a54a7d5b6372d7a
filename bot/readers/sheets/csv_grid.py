"""The rows of a CSV file, once for each sign that may part its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from bot.readers.sheets.grid import MOST_COLUMNS, MOST_ROWS, SEARCHED, Cell, Grid, Row, Unreadable, tidy
from crm.csv_table import decoded

_LARGEST = 2_000_000  # bytes; two hundred deals with long notes take a tenth of it
_DELIMITERS = ";,\t|"
_MOST_READ = 20_000  # rows, empty ones among them


def csv_grids(data: bytes) -> Iterator[Grid]:
    """The table read with each delimiter that stands in it. Raises `Unreadable`."""
    if len(data) > _LARGEST:
        raise Unreadable(too_large=True)
    text = decoded(data)
    for delimiter in _DELIMITERS:
        if delimiter in text:
            yield _grid(text, delimiter)


def _grid(text: str, delimiter: str) -> Grid:
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            found = {place: _cell(said) for place, said in enumerate(cells[:MOST_COLUMNS]) if said.strip()}
            if found and (len(rows) > MOST_ROWS + SEARCHED or number > _MOST_READ):
                return Grid(tuple(rows), cut=True)
            if found:
                rows.append(Row(number, found))
    except csv.Error as fault:
        raise Unreadable from fault
    return Grid(tuple(rows))


def _cell(said: str) -> Cell:
    """All text: a spreadsheet would compute what begins with `=`; here that is a formula whose result is missing."""
    text = tidy(said)
    return Cell(lacks_value=True) if text.startswith("=") else Cell(text)
