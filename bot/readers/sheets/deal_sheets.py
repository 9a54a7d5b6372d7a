"""An attached CSV or XLSX file as deals to register: one request for each of its rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from bot.ports import AttachedFile
from bot.readers.builtin.currencies import currency_of
from bot.readers.builtin.products import ProductFinder
from bot.readers.sheets.asking import asks_for_table, asks_to_register
from bot.readers.sheets.cells import CellReader, Said, days_of
from bot.readers.sheets.csv_grid import csv_grids
from bot.readers.sheets.grid import MOST_ROWS, Grid, Row, Unreadable
from bot.readers.sheets.headings import Headings, find_headings
from bot.readers.sheets.xlsx_grid import xlsx_grids
from bot.vocabulary.requests import DealFields, DealSheet, Intent, Request, SheetNote, SheetRow
from knowledge.program import Product

_SUM_WORDS = """
    total totals sum subtotal grandtotal overall summe gesamt gesamtsumme zwischensumme somme soustotal totaal subtotaal
    eindtotaal suma totalgeneral
"""
_SUMS = frozenset(_SUM_WORDS.split())


class DealSheets:
    """Implements `bot.ports.SheetReader`."""

    def __init__(self, catalogue: tuple[Product, ...]) -> None:
        self._products = ProductFinder(catalogue)

    def read(self, file: AttachedFile, received: date, language: str) -> DealSheet:
        name = file.attachment.name
        try:
            found = [(grid, find_headings(grid)) for grid in _grids(file)]
        except Unreadable as fault:
            return DealSheet(name, note=SheetNote.TOO_LARGE if fault.too_large else SheetNote.BROKEN)
        of_deals = [(grid, headings) for grid, headings in found if headings.are_of_deals]
        if not of_deals:
            return DealSheet(name, note=SheetNote.NO_HEADINGS)
        # Of a CSV file, the delimiter that parts most columns; of a workbook, its first sheet with deals.
        first = file.attachment.kind == "xlsx"
        grid, headings = of_deals[0] if first else max(of_deals, key=lambda pair: len(pair[1].columns))
        return self._deals(name, grid, headings, received, language)

    def asked_for(self, text: str) -> bool:
        return asks_to_register(text)

    def means_one(self, text: str) -> bool:
        return asks_for_table(text)

    def _deals(self, file: str, grid: Grid, headings: Headings, received: date, language: str) -> DealSheet:
        rows = list(_rows(grid, headings))
        reader = CellReader(self._products, language, _days(rows, headings, received, language))
        said = [(row.number, reader.read(row.cells, headings.columns)) for row in rows[:MOST_ROWS]]
        requests = tuple(_request(file, number, one) for number, one in said)
        if grid.cut or len(rows) > MOST_ROWS:
            return DealSheet(file, requests, SheetNote.TOO_MANY_ROWS)
        return DealSheet(file, requests, None if requests else SheetNote.NO_ROWS)


def _grids(file: AttachedFile) -> Iterator[Grid]:
    return xlsx_grids(file.content) if file.attachment.kind == "xlsx" else csv_grids(file.content)


def _rows(grid: Grid, headings: Headings) -> Iterator[Row]:
    """The rows below the headings that say something, without headings between them and sums."""
    for row in grid.rows:
        known = {place: cell for place, cell in row.cells.items() if place in headings.columns}
        if row.number > headings.row and known and not row.heading and not _is_sum(row):
            yield row


def _is_sum(row: Row) -> bool:
    first = row.cells[min(row.cells)].text
    plain = unicodedata.normalize("NFKD", first).casefold()
    return "".join(c for c in plain if c.isalpha()) in _SUMS


def _days(rows: Sequence[Row], headings: Headings, received: date, language: str) -> dict[str, date]:
    places = {column.field: place for place, column in headings.columns.items()}
    written = [row.cells[at].text for row in rows if (at := places.get("close_date")) is not None and at in row.cells]
    said = {column.currency for column in headings.columns.values()}
    for row in rows:
        for field in ("currency", "amount"):
            cell = row.cells.get(places.get(field, -1))
            said |= {currency_of(cell.text) if field == "currency" else currency_of(cell.money)} if cell else set()
    return days_of([text for text in written if text], language, received, sorted(said - {""}))


def _request(file: str, number: int, said: Said) -> Request:
    row = SheetRow(file, number, tuple(said.unread), tuple(said.formulas))
    return Request(Intent.REGISTER_DEAL, DealFields(**said.values), row=row)
