"""Statements as they stand, the lines that are on them, and the documents that were made of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, any_, bindparam, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage.codec import from_doc, to_doc
from bot.storage.payout_tables import statement_files, statement_lines, statements
from knowledge.commission.statement import Statement, StatementState

_PAYING = 7_306_002  # of advisory locks


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A document of one revision of a statement; `kind` is pdf, csv or json, `sha256` that of its content."""

    statement_id: str
    revision: int
    kind: str
    name: str
    sha256: str
    content: bytes


async def issue(connection: AsyncConnection, statement: Statement) -> bool:
    """Write a new one with its lines; False, and nothing is written, where there is one of that number or period.

    Raises IntegrityError where one of the lines is on another live statement.
    """
    made = insert(statements).values(
        id=statement.id,
        partner_id=statement.partner_id,
        number=statement.number,
        period=statement.period,
        currency=statement.total.currency,
        state=statement.state.value,
        doc=_doc(statement),
    )
    known = await connection.scalar(made.on_conflict_do_nothing().returning(statements.c.id))
    if known is None:
        return False
    await connection.execute(_ATTACH, {"statement": statement.id, "keys": list(statement.lines)})
    return True


async def save(connection: AsyncConnection, statement: Statement) -> None:
    """Its new state; which lines are on it is not changed by this, but one that is void has none any more."""
    change = update(statements).where(statements.c.id == statement.id)
    await connection.execute(change.values(state=statement.state.value, doc=_doc(statement)))
    if not statement.state.live:
        await connection.execute(_TAKE_ALL_OFF, {"statement": statement.id})


async def take_off(connection: AsyncConnection, statement_id: str, keys: Sequence[str]) -> None:
    """These lines are no longer on it."""
    await connection.execute(_TAKE_OFF, {"statement": statement_id, "keys": list(keys)})


async def find(connection: AsyncConnection, statement_id: str, *, lock: bool = False) -> Statement | None:
    """For managers and for what falls due; partners' look-ups go through `of_partner`. None for what is no id."""
    if not is_id(statement_id):
        return None
    query = _SELECT.where(statements.c.id == statement_id)
    row = (await connection.execute(query.with_for_update(of=statements) if lock else query)).one_or_none()
    return None if row is None else _statement(row)


async def of_partner(connection: AsyncConnection, partner_id: str) -> tuple[Statement, ...]:
    """All that were ever issued to this partner, the latest first."""
    query = _SELECT.where(statements.c.partner_id == partner_id)
    ordered = query.order_by(statements.c.period.desc(), statements.c.currency, statements.c.made_at.desc())
    return tuple(_statement(row) for row in await connection.execute(ordered))


async def of_period(connection: AsyncConnection, period: str) -> tuple[Statement, ...]:
    """Those of everyone for one month, for managers."""
    query = _SELECT.where(statements.c.period == period)
    return tuple(
        _statement(row)
        for row in await connection.execute(query.order_by(statements.c.partner_id, statements.c.number))
    )


async def in_states(
    connection: AsyncConnection, states: Collection[StatementState], limit: int = 500
) -> tuple[Statement, ...]:
    """For managers, the oldest period first."""
    query = _SELECT.where(statements.c.state.in_([state.value for state in states]))
    ordered = query.order_by(statements.c.period, statements.c.partner_id, statements.c.number).limit(limit)
    return tuple(_statement(row) for row in await connection.execute(ordered))


async def numbered(connection: AsyncConnection, number: str, partner_id: str = "") -> tuple[Statement, ...]:
    """Those of that number, for managers: one for each partner, unless one partner is meant."""
    query = _SELECT.where(func.upper(statements.c.number) == number.strip().upper())
    if partner_id:
        query = query.where(statements.c.partner_id == partner_id)
    return tuple(_statement(row) for row in await connection.execute(query.order_by(statements.c.partner_id)))


async def paid_under(connection: AsyncConnection, reference: str) -> tuple[Statement, ...]:
    """Those that were paid under this reference, in whatever case it was written. To the end of the transaction nobody
    else asks about it: of two statements that are paid under one at the same time, one sees the other.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(_PAYING, func.hashtext(reference.lower()))))
    query = _SELECT.where(func.lower(statements.c.doc["reference"].astext) == reference.lower())
    return tuple(_statement(row) for row in await connection.execute(query.order_by(statements.c.number)))


async def currencies_of(connection: AsyncConnection, partner_id: str, period: str) -> frozenset[str]:
    """In which currencies the partner has had a statement for that month, void ones included."""
    known = select(statements.c.currency).where(statements.c.partner_id == partner_id, statements.c.period == period)
    return frozenset(await connection.scalars(known))


async def thread_of(connection: AsyncConnection, statement_id: str) -> str | None:
    """Where it was sent, and answers belong; None before it was sent."""
    found: str | None = await connection.scalar(select(statements.c.thread_id).where(statements.c.id == statement_id))
    return found


async def in_thread(connection: AsyncConnection, statement_id: str, thread_id: str) -> None:
    await connection.execute(update(statements).where(statements.c.id == statement_id).values(thread_id=thread_id))


async def keep_file(connection: AsyncConnection, file: StatementFile) -> None:
    """Once for each revision and kind: what was sent is never replaced."""
    made = insert(statement_files).values(
        statement_id=file.statement_id,
        revision=file.revision,
        kind=file.kind,
        name=file.name,
        sha256=file.sha256,
        content=file.content,
    )
    await connection.execute(made.on_conflict_do_nothing())


async def files_of(
    connection: AsyncConnection, statement_id: str, revision: int | None = None
) -> tuple[StatementFile, ...]:
    """Those of one revision (None: the latest that has any), in the order of their kinds."""
    c = statement_files.c
    latest = select(func.max(c.revision)).where(c.statement_id == statement_id).scalar_subquery()
    query = select(c.statement_id, c.revision, c.kind, c.name, c.sha256, c.content).where(
        c.statement_id == statement_id, c.revision == (latest if revision is None else revision)
    )
    return tuple(StatementFile(**row._asdict()) for row in await connection.execute(query.order_by(c.kind)))


def is_id(text: str) -> bool:
    """Whether a statement or a dispute may have this id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _doc(statement: Statement) -> Any:
    """Without its lines: which are on it is said by `statement_lines` alone."""
    return to_doc(replace(statement, lines=()))


def _statement(row: Row[Any]) -> Statement:
    return replace(from_doc(Statement, row.doc), lines=tuple(row.lines))


_SELECT: Select[Any] = select(
    statements.c.doc,
    select(
        func.coalesce(
            func.array_agg(aggregate_order_by(statement_lines.c.line_key, statement_lines.c.place)),
            cast([], ARRAY(Text)),
        )
    )
    .where(statement_lines.c.statement_id == statements.c.id, statement_lines.c.live)
    .scalar_subquery()
    .label("lines"),
)
_ATTACH = text(
    """
    insert into statement_lines (statement_id, line_key, place)
    select cast(:statement as uuid), u.key, u.place from unnest(cast(:keys as text[])) with ordinality as u (key, place)
    """
)
_TAKE_OFF = (
    update(statement_lines)
    .where(
        statement_lines.c.statement_id == bindparam("statement"),
        statement_lines.c.line_key == any_(bindparam("keys", type_=ARRAY(Text))),
    )
    .values(live=False)
)
_TAKE_ALL_OFF = (
    update(statement_lines).where(statement_lines.c.statement_id == bindparam("statement")).values(live=False)
)
