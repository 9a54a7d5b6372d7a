"""How things stand that were settled before a manager answered: by whom, and what may still be done."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts.states import worded
from bot.storage import disputes, registrations, statements
from bot.storage.briefs import SentBrief
from bot.vocabulary.briefs import BriefKind
from crm.records import RegistrationState
from knowledge.commission.statement import DisputeState, Statement, StatementState

_STILL = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)


async def standing(connection: AsyncConnection, brief: SentBrief) -> str:
    """In sentences, for a manager whose answer came too late."""
    when = f"{brief.settled_at:%d %B %Y, %H:%M %Z}" if brief.settled_at else ""
    told = f"This was settled by {brief.settled_by or 'somebody else'} on {when}, so nothing more was done."
    match brief.kind:
        case BriefKind.REGISTRATION:
            now = await _registration(connection, brief.subject)
        case BriefKind.STATEMENT:
            now = await _statement(connection, brief)
        case BriefKind.DISPUTE:
            now = await _dispute(connection, brief)
        case _:
            now = ""
    return f"{told} {now}".strip()


async def _registration(connection: AsyncConnection, number: str) -> str:
    kept = await registrations.find(connection, number)
    if kept is None:
        return ""
    by = f", decided by {kept.registration.decided_by}" if kept.registration.decided_by else ""
    state = kept.registration.state
    how = f' To decide it, answer the newest message about it, or write "approve {number}".' if state in _STILL else ""
    return f"{number} is now {state.value.replace('_', ' ')}{by}.{how}"


async def _statement(connection: AsyncConnection, brief: SentBrief) -> str:
    found = await statements.find(connection, brief.subject)
    if found is None:
        return ""
    how = " Answer the newest message about it." if found.state is StatementState.INVOICE_RECEIVED else ""
    return f"{brief.named} is now {worded(found.state)}{_more(found)}.{how}"


def _more(statement: Statement) -> str:
    match statement.state:
        case StatementState.APPROVED:
            return f", approved by {statement.approved_by} and to be paid by {statement.pay_by}"
        case StatementState.PAID:
            return f" under {statement.reference} on {statement.paid_on}"
        case StatementState.DECLINED | StatementState.POSTPONED | StatementState.BLOCKED:
            return f": {statement.note}"
    return ""


async def _dispute(connection: AsyncConnection, brief: SentBrief) -> str:
    found = await disputes.find(connection, brief.subject)
    if found is None or found.state is DisputeState.OPEN:
        return ""
    reason = f": {found.reason}" if found.reason else ""
    return f"It was {found.state.value}{reason}."
