"""A table in Slack's own block; where it is too large for one, a list says the same."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.blocks import rich
from bot.vocabulary.layout import Row, Table

ROWS, COLUMNS = 100, 20  # Slack's limits, with the heads
CHARACTERS = 10_000  # of all cells together

Blocks = list[dict[str, Any]]


def fits(table: Table) -> bool:
    """Whether Slack takes it, and whether it is more than a list of names."""
    cells = sum(len(cell) for row in table.rows for cell in row) + sum(len(column.label) for column in table.columns)
    return (
        bool(table.rows)
        and 1 < len(table.columns) <= COLUMNS
        and len(table.rows) < ROWS
        and cells <= CHARACTERS
        and all(len(row) == len(table.columns) for row in table.rows)
    )


def as_table(table: Table) -> Blocks:
    """Heads in bold; figures stand at the right, long cells are wrapped."""
    heads = [rich.cell(column.label, bold=True) for column in table.columns]
    rows = [[rich.cell(cell) for cell in row] for row in table.rows]
    settings = [
        {"align": "right"} if column.figures else {"is_wrapped": place == 0 or column.below}
        for place, column in enumerate(table.columns)
    ]
    return [{"type": "table", "column_settings": settings, "rows": [heads, *rows]}]


def as_list(table: Table) -> Blocks:
    """A line for each row: its name, and below it what is known."""
    rows = []
    for row in table.rows:
        told = zip(table.columns[1:], row[1:], strict=False)
        known = " · ".join(f"{column.label}: {cell}" if column.label else cell for column, cell in told if cell)
        rows.append(Row("", (row[0] if row else "–", known) if known else (row[0] if row else "–",)))
    return [rich.listing(rows)] if rows else []
