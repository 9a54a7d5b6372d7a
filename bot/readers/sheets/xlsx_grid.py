"""The rows of the first visible sheets of an XLSX file: values as they were saved, formulas never computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bot.readers.sheets.grid import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    SEARCHED,
    Cell,
    Grid,
    Row,
    Unreadable,
    tidy,
)
from bot.readers.sheets.xlsx_formats import Formats, day_of, read_formats
from bot.readers.sheets.xlsx_parts import Parts

_SHEET, _STRINGS, _SMALL = 4_000_000, 4_000_000, 500_000  # bytes of XML
_MOST_STRINGS = 100_000
_MOST_SHEETS = 5
_MOST_MERGED = 10_000
_WORKBOOK, _RELATIONS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DIGITS = 15  # what the numbers of spreadsheets hold; the rest is noise of binary fractions


@dataclass(slots=True)
class _Book:
    """What all sheets of a file share."""

    parts: Parts
    sheets: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: Formats = field(default_factory=Formats)
    since_1904: bool = False


def xlsx_grids(data: bytes) -> Iterator[Grid]:
    """The visible sheets in their order, the first few of them. Raises `Unreadable`."""
    with Parts(data) as parts:
        book = _Book(parts)
        _read_workbook(book)
        _read_strings(book)
        book.formats = read_formats(parts)
        for name in book.sheets[:_MOST_SHEETS]:
            yield _SheetReader(book).read(name)


def _read_workbook(book: _Book) -> None:
    ids: list[str] = []
    targets: dict[str, str] = {}

    def started(name: str, said: dict[str, str]) -> None:
        if name == "sheet" and said.get("state", "visible") == "visible":
            ids.append(said.get("id", ""))
        elif name == "workbookPr":
            book.since_1904 = said.get("date1904") in ("1", "true")
        elif name == "Relationship" and said.get("TargetMode") != "External":
            targets[said.get("Id", "")] = said.get("Target", "")

    book.parts.read(_WORKBOOK, _SMALL, started, _nothing)
    book.parts.read(_RELATIONS, _SMALL, started, _nothing)
    paths = (targets.get(known, "") for known in ids)
    resolved = (path.lstrip("/") if path.startswith("/") else f"xl/{path}" for path in paths if path)
    book.sheets = [path for path in resolved if book.parts.has(path)]
    if not book.sheets:
        raise Unreadable


def _read_strings(book: _Book) -> None:
    """The texts of cells, which stand once for all of them; hints for pronunciation are no part of a text."""
    runs: list[str] = []
    phonetic = [0]

    def started(name: str, _: dict[str, str]) -> None:
        phonetic[0] += name == "rPh"

    def ended(name: str, text: str) -> None:
        if name == "t" and not phonetic[0]:
            runs.append(text[:LONGEST_CELL])
        elif name == "rPh":
            phonetic[0] -= 1
        elif name == "si":
            if len(book.strings) >= _MOST_STRINGS:
                raise Unreadable(too_large=True)
            book.strings.append("".join(runs)[:LONGEST_CELL])
            runs.clear()

    if book.parts.has(_SHARED):
        book.parts.read(_SHARED, _STRINGS, started, ended)


class _SheetReader:
    """Goes through one sheet's XML; used once."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._rows: dict[int, dict[int, Cell]] = {}
        self._merged: set[int] = set()
        self._cut = False
        self._row = self._column = 0
        self._type, self._style = "", 0
        self._value, self._formula = "", False
        self._inline: list[str] = []

    def read(self, name: str) -> Grid:
        self._book.parts.read(name, _SHEET, self._started, self._ended)
        rows = tuple(Row(n, self._rows[n], heading=n in self._merged) for n in sorted(self._rows))
        return Grid(rows, self._cut)

    def _started(self, name: str, said: dict[str, str]) -> None:
        if name == "row":
            self._row = _whole(said.get("r", ""), self._row + 1)
            self._column = -1
        elif name == "c":
            place = _PLACE.fullmatch(said.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._type, self._style = said.get("t", "n"), _whole(said.get("s", ""), 0)
            self._value, self._formula = "", False
            self._inline.clear()
        elif name == "mergeCell":
            self._merge(said.get("ref", ""))

    def _ended(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "f":
            self._formula = True
        elif name == "t":
            self._inline.append(text[:LONGEST_CELL])
        elif name == "c" and self._column < MOST_COLUMNS:
            self._keep(self._cell())

    def _keep(self, cell: Cell) -> None:
        if cell.is_empty:
            return
        if self._row not in self._rows and len(self._rows) > MOST_ROWS + SEARCHED:
            self._cut = True
            return
        self._rows.setdefault(self._row, {})[self._column] = cell

    def _cell(self) -> Cell:
        if self._formula and not self._value and not self._inline:
            return Cell(lacks_value=True)
        match self._type:
            case "s":
                return Cell(tidy(self._shared()))
            case "inlineStr":
                return Cell(tidy("".join(self._inline)))
            case "e":
                return Cell(is_error=True)
            case "str" | "b" | "d":
                return Cell(tidy(self._value))
        return self._number() if self._value.strip() else Cell()

    def _shared(self) -> str:
        index = _whole(self._value, -1)
        if not 0 <= index < len(self._book.strings):
            raise Unreadable
        return self._book.strings[index]

    def _number(self) -> Cell:
        try:
            number = Decimal(self._value.strip()[:40])
        except InvalidOperation:
            return Cell(tidy(self._value))
        if not number.is_finite() or abs(number) >= Decimal(10) ** _DIGITS:
            return Cell(tidy(self._value))
        if self._book.formats.is_day(self._style):
            return Cell(day=day_of(number, since_1904=self._book.since_1904), is_error=number < 0)
        return Cell(number=_rounded(number), money=self._book.formats.money_of(self._style))

    def _merge(self, ref: str) -> None:
        """A row in which cells are merged across is a heading; cells merged downwards stay what they are."""
        first, _, last = ref.partition(":")
        start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
        if start and end and start[1] != end[1] and len(self._merged) < _MOST_MERGED:
            self._merged.add(int(start[2]))


def _nothing(*_: object) -> None:
    """Nothing to do at the end of an element."""


def _rounded(number: Decimal) -> Decimal:
    rounded = number.quantize(Decimal(10) ** (number.adjusted() - _DIGITS + 1)) if number else Decimal(0)
    return Decimal(format(rounded.normalize(), "f"))


def _whole(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 7 else otherwise


def _column(letters: str) -> int:
    """From 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
