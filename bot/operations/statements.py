"""Statements as the console shows them: where each stands, its lines in words, and the documents as they were sent."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.statement_views import (
    DisputeView,
    StatedLineView,
    StatementFile,
    StatementFileView,
    StatementRow,
    StatementView,
)
from bot.documents.statement_sheet import SheetRow
from bot.operations.names import read_names
from bot.storage import disputes, lines, mirror, statement_documents, statements
from bot.storage.finance_contact import finance_contact
from bot.storage.payout_tables import statement_files
from bot.vocabulary.documents import CONTENT_TYPES
from crm.records import Partner
from knowledge.commission.statement import LineState, Statement, StatementState
from knowledge.program import Program

_SHOWN = tuple(state for state in StatementState if state is not StatementState.DRAFT)


async def rows(connection: AsyncConnection, state: StatementState | None) -> tuple[StatementRow, ...]:
    names = await read_names(connection)
    found = await statements.in_states(connection, [state] if state else _SHOWN)
    latest = sorted(found, key=lambda statement: statement.period, reverse=True)
    return tuple(StatementRow(statement, names.partner(statement.partner_id)) for statement in latest)


async def view(connection: AsyncConnection, program: Program, statement_id: str) -> StatementView | None:
    statement = await statements.find(connection, statement_id)
    if statement is None:
        return None
    partner = await mirror.one(connection, Partner, statement.partner_id)
    if partner is None:
        return StatementView(statement, statement.partner_id, ())
    sheet = await statement_documents.sheet_of(connection, program, statement, partner, "en")
    states = {stated.line.key: stated.state for stated in await lines.of_statement(connection, statement.id)}
    told = await finance_contact(connection, partner)
    return StatementView(
        statement,
        partner.name,
        lines=tuple(_line(row, states.get(row.line.key, LineState.EARNED)) for row in sheet.rows),
        files=await _files(connection, statement.id),
        disputes=await _disputes(connection, statement, {row.line.key: row.place for row in sheet.rows}),
        sent_to=told.email if told else "",
    )


async def document(connection: AsyncConnection, statement_id: str, revision: int, kind: str) -> StatementFile | None:
    found = await statements.files_of(connection, statement_id, revision)
    file = next((file for file in found if file.kind == kind), None)
    return StatementFile(file.name, CONTENT_TYPES[file.kind], file.content) if file is not None else None


def _line(row: SheetRow, state: LineState) -> StatedLineView:
    line = row.line
    return StatedLineView(
        place=row.place,
        deal_number=line.deal_number,
        customer=line.customer,
        event=row.event,
        earned_on=line.earned_on,
        plan=f"{row.plan}, version {line.version}",
        tier=line.tier,
        base=line.base,
        rate=_rate(row),
        amount=line.amount,
        state=state,
        derivation=row.derivation,
    )


def _rate(row: SheetRow) -> str:
    if row.line.rate is not None:
        return f"{(row.line.rate * 100).normalize():f} %"
    return "by bands" if row.several_rates else "flat"


async def _files(connection: AsyncConnection, statement_id: str) -> tuple[StatementFileView, ...]:
    """Without what is in them."""
    c = statement_files.c
    query = select(c.revision, c.kind, c.name, func.length(c.content).label("size"), c.sha256, c.made_at.label("at"))
    found = await connection.execute(
        query.where(c.statement_id == statement_id).order_by(c.revision.desc(), c.kind.desc())
    )
    return tuple(StatementFileView(**row._asdict()) for row in found)


async def _disputes(
    connection: AsyncConnection, statement: Statement, places: dict[str, int]
) -> tuple[DisputeView, ...]:
    known = await disputes.of_partner(connection, statement.partner_id)
    return tuple(
        DisputeView(one.words, one.state, one.opened_at, places.get(one.line, 0), one.reason)
        for one in known
        if one.statement_id == statement.id
    )
