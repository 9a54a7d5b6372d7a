"""What a partner is told of a step of its statement, or of a dispute."""

from __future__ import annotations

from bot.vocabulary.decisions import Outcome, Value
from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, Statement, StatementState


def approved(statement: Statement) -> tuple[Outcome, ...]:
    if statement.pay_by is None:
        raise ValueError("an approved statement has a day by which it is paid")
    return _said("approved", statement, pay_by=statement.pay_by)


def paid(statement: Statement) -> tuple[Outcome, ...]:
    if statement.paid_on is None:
        raise ValueError("a paid statement has a day on which it was paid")
    return _said("paid", statement, on=statement.paid_on, reference=statement.reference)


def declined(statement: Statement) -> tuple[Outcome, ...]:
    return (*_said("declined", statement, reason=statement.note), _plain("declined_how"))


def postponed(statement: Statement) -> tuple[Outcome, ...]:
    return (*_said("postponed", statement, reason=statement.note), _plain("goes_on"))


def blocked(statement: Statement) -> tuple[Outcome, ...]:
    return (*_said("blocked", statement, reason=statement.note), _plain("goes_on"))


def failed(statement: Statement) -> tuple[Outcome, ...]:
    return (*_said("failed", statement, reason=statement.note), _plain("failed_how"))


def released(statement: Statement) -> tuple[Outcome, ...]:
    asks = (_plain("released_how"),) if statement.state is StatementState.ISSUED else ()
    return (*_said("released", statement), *asks)


def cancelled(statement: Statement) -> tuple[Outcome, ...]:
    return (*_said("cancelled", statement, reason=statement.note), _plain("cancelled_how"))


def withdrawn(statement: Statement) -> tuple[Outcome, ...]:
    """Nothing of it is left to be paid by itself."""
    return (Outcome("payout_step.withdrawn", {"number": statement.number}),)


def invoice_missing(statement: Statement, vendor: str, address: str) -> tuple[Outcome, ...]:
    return _said("invoice_missing", statement, vendor=vendor, address=address)


def upheld(dispute: Dispute, line: Line) -> tuple[Outcome, ...]:
    return (Outcome("payout_step.upheld", _about(dispute, line), figures=True), _plain("on_next"))


def corrected(dispute: Dispute, line: Line, becomes: Money) -> tuple[Outcome, ...]:
    said = Outcome("payout_step.corrected", _about(dispute, line) | {"becomes": becomes}, figures=True)
    return (said, _plain("on_next"))


def adjusted(line: Line, becomes: Money, reason: str) -> tuple[Outcome, ...]:
    """A line that nobody disputed was corrected all the same."""
    values: dict[str, Value] = {"subject": _subject(line), "amount": line.amount, "becomes": becomes, "reason": reason}
    return (Outcome("payout_step.adjusted", values, figures=True), _plain("on_next"))


def _plain(text: str) -> Outcome:
    return Outcome(f"payout_step.{text}")


def _said(text: str, statement: Statement, **values: Value) -> tuple[Outcome, ...]:
    named: dict[str, Value] = {"number": statement.number, "total": statement.total}
    return (Outcome(f"payout_step.{text}", named | values, figures=True),)


def _about(dispute: Dispute, line: Line) -> dict[str, Value]:
    return {
        "number": dispute.statement_number,
        "subject": _subject(line),
        "amount": line.amount,
        "reason": dispute.reason,
    }


def _subject(line: Line) -> str:
    return line.customer or line.deal_number or line.plan
