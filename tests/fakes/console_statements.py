"""The statements of the console's backend in memory: one waits for its invoice, one is paid."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.channels.console.statement_views import (
    DisputeView,
    StatedLineView,
    StatementFile,
    StatementFileView,
    StatementRow,
    StatementView,
)
from crm.money import Money
from knowledge.commission.statement import LineState, Statement, StatementState

AT = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
PDF = b"%PDF-1.4 a statement"


def _euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def _line(place: int, number: str, customer: str, amount: str, state: LineState) -> StatedLineView:
    return StatedLineView(
        place, number, customer, "customer payment", date(2026, 10, 12), "Referral 2026, version 2026.1", "Select",
        _euro("6000.00"), "17.5 %", _euro(amount), state,
        ("EUR 6,000.00 collected, of which EUR 6,000.00 counts", "Rate of the plan: 15 %",
         "Your tier Select adds 2.5 percentage points, which makes 17.5 %"),
    )  # fmt: skip


def _statement(id_: str, number: str, state: StatementState, total: str, lines: int) -> Statement:
    return Statement(
        id_, number, "p1", number[2:], state, _euro(total), date(2026, 10, 31), tuple(f"k{n}" for n in range(lines)),
        issued_at=AT, disputable_until=date(2026, 12, 5),
    )  # fmt: skip


def statements() -> list[StatementView]:
    """The latest first."""
    waiting = _statement("s-waiting", "S-2026-10", StatementState.ISSUED, "2100.00", 2)
    paid = _statement("s-paid", "S-2026-09", StatementState.PAID, "1050.00", 1)
    file = StatementFileView(1, "pdf", "S-2026-10.pdf", len(PDF), hashlib.sha256(PDF).hexdigest(), AT)
    return [
        StatementView(
            waiting, "Brightwater Systems",
            (_line(1, "D-48213", "Castle Row Hotels", "1050.00", LineState.ON_STATEMENT),
             _line(2, "D-20461", "Fenwick Print", "1050.00", LineState.ON_STATEMENT)),
            (file,), (DisputeView("The second line should be on twice the sum.", "open", AT, 2),),
            "accounts@brightwater.example",
        ),
        StatementView(
            paid, "Brightwater Systems", (_line(1, "D-48213", "Castle Row Hotels", "1050.00", LineState.PAID),)
        ),
    ]  # fmt: skip


class StatementsInMemory:
    """The part of the console's backend that shows statements."""

    def __init__(self) -> None:
        self.stated = statements()

    async def statements(self, state: StatementState | None = None) -> tuple[StatementRow, ...]:
        shown = [view for view in self.stated if state is None or view.record.state is state]
        return tuple(StatementRow(view.record, view.partner_name) for view in shown)

    async def statement(self, statement_id: str) -> StatementView | None:
        return next((view for view in self.stated if view.record.id == statement_id), None)

    async def statement_file(self, statement_id: str, revision: int, kind: str) -> StatementFile | None:
        if (statement_id, revision, kind) != ("s-waiting", 1, "pdf"):
            return None
        return StatementFile("S-2026-10.pdf", "application/pdf", PDF)
