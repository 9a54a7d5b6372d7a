"""A statement's lines for a spreadsheet: plain figures, and no text in it can be taken for a formula."""

from __future__ import annotations

import csv
import re
from io import StringIO

from bot.documents.lettering import on_one_line
from bot.documents.statement_sheet import SheetRow, StatementSheet

COLUMNS = (
    "statement", "revision", "line", "date", "deal", "customer", "earned_by", "plan", "plan_version", "tier", "base",
    "base_currency", "rate_percent", "commission", "currency", "derivation", "key",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula, in its wide forms as well."""
_CELL_ELSEWHERE = re.compile(rf"([;|]\s*)(?=[{re.escape(''.join(_FORMULA))}])")


def statement_csv(sheet: StatementSheet) -> bytes:
    """UTF-8 with a mark for spreadsheets, commas, one row a line; amounts are decimals with a point, days ISO."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(sheet, row) for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _row(sheet: StatementSheet, row: SheetRow) -> tuple[str, ...]:
    line = row.line
    texts = (line.deal_number, line.customer, row.event, row.plan, line.version, line.tier)
    rate = "" if line.rate is None else f"{(line.rate * 100).normalize():f}"
    return (
        harmless(sheet.number), str(sheet.revision), str(row.place), line.earned_on.isoformat(),
        *map(harmless, texts), f"{line.base.amount:f}", line.base.currency, rate, f"{line.amount.rounded().amount:f}",
        line.amount.currency, harmless("; ".join(row.derivation)), harmless(line.key),
    )  # fmt: skip


def harmless(text: str) -> str:
    """On one line; an apostrophe in front makes a spreadsheet take it for text. One stands behind a semicolon or a bar
    as well, where a spreadsheet of another country begins a cell, quotes or not.
    """
    plain = _CELL_ELSEWHERE.sub(r"\1'", on_one_line(text))
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
