"""Posted commission lines: written once, never changed; beside them only whether each is earned, disputed or void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Row, Select, Text, any_, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.line_docs import line_doc, line_of
from bot.storage.payout_tables import commission_lines, statement_lines, statements
from crm.money import Money
from knowledge.commission.account import Line, Posted
from knowledge.commission.correcting import series_of, settled
from knowledge.commission.statement import LineState, StatedLine, StatementState

_AT_A_TIME = 2_000  # lines of one statement of SQL


@dataclass(frozen=True, slots=True)
class FreeLine:
    """An earned line that is on no live statement: as much of it as closing a period takes."""

    key: str
    earned_on: date
    amount: Money
    version: str


async def insert_new(connection: AsyncConnection, lines: Sequence[Line], state: LineState = LineState.EARNED) -> int:
    """Write those that are not there yet, in this order; how many. One whose key is known stays as it was posted."""
    written = 0
    for start in range(0, len(lines), _AT_A_TIME):
        docs = [line_doc(line) for line in lines[start : start + _AT_A_TIME]]
        said = {"docs": to_json(docs).decode(), "state": state.value}
        written += (await connection.execute(_INSERT, said)).rowcount
    return written


# One text for all of them: as an array of texts each quote of each document would have to be masked.
_INSERT = text(
    """
    insert into commission_lines
      (key, partner_id, series, event, part, deal_id, earned_on, amount, currency, state, doc)
    select d ->> 'key', d ->> 'partner_id', d ->> 'series', d ->> 'event', d ->> 'part', d ->> 'deal_id',
           (d ->> 'earned_on')::date, (d -> 'amount' ->> 0)::numeric, d -> 'amount' ->> 1, :state, d
    from jsonb_array_elements(cast(:docs as jsonb)) with ordinality as u (d, place)
    order by u.place
    on conflict (key) do nothing
    """
)


async def posted(connection: AsyncConnection, partner_id: str) -> tuple[Posted, ...]:
    """All lines of a partner that count, in the order of posting."""
    rows = await connection.execute(_POSTED, {"partner": partner_id})
    return tuple(
        Posted(row.key, row.series, row.event, row.part, row.earned_on, Money(row.amount, row.currency)) for row in rows
    )


async def stated(connection: AsyncConnection, partner_id: str) -> tuple[StatedLine, ...]:
    """All lines of a partner in the order of posting, each with where it stands."""
    rows = await connection.execute(_STATED.where(commission_lines.c.partner_id == partner_id))
    return tuple(_stated(row) for row in rows)


async def of_statement(connection: AsyncConnection, statement_id: str) -> tuple[StatedLine, ...]:
    """The lines that are on a statement now, in its order."""
    query = _STATED.where(statement_lines.c.statement_id == statement_id).order_by(None)
    rows = await connection.execute(query.order_by(statement_lines.c.place))
    return tuple(_stated(row) for row in rows)


async def find(connection: AsyncConnection, key: str) -> StatedLine | None:
    row = (await connection.execute(_STATED.where(commission_lines.c.key == key))).one_or_none()
    return None if row is None else _stated(row)


async def earned_by_others(
    connection: AsyncConnection, partner_id: str, deal_ids: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Deal and partner, for each of these deals on which somebody else has earned more or less than nothing."""
    c = commission_lines.c
    query = (
        select(c.deal_id, c.partner_id)
        .where(c.deal_id != "", c.deal_id == any_(bindparam("deals", type_=ARRAY(Text))), c.partner_id != partner_id)
        .group_by(c.deal_id, c.partner_id, c.currency)
        .having(func.sum(c.amount) != 0)
    )
    rows = await connection.execute(query, {"deals": list(deal_ids)})
    return tuple((row.deal_id, row.partner_id) for row in rows) if deal_ids else ()


async def is_settled(connection: AsyncConnection, line: Line) -> bool:
    """Whether it was corrected, or is what took a corrected line back: then another line stands in its place."""
    query = select(commission_lines.c.doc).where(
        commission_lines.c.partner_id == line.partner_id, commission_lines.c.series == series_of(line.key)
    )
    corrections = [line_of(doc) for doc in await connection.scalars(query)]
    return line.key in settled((line, *corrections))


async def free(connection: AsyncConnection, partner_id: str, cut_off: date) -> tuple[FreeLine, ...]:
    """Earned lines up to `cut_off` (inclusive) that are on no live statement, the earliest first; late ones, too."""
    rows = await connection.execute(_FREE, {"partner": partner_id, "cut_off": cut_off})
    return tuple(FreeLine(row.key, row.earned_on, Money(row.amount, row.currency), row.version) for row in rows)


async def set_state(connection: AsyncConnection, key: str, was: LineState, becomes: LineState) -> bool:
    """False where the line is not in that state any more."""
    change = update(commission_lines).where(commission_lines.c.key == key, commission_lines.c.state == was.value)
    return bool((await connection.execute(change.values(state=becomes.value))).rowcount)


def _stated(row: Row[Any]) -> StatedLine:
    return StatedLine(line_of(row.doc), _state(row.state, row.statement_state), row.number or "")


def _state(state: str, statement_state: str | None) -> LineState:
    """Whether a line is on a statement or paid follows from its live statement."""
    if state != LineState.EARNED or statement_state is None:
        return LineState(state)
    return LineState.PAID if statement_state == StatementState.PAID else LineState.ON_STATEMENT


_LIVE = (statement_lines.c.line_key == commission_lines.c.key) & statement_lines.c.live
_STATED: Select[Any] = (
    select(
        commission_lines.c.doc,
        commission_lines.c.state,
        statements.c.number,
        statements.c.state.label("statement_state"),
    )
    .select_from(
        commission_lines.outerjoin(statement_lines, _LIVE).outerjoin(
            statements, statements.c.id == statement_lines.c.statement_id
        )
    )
    .order_by(commission_lines.c.place)
)
_POSTED = (
    select(
        commission_lines.c.key, commission_lines.c.series, commission_lines.c.event, commission_lines.c.part,
        commission_lines.c.earned_on, commission_lines.c.amount, commission_lines.c.currency,
    )
    .where(commission_lines.c.partner_id == bindparam("partner"))
    .order_by(commission_lines.c.place)
)  # fmt: skip
_FREE = (
    select(
        commission_lines.c.key, commission_lines.c.earned_on, commission_lines.c.amount, commission_lines.c.currency,
        (commission_lines.c.doc["plan_id"].astext + "@" + commission_lines.c.doc["version"].astext).label("version"),
    )
    .where(
        commission_lines.c.partner_id == bindparam("partner"),
        commission_lines.c.state == LineState.EARNED.value,
        commission_lines.c.earned_on <= bindparam("cut_off"),
        ~select(statement_lines.c.line_key).where(_LIVE).exists(),
    )
    .order_by(commission_lines.c.earned_on, commission_lines.c.place)
)  # fmt: skip
