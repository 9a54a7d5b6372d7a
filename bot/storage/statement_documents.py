"""The documents of a statement: made from what it stands on, kept once, and known by their hash."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.documents.statement_csv import statement_csv
from bot.documents.statement_json import statement_json
from bot.documents.statement_pdf import statement_pdf
from bot.documents.statement_sheet import StatementSheet
from bot.documents.statement_words import Happening, statement_sheet
from bot.storage import lines, mirror, statements
from bot.storage.statements import StatementFile
from bot.texts.own import worded
from crm.records import Milestone, Partner, Payment
from knowledge.business_days import vendors_day
from knowledge.commission.account import Line
from knowledge.commission.statement import Statement
from knowledge.program import Program

PARTNERS = ("pdf", "csv")
"""What a partner gets; the JSON has the inputs of every step, which are the vendor's own."""

_SETTERS: Mapping[str, Callable[[StatementSheet], bytes]] = {
    "pdf": statement_pdf,
    "csv": statement_csv,
    "json": statement_json,
}


async def sheet_of(
    connection: AsyncConnection, program: Program, statement: Statement, partner: Partner, language: str
) -> StatementSheet:
    """The statement as it stands, in words."""
    stated = [one.line for one in await lines.of_statement(connection, statement.id)]
    return statement_sheet(
        statement,
        stated,
        program,
        partner,
        language,
        issued_on=vendors_day(statement.issued_at, program.vendor) if statement.issued_at else None,
        happenings=await _happenings(connection, stated),
        texts=worded(program.texts),
    )


async def _happenings(connection: AsyncConnection, stated: Sequence[Line]) -> dict[str, Happening]:
    """What earned the lines, by id."""
    ids = {line.event for line in stated}
    known: dict[str, Happening] = {one.id: one for one in await mirror.some(connection, Payment, ids)}
    known |= {one.id: one for one in await mirror.some(connection, Milestone, ids)}
    return known


def documents(statement: Statement, sheet: StatementSheet) -> tuple[StatementFile, ...]:
    """One of each kind; takes a processor for a while."""
    return tuple(_file(statement, sheet, kind, setter(sheet)) for kind, setter in _SETTERS.items())


async def keep(
    connection: AsyncConnection, statement: Statement, files: tuple[StatementFile, ...]
) -> tuple[StatementFile, ...]:
    """What is kept from now on: these, or those that were kept for this revision before. The partner's version is
    locked by the caller.
    """
    for file in files:
        await statements.keep_file(connection, file)
    kept = await statements.files_of(connection, statement.id, statement.revision)
    sha256 = next((file.sha256 for file in kept if file.kind == "pdf"), "")
    if statement.pdf != sha256:
        await statements.save(connection, replace(statement, pdf=sha256))
    return kept


async def latest(
    connection: AsyncConnection, program: Program, statement: Statement, partner: Partner, language: str
) -> tuple[StatementFile, ...]:
    """Those of the statement as it stands, made now where nobody has asked for them yet; as `keep` says."""
    kept = await statements.files_of(connection, statement.id, statement.revision)
    if kept:
        return kept
    sheet = await sheet_of(connection, program, statement, partner, language)
    return await keep(connection, statement, await asyncio.to_thread(documents, statement, sheet))


def _file(statement: Statement, sheet: StatementSheet, kind: str, content: bytes) -> StatementFile:
    name = f"{sheet.file_name}.{kind}"
    return StatementFile(statement.id, statement.revision, kind, name, hashlib.sha256(content).hexdigest(), content)
