"""Checks messages written for the reader to learn from: `python -m benchmarks.reader.checking FILE...`."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.samples import written_rows
from bot.vocabulary.requests import Intent

DEAL = frozenset(
    {
        "customer", "customer_domain", "contact_name", "contact_email", "contact_phone", "amount", "currency",
        "amount_basis", "close_date", "product", "quantity", "term_months",
    }
)  # fmt: skip
FIELDS: dict[str, frozenset[str]] = {intent.value: frozenset() for intent in Intent} | {
    "register_deal": DEAL,
    "refer_lead": DEAL,
    "provide_field": DEAL | {"deal_ref", "statement_ref", "invoice_number"},
    "update_deal": frozenset(["customer", "deal_ref", "amount", "currency", "amount_basis", "close_date", "stage"]),
    "ask_deal_status": frozenset({"customer", "deal_ref"}),
    "ask_commission": frozenset({"customer", "product", "amount", "currency"}),
    "ask_payout": frozenset({"period", "statement_ref"}),
    "submit_invoice": frozenset({"statement_ref", "invoice_number"}),
    "dispute_commission": frozenset({"customer", "statement_ref"}),
    "answer_announcement": frozenset({"answer"}),
    "ask_content": frozenset({"topic"}),
    "ask_training": frozenset({"topic"}),
    "ask_program": frozenset({"topic"}),
}
CHOICES = {
    "stage": {"won", "lost", "proposal", "negotiation", "qualified", "on_hold"},
    "answer": {"yes", "no", "maybe"},
    "amount_basis": {"total", "annual", "monthly", "per_seat_month"},
}
SHAPES = {
    "amount": r"\d+(\.\d+)?",
    "currency": r"[A-Z]{3}",
    "quantity": r"[1-9]\d*",
    "term_months": r"[1-9]\d*",
    "deal_ref": r"D-\d{3,6}",
    "statement_ref": r"S-\d{4}-\d{2}",
    "period": r"\d{4}(-\d{2}|-Q[1-4])?",
    "customer_domain": r"[a-z0-9-]+(\.[a-z0-9-]+)+",
    "contact_email": r"[^@\s]+@[^@\s]+",
}
WRITTEN = ("customer", "contact_name", "contact_email", "invoice_number", "topic")
ALONE = ("thanks", "other", "auto_reply")


def faults_of(row: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one message: its labels against the guide, its values against its text."""
    yield from _frame_faults(row)
    requests = row["requests"]
    names = [intent for intent, _ in requests]
    if len(names) > 1 and set(names) & set(ALONE):
        yield f"{names}: thanks, other and auto_reply stand alone"
    said = " ".join(f"{row.get('subject', '')} {row['text']} {row.get('forwarded', '')}".split())
    for intent, fields in requests:
        if intent not in FIELDS:
            yield f"no such intent {intent}"
            continue
        for field, value in fields.items():
            if field not in FIELDS[intent]:
                yield f"{intent} has no field {field}"
            yield from _value_faults(field, str(value), said, row["received"])


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


def _value_faults(field: str, value: str, said: str, received: str) -> Iterator[str]:
    if field in CHOICES and value not in CHOICES[field]:
        yield f"{field} {value!r} is none of {sorted(CHOICES[field])}"
    if field in SHAPES and not re.fullmatch(SHAPES[field], value):
        yield f"{field} {value!r} has not the guide's form"
    if field in WRITTEN and value.casefold() not in said.casefold():
        yield f"{field} {value!r} does not stand in the text"
    if field == "product" and any(part not in [p.name for p in CATALOGUE] for part in value.split("; ")):
        yield f"product {value!r} is not in the catalogue"
    if field == "close_date" and not 0 <= (date.fromisoformat(value) - date.fromisoformat(received[:10])).days < 1100:
        yield f"close_date {value} is odd for a message of {received[:10]}"


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
