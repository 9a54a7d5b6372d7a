"""The states of a statement for managers: in words, and what may be done in each with one tap."""

from __future__ import annotations

from bot.vocabulary.briefs import Act
from knowledge.commission.statement import StatementState

_TO_PAY = (Act.PAY, Act.BLOCK)
_ACTS = {
    StatementState.INVOICE_RECEIVED: (Act.APPROVE, Act.DECLINE, Act.POSTPONE, Act.BLOCK),
    StatementState.APPROVED: (Act.PAY, Act.POSTPONE, Act.BLOCK),
    StatementState.SCHEDULED: _TO_PAY,
    StatementState.FAILED: _TO_PAY,
    StatementState.POSTPONED: (Act.RELEASE,),
    StatementState.BLOCKED: (Act.RELEASE,),
}
_WORDED = {
    StatementState.ISSUED: "waiting for the partner's invoice",
    StatementState.INVOICE_RECEIVED: "waiting for approval",
    StatementState.VOID: "cancelled",
}


def worded(state: StatementState) -> str:
    return _WORDED.get(state, state.value)


def acts_about(state: StatementState) -> tuple[Act, ...]:
    """None where it is the partner's turn, or nothing is left to do."""
    return _ACTS.get(state, ())
