"""The matrix of the deal desk as the test run prints it: what it promises, by channel and by how a talk goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

CELL = "deal_desk_cell"
LINES = {
    1: "draft with held priority",
    2: "checks and conflicts",
    3: "decision",
    4: "protection, updates",
    5: "leads",
    6: "people",
    7: "attribution",
    8: "restarts, races",
}
KINDS = ("happy", "correction", "repeat", "interruption", "hostile")
CHANNELS = ("mail", "slack")

Cell = tuple[int, str, str]


def table(passed: Iterable[Cell], failed: Iterable[Cell]) -> list[str]:
    """The rows to print: how many dialogues of each cell passed, failures marked with an exclamation mark."""
    good, bad = Counter(passed), Counter(failed)
    rows = [f"{'':34}" + "".join(f"{kind:>13}" for kind in KINDS)]
    for line, title in LINES.items():
        for channel in CHANNELS:
            cells = "".join(f"{_cell(good, bad, (line, kind, channel)):>13}" for kind in KINDS)
            rows.append(f"{f'{line} {title}' if channel == CHANNELS[0] else '':28}{channel:>6}{cells}")
    return rows


def _cell(good: Mapping[Cell, int], bad: Mapping[Cell, int], cell: Cell) -> str:
    failed = f" {bad[cell]}!" if bad.get(cell) else ""
    return f"{good.get(cell, 0) or '-'}{failed}"
