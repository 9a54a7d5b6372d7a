"""Whose time has come: replies before bulk, each in the order it was written, or the heads of what keeps a pace."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox.rows import (
    BULK,
    CHANGE,
    COLUMNS,
    ON_TIMELINE,
    ON_TIMELINE_AGAIN,
    SOON,
    Destination,
    Due,
    due_row,
    is_word,
)
from bot.storage.tables import outbox, parked

_LAST = {ON_TIMELINE: 1_000, ON_TIMELINE_AGAIN: 20}
"""What goes to the CRM only when nothing else is due there, with how many at a time: what was said may be read there
later, and what was decided may not wait for it.
"""


async def due(connection: AsyncConnection, destination: Destination, limit: int = 100) -> list[Due]:
    """The next rows of a destination whose time has come, replies before bulk, each in the order it was written, bulk
    in that of its planned times; in the CRM registrations, deals and all else before entries on timelines, however many
    of these wait.

    A row that waits for a later attempt holds back those behind it in its ordering, and nobody else's; an entry on a
    timeline says itself when it was, and holds back nothing.
    """
    if destination is not Destination.CRM:
        rows = await _asked(connection, _soon(destination), limit)
        return rows + await _asked(connection, _bulk(destination), limit - len(rows)) if len(rows) < limit else rows
    rows = await _asked(connection, _decided_first(), limit)
    for kind, most in _LAST.items():
        if room := min(limit - len(rows), most):
            rows += await _asked(connection, _of_kind(kind), room)
    return rows


async def _asked(connection: AsyncConnection, query: Select[Any], limit: int) -> list[Due]:
    return [due_row(row) for row in (await connection.execute(query, {"limit": limit})).all()]


# Every drain asks these again and again: put together once, since that costs more than to ask them.
@cache
def _soon(destination: Destination) -> Select[Any]:
    return _due_of(destination, outbox.c.priority < literal_column(str(BULK)))


@cache
def _decided_first() -> Select[Any]:
    return _due_of(Destination.CRM, _decided(outbox.c))


@cache
def _of_kind(kind: str) -> Select[Any]:
    return _due_of(Destination.CRM, is_word(outbox.c.kind, kind))


def _decided(columns: Any) -> ColumnElement[bool]:
    return and_(*(columns.kind != literal_column(f"'{kind}'") for kind in _LAST))


def _due_of(destination: Destination, of_kind: ColumnElement[bool]) -> Select[Any]:
    ahead = outbox.alias("ahead")
    held = (
        select(ahead.c.id)
        .where(
            *_pending(ahead.c, destination),
            ahead.c.ordering == outbox.c.ordering,
            ahead.c.ordering != "",
            _decided(ahead.c),
            ahead.c.not_before > func.now(),
            tuple_(ahead.c.priority, ahead.c.seq) < tuple_(outbox.c.priority, outbox.c.seq),
        )
        .exists()
    )
    query = select(*COLUMNS).where(*_pending(outbox.c, destination), _ripe(outbox.c), ~held, of_kind)
    return query.order_by(outbox.c.priority, outbox.c.seq).limit(bindparam("limit"))


@cache
def _bulk(destination: Destination) -> Select[Any]:
    """By an index of its own, so that a hundred thousand that are planned for later cost nothing; of each ordering the
    first alone, since their times need not stand in the order in which they were written.
    """
    ahead = outbox.alias("ahead")
    behind = (
        select(ahead.c.id)
        .where(
            *_pending(ahead.c, destination),
            ahead.c.ordering == outbox.c.ordering,
            ahead.c.ordering != "",
            or_(ahead.c.priority == BULK, ahead.c.not_before > func.now()),
            tuple_(ahead.c.priority, ahead.c.seq) < tuple_(outbox.c.priority, outbox.c.seq),
        )
        .exists()
    )
    query = select(*COLUMNS).where(
        *_pending(outbox.c, destination),
        outbox.c.priority == literal_column(str(BULK)),
        func.now() >= _PLANNED,
        ~behind,
    )
    return query.order_by(_PLANNED, outbox.c.seq).limit(bindparam("limit"))


_PLANNED: ColumnElement[Any] = func.coalesce(outbox.c.not_before, literal_column("'-infinity'::timestamptz"))


async def due_heads(
    connection: AsyncConnection, destination: Destination, pace: float, limit: int = 100
) -> tuple[list[Due], bool]:
    """The first row of each ordering to which nothing new was sent for `pace` seconds; and whether others wait for
    that, or for a moment that comes within twice as long.

    Orderings are independent: one that has to wait, for its pace or for a later attempt, is passed over.
    """
    first = (
        select(outbox.c.id, outbox.c.not_before, outbox.c.ordering)
        .ext(distinct_on(outbox.c.ordering))
        .where(*_pending(outbox.c, destination))
        .order_by(outbox.c.ordering, outbox.c.priority, outbox.c.seq)
        .subquery()
    )
    past = outbox.alias("past")
    just_sent = (
        select(past.c.id)
        .where(
            is_word(past.c.destination, destination.value),
            past.c.ordering == first.c.ordering,
            past.c.kind != CHANGE,
            past.c.sent_at > func.now() - timedelta(seconds=pace),
        )
        .exists()
    )
    soon = func.now() + timedelta(seconds=max(2 * pace, SOON))
    goes = and_(_ripe(first.c), ~just_sent)
    # One look at one moment: with two, a row whose pace ends between them would be seen by neither.
    query = (
        select(outbox, goes.label("goes"))
        .join(first, first.c.id == outbox.c.id)
        .where(or_(first.c.not_before.is_(None), first.c.not_before <= soon))
        .order_by(goes.desc(), outbox.c.priority, outbox.c.seq)
        .limit(limit + 1)
    )
    found = (await connection.execute(query)).all()
    going = [due_row(row) for row in found if row.goes]
    return going[:limit], len(found) > len(going)


async def destinations_due(connection: AsyncConnection) -> list[Destination]:
    """Destinations with rows whose time has come and that are not parked now."""
    resting = set(await connection.scalars(select(parked.c.dependency).where(parked.c.until > func.now())))
    return [
        destination
        for destination in Destination
        if destination.value not in resting and await _has_due(connection, destination)
    ]


async def _has_due(connection: AsyncConnection, destination: Destination) -> bool:
    pending = _pending(outbox.c, destination)
    soon = select(outbox.c.id).where(*pending, outbox.c.priority < BULK, _ripe(outbox.c)).limit(1)
    bulk = select(outbox.c.id).where(*pending, outbox.c.priority == literal_column(str(BULK)), func.now() >= _PLANNED)
    return await connection.scalar(soon) is not None or await connection.scalar(bulk.limit(1)) is not None


def _pending(columns: Any, destination: Destination) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return is_word(columns.destination, destination.value), is_word(columns.state, "pending")


def _ripe(columns: Any) -> ColumnElement[bool]:
    ripe: ColumnElement[bool] = columns.not_before.is_(None) | (columns.not_before <= func.now())
    return ripe
