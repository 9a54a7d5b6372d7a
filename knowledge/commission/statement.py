"""A statement, what may become of it, and the words a partner hears for where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm.money import Money
from knowledge.commission.account import Line


class LineState(StrEnum):
    """expected: an open deal's; planned: a won deal's that still waits; the others are of lines. Whether one is on a
    statement or paid follows from its live statement."""

    EXPECTED = "expected"
    PLANNED = "planned"
    EARNED = "earned"
    ON_STATEMENT = "on_statement"
    DISPUTED = "disputed"
    HELD = "held"
    VOID = "void"
    PAID = "paid"


class Shown(StrEnum):
    """Where a statement stands, as partners are told."""

    PENDING_INVOICE = "pending_invoice"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    PAID = "paid"
    DECLINED = "declined"
    POSTPONED = "postponed"
    BLOCKED = "blocked"
    FAILED = "failed"


class StatementState(StrEnum):
    """draft -> issued -> invoice_received -> approved -> scheduled -> paid; beside them what stops it."""

    DRAFT = "draft"
    ISSUED = "issued"
    INVOICE_RECEIVED = "invoice_received"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PAID = "paid"
    DECLINED = "declined"
    POSTPONED = "postponed"
    BLOCKED = "blocked"
    FAILED = "failed"
    VOID = "void"

    @property
    def live(self) -> bool:
        """Whether its lines are bound to it."""
        return self is not StatementState.VOID


MAY_BECOME: dict[StatementState, frozenset[StatementState]] = {
    StatementState.DRAFT: frozenset({StatementState.ISSUED, StatementState.VOID}),
    StatementState.ISSUED: frozenset(
        {
            StatementState.INVOICE_RECEIVED,
            StatementState.DECLINED,
            StatementState.POSTPONED,
            StatementState.BLOCKED,
            StatementState.VOID,
        }
    ),
    StatementState.INVOICE_RECEIVED: frozenset(
        {
            StatementState.ISSUED,
            StatementState.APPROVED,
            StatementState.DECLINED,
            StatementState.POSTPONED,
            StatementState.BLOCKED,
            StatementState.VOID,
        }
    ),
    StatementState.APPROVED: frozenset(
        {
            StatementState.SCHEDULED,
            StatementState.PAID,
            StatementState.FAILED,
            StatementState.BLOCKED,
            StatementState.POSTPONED,
        }
    ),
    StatementState.SCHEDULED: frozenset({StatementState.PAID, StatementState.FAILED, StatementState.BLOCKED}),
    StatementState.FAILED: frozenset({StatementState.SCHEDULED, StatementState.PAID, StatementState.BLOCKED}),
    StatementState.DECLINED: frozenset({StatementState.ISSUED, StatementState.VOID}),
    StatementState.POSTPONED: frozenset(
        {StatementState.ISSUED, StatementState.INVOICE_RECEIVED, StatementState.APPROVED, StatementState.VOID}
    ),
    StatementState.BLOCKED: frozenset(
        {
            StatementState.ISSUED,
            StatementState.INVOICE_RECEIVED,
            StatementState.APPROVED,
            StatementState.SCHEDULED,
            StatementState.VOID,
        }
    ),
    StatementState.PAID: frozenset(),
    StatementState.VOID: frozenset(),
}
"""The legal steps; what was paid stays paid, and corrections are new lines."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One partner's lines of one currency up to `cut_off` (inclusive).

    `id` is ours and opaque; `number` ("S-2026-10", "S-2026-10-USD") is what people say and is unique within the partner
    only. `period` is an ISO month. `disputable_until` is the last day for a dispute in the vendor's zone, `pay_by` the
    day by which it is paid once approved. `reference` is the payment's. `note` says why it was declined, postponed,
    blocked or failed, in words the partner reads. `revision` counts how often it was issued; `pdf` is the SHA-256 of
    the document that was sent. `before` is the state that a postponed or blocked one returns to.
    """

    id: str
    number: str
    partner_id: str
    period: str
    state: StatementState
    total: Money
    cut_off: date
    lines: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    issued_at: datetime | None = None
    disputable_until: date | None = None
    invoice_number: str = ""
    invoice_total: Money | None = None
    invoice_at: datetime | None = None
    approved_at: datetime | None = None
    approved_by: str = ""
    pay_by: date | None = None
    paid_on: date | None = None
    reference: str = ""
    note: str = ""
    revision: int = 1
    pdf: str = ""
    before: StatementState | None = None

    @property
    def shown(self) -> Shown:
        return shown(self.state)


def shown(state: StatementState) -> Shown:
    """What partners are told of a statement in this state."""
    return _SHOWN[state]


_SHOWN = {
    StatementState.DRAFT: Shown.PENDING_INVOICE,
    StatementState.ISSUED: Shown.PENDING_INVOICE,
    StatementState.INVOICE_RECEIVED: Shown.PENDING_APPROVAL,
    StatementState.APPROVED: Shown.APPROVED,
    StatementState.SCHEDULED: Shown.APPROVED,
    StatementState.PAID: Shown.PAID,
    StatementState.DECLINED: Shown.DECLINED,
    StatementState.VOID: Shown.DECLINED,
    StatementState.POSTPONED: Shown.POSTPONED,
    StatementState.BLOCKED: Shown.BLOCKED,
    StatementState.FAILED: Shown.FAILED,
}


class WhyCarried(StrEnum):
    BELOW_MINIMUM = "below_minimum"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Carried:
    """Lines of one currency that make no payout yet: they stay as they are and are looked at again next time."""

    total: Money
    why: WhyCarried
    lines: tuple[str, ...]


class DisputeState(StrEnum):
    """open -> upheld (the line stood as it was) | corrected (reversed, with a new line) | withdrawn by the partner."""

    OPEN = "open"
    UPHELD = "upheld"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A line that the partner does not agree with, in its own words; `reason` is the answer that it reads."""

    id: str
    statement_id: str
    statement_number: str
    line: str
    partner_id: str
    contact_id: str | None
    words: str
    state: DisputeState
    opened_at: datetime
    reason: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class StatedLine:
    """A posted line and where it stands; `statement` is the number of its live statement, "" for none."""

    line: Line
    state: LineState
    statement: str = ""
