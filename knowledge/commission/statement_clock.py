"""Which timers a statement has, from its state and its dates: the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.business_days import end_of, vendors_day
from knowledge.commission.statement import Dispute, DisputeState, Statement, StatementState
from knowledge.deal_clock import Timer
from knowledge.program import StatementRules, Vendor

REMINDED_AFTER = timedelta(days=10)
"""How long after a statement was issued its partner is reminded, once, of the invoice."""
ANNOUNCED_BEFORE = timedelta(days=3)
"""How long before a payment is due whoever pays is asked to."""
_MORNING = time(9)


class StatementTimer(StrEnum):
    """What falls due for a statement, or for a dispute about a line of one.

    statement_approval, dispute_opened and dispute_over fall due at once: what a message of a partner brought about is
    put before managers, or taken from them, outside of that message.
    """

    INVOICE_MISSING = "statement_invoice_missing"
    APPROVAL = "statement_approval"
    PAYMENT_DUE = "statement_payment_due"
    PAYMENT_OVERDUE = "statement_payment_overdue"
    WITHDRAWN = "statement_withdrawn"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_OVER = "dispute_over"


def disputable_until(sent: datetime, rules: StatementRules, vendor: Vendor) -> date:
    """The last day, in the vendor's zone, on which a line may be disputed."""
    return vendors_day(sent, vendor) + timedelta(days=rules.dispute_days)


def pay_by(approved: datetime, rules: StatementRules, vendor: Vendor) -> date:
    return vendors_day(approved, vendor) + timedelta(days=rules.payment_days_after_approval)


def timers_of(statement: Statement, vendor: Vendor, zone: str) -> tuple[Timer, ...]:
    """The timers of a statement as it stands. `zone` is the partner's: it is reminded in its morning."""
    match statement.state:
        case StatementState.ISSUED:
            made = _of_issued(statement, _zone(zone, vendor))
        case StatementState.INVOICE_RECEIVED:
            made = _of_received(statement)
        case StatementState.APPROVED | StatementState.SCHEDULED | StatementState.FAILED:
            made = _of_approved(statement, vendor)
        case _:
            made = iter(())
    return tuple(made)


def opened(dispute: Dispute) -> Timer:
    """A dispute that a partner opened, to be put before a manager."""
    return _of_dispute(dispute, StatementTimer.DISPUTE_OPENED, dispute.opened_at)


def over(dispute: Dispute) -> Timer:
    """A dispute that its partner took back: no manager has to look at it any more."""
    if dispute.state is not DisputeState.WITHDRAWN or dispute.resolved_at is None:
        raise ValueError("only a dispute that was withdrawn is over by itself")
    return _of_dispute(dispute, StatementTimer.DISPUTE_OVER, dispute.resolved_at)


def withdrawn(statement: Statement, now: datetime) -> Timer:
    """A statement with nothing left to be paid, of which the partner hears."""
    return _timer(statement, StatementTimer.WITHDRAWN, now, statement.revision)


def _of_issued(statement: Statement, zone: ZoneInfo) -> Iterator[Timer]:
    if statement.issued_at is not None:
        day = statement.issued_at.astimezone(zone).date() + REMINDED_AFTER
        morning = datetime.combine(day, _MORNING, zone)
        yield _timer(statement, StatementTimer.INVOICE_MISSING, morning, only_ahead=True)


def _of_received(statement: Statement) -> Iterator[Timer]:
    """Another invoice, for another revision or after a refusal, is another occasion."""
    if statement.invoice_at is not None:
        at = statement.invoice_at
        yield _timer(statement, StatementTimer.APPROVAL, at, at.astimezone(UTC).isoformat())


def _of_approved(statement: Statement, vendor: Vendor) -> Iterator[Timer]:
    """Another approval is another occasion; whoever pays is not asked twice for one."""
    last, approved = statement.pay_by, statement.approved_at
    if last is None or approved is None:
        return
    morning = datetime.combine(last - ANNOUNCED_BEFORE, _MORNING, ZoneInfo(vendor.time_zone))
    yield _timer(statement, StatementTimer.PAYMENT_DUE, max(morning, approved), last)
    yield _timer(statement, StatementTimer.PAYMENT_OVERDUE, end_of(last, vendor) + timedelta(hours=_MORNING.hour), last)


def _of_dispute(dispute: Dispute, kind: StatementTimer, at: datetime) -> Timer:
    return Timer(f"{kind}:{dispute.id}", kind.value, dispute.id, at, partner_id=dispute.partner_id)


def _timer(
    statement: Statement, kind: StatementTimer, due_at: datetime, *apart: date | int | str, only_ahead: bool = False
) -> Timer:
    key = ":".join([kind.value, statement.id, *(str(part) for part in apart)])
    return Timer(key, kind.value, statement.id, due_at, {}, statement.partner_id, only_ahead)


def _zone(name: str, vendor: Vendor) -> ZoneInfo:
    try:
        return ZoneInfo(name or vendor.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(vendor.time_zone)
