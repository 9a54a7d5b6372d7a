"""A step of a statement as it is written, wherever it is taken: its state, its timers, its documents, the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import accounts, ledger, mirror, statements, timers
from bot.storage.codec import to_doc
from bot.storage.queue import STATEMENT_DOCUMENTS, NewJob, Queue
from crm.money import Money
from crm.records import Partner
from knowledge.commission.closing import minimum, why_carried
from knowledge.commission.statement import MAY_BECOME, Statement, StatementState
from knowledge.commission.statement_clock import timers_of, withdrawn
from knowledge.program import Program

_APPROVED_ON = (StatementState.APPROVED, StatementState.SCHEDULED, StatementState.PAID, StatementState.FAILED)


class IllegalStep(Exception):
    """The statement cannot come to this state from where it stands."""


async def write(
    connection: AsyncConnection, program: Program, was: Statement, becomes: Statement, by: str, now: datetime
) -> None:
    """The partner's version is locked by the caller. `by` is an address, or what brought it about.

    Raises IllegalStep for a step that does not exist.
    """
    if becomes.state is not was.state and becomes.state not in MAY_BECOME[was.state]:
        raise IllegalStep(f"{was.number} is {was.state} and cannot become {becomes.state}")
    await statements.save(connection, becomes)
    await set_timers(connection, program, becomes, now)
    said = {"statement": to_doc(replace(becomes, lines=())), "was": was.state.value}
    await ledger.append(connection, "statement", by, said, partner_id=becomes.partner_id)
    await mirror.bump(connection, [becomes.partner_id])


async def set_timers(connection: AsyncConnection, program: Program, statement: Statement, now: datetime) -> None:
    """The timers that it has as it stands, and no others but those that are done."""
    partner = await mirror.one(connection, Partner, statement.partner_id)
    planned = timers_of(statement, program.vendor, partner.time_zone if partner else "")
    await timers.set_for(connection, statement.id, planned, now)


def documents_job(statement: Statement) -> NewJob:
    """Makes and sends the documents of this revision, one revision after the other."""
    args = {"statement_id": statement.id, "revision": statement.revision}
    return NewJob(STATEMENT_DOCUMENTS, f"statement:{statement.id}", args)


def may_be_disputed(statement: Statement) -> bool:
    """Whether a line can still be taken off it: not once its sum is approved."""
    state = (
        statement.before if statement.state in (StatementState.BLOCKED, StatementState.POSTPONED) else statement.state
    )
    return statement.state.live and state not in _APPROVED_ON


async def without(
    connection: AsyncConnection,
    queue: Queue | None,
    program: Program,
    statement: Statement,
    keys: tuple[str, ...],
    taken: Money,
    by: str,
    now: datetime,
) -> Statement:
    """The statement without these lines, `taken` in all: issued again for the rest, and its invoice asked for anew.
    Without a `queue` its documents are not sent.

    Where the rest would not be paid by itself the statement is void: what was on it comes to the next one.
    """
    await statements.take_off(connection, statement.id, keys)
    left = tuple(key for key in statement.lines if key not in keys)
    rest = statement.total - taken
    revised = replace(
        statement, lines=left, total=rest, revision=statement.revision + 1, pdf="", invoice_number="",
        invoice_total=None, invoice_at=None,
    )  # fmt: skip
    if not left or await _carried(connection, program, rest, statement.cut_off):
        void = replace(revised, state=StatementState.VOID, lines=(), before=None)
        await write(connection, program, statement, void, by, now)
        await timers.schedule(connection, withdrawn(void, now))
        return void
    revised = _asking_anew(revised)
    await write(connection, program, statement, revised, by, now)
    if queue is not None:
        await queue.defer(connection, [documents_job(revised)])
    return revised


async def _carried(connection: AsyncConnection, program: Program, rest: Money, day: date) -> bool:
    rules = program.statements
    if rules is None:
        return False
    rates = await accounts.rate_table(connection, program.vendor.currency)
    return why_carried(rest, minimum(rest.currency, day, rules, rates)) is not None


def _asking_anew(revised: Statement) -> Statement:
    """What waits for approval, or will do so once it is released, waits for an invoice of the new total instead."""
    if revised.state is StatementState.INVOICE_RECEIVED:
        return replace(revised, state=StatementState.ISSUED)
    if revised.before is StatementState.INVOICE_RECEIVED:
        return replace(revised, before=StatementState.ISSUED)
    return revised
