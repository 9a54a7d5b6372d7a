"""Rows for a spreadsheet, of which it runs nothing: text that it could take for a formula is text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from bot.documents.statement_csv import harmless


def safe_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a mark for spreadsheets, commas, CRLF. Numbers stay as they are, None is an empty cell, all else is
    made harmless.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell if isinstance(cell, int | float | None) else harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")
