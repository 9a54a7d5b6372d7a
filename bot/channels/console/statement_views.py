"""A statement as the console shows it: where it stands, what is on it and why, and the documents that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm.money import Money
from knowledge.commission.statement import LineState, Statement


@dataclass(frozen=True, slots=True)
class StatementRow:
    record: Statement
    partner_name: str


@dataclass(frozen=True, slots=True)
class StatedLineView:
    """A line under its number on the statement; `derivation` says in sentences how `amount` comes about."""

    place: int
    deal_number: str
    customer: str
    event: str
    earned_on: date
    plan: str
    tier: str
    base: Money
    rate: str
    amount: Money
    state: LineState
    derivation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementFileView:
    """A document of one revision; the partner got the PDF and the CSV."""

    revision: int
    kind: str
    name: str
    size: int
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeView:
    words: str
    state: str
    at: datetime
    place: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatementView:
    """`files` are those of all revisions, the latest first; `sent_to` is who at the partner gets them ("" nobody)."""

    record: Statement
    partner_name: str
    lines: tuple[StatedLineView, ...]
    files: tuple[StatementFileView, ...] = ()
    disputes: tuple[DisputeView, ...] = ()
    sent_to: str = ""


@dataclass(frozen=True, slots=True)
class StatementFile:
    name: str
    content_type: str
    content: bytes
