"""Checks messages written for the reader to learn from: `python -m benchmarks.reader.checking FILE...`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.samples import written_rows
from bot.evaluation.cases import Wanted
from bot.evaluation.labelling import faults_of as label_faults

_PRODUCTS = [product.name for product in CATALOGUE]


def faults_of(row: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one message: its labels against the guide, its values against its text."""
    yield from _frame_faults(row)
    requests = [
        Wanted(intent, {name: str(value) for name, value in fields.items()}) for intent, fields in row["requests"]
    ]
    said = f"{row.get('subject', '')} {row['text']} {row.get('forwarded', '')}"
    received = datetime.fromisoformat(row["received"])
    yield from label_faults(requests, said, received, _PRODUCTS)
    for request in requests:
        yield from _day_faults(request.fields.get("close_date", ""), received.date())
        yield from _topic_faults(request.fields.get("topic", ""), said)


def _frame_faults(row: dict[str, Any]) -> Iterator[str]:
    for key, choices in (
        ("channel", ("email", "slack")),
        ("lang", ("en", "de", "fr", "nl", "es")),
        ("thread", (None, "announcement", "statement", "question")),
    ):
        if row.get(key) not in choices:
            yield f"{key} {row.get(key)!r} is none of {choices}"
    if datetime.fromisoformat(row["received"]).tzinfo is None:
        yield "received has no offset"
    if row.get("asked") and row.get("thread") != "question":
        yield "asked without a question thread"


def _day_faults(value: str, received: date) -> Iterator[str]:
    """Stricter than the guide: what is written to learn from names days to come."""
    try:
        days = (date.fromisoformat(value) - received).days
    except ValueError:
        return  # told already, or no close date
    if not 0 <= days < 1100:
        yield f"close_date {value} is odd for a message of {received}"


def _topic_faults(value: str, said: str) -> Iterator[str]:
    """Stricter than the guide: a reader points at words, so that those to learn from stand in the text."""
    if " ".join(value.split()).casefold() not in " ".join(said.split()).casefold():
        yield f"topic {value!r} does not stand in the text"


def main() -> int:
    faulty = 0
    for name in sys.argv[1:]:
        rows = list(written_rows(Path(name)))
        for number, row in enumerate(rows, 1):
            for fault in faults_of(row):
                faulty += 1
                print(f"{name}:{number}: {fault}")
        intents = Counter(intent for row in rows for intent, _ in row["requests"])
        fields = Counter(field for row in rows for _, said in row["requests"] for field in said)
        print(f"{name}: {len(rows)} messages, {dict(intents.most_common())}, {dict(fields.most_common())}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
