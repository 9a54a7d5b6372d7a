"""Whose time has come: replies before bulk, each in the order it was written, or the heads of what keeps a pace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox.rows import (
    CHANGE,
    ON_TIMELINE,
    ON_TIMELINE_AGAIN,
    SOON,
    Destination,
    Due,
    due_row,
    is_word,
    rows_of,
)
from bot.storage.tables import outbox, parked

_LAST = {ON_TIMELINE: 1_000, ON_TIMELINE_AGAIN: 20}
"""What goes to the CRM only when nothing else is due there, with how many at a time: what was said may be read there
later, and what was decided may not wait for it.
"""


async def due(connection: AsyncConnection, destination: Destination, limit: int = 100) -> list[Due]:
    """The next rows of a destination whose time has come, replies before bulk, each in the order it was written; in the
    CRM registrations, deals and all else before entries on timelines, however many of these wait.

    A row that waits for a later attempt holds back those behind it in its ordering, and nobody else's; an entry on a
    timeline says itself when it was, and holds back nothing.
    """
    if destination is not Destination.CRM:
        return await _due_of(connection, destination, limit)
    rows = await _due_of(connection, destination, limit, outbox.c.kind.not_in(_LAST))
    for kind, most in _LAST.items():
        if room := min(limit - len(rows), most):
            rows += await _due_of(connection, destination, room, outbox.c.kind == kind)
    return rows


async def _due_of(
    connection: AsyncConnection, destination: Destination, limit: int, *of_kind: ColumnElement[bool]
) -> list[Due]:
    ahead = outbox.alias("ahead")
    held = (
        select(ahead.c.id)
        .where(
            *_pending(ahead.c, destination),
            ahead.c.ordering == outbox.c.ordering,
            ahead.c.ordering != "",
            ahead.c.kind != ON_TIMELINE,
            ahead.c.not_before > func.now(),
            tuple_(ahead.c.priority, ahead.c.seq) < tuple_(outbox.c.priority, outbox.c.seq),
        )
        .exists()
    )
    query = select(outbox).where(*_pending(outbox.c, destination), _ripe(outbox.c), ~held, *of_kind)
    return await rows_of(connection, query.order_by(outbox.c.priority, outbox.c.seq).limit(limit))


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
    resting = select(parked.c.dependency).where(parked.c.until > func.now())
    query = (
        select(outbox.c.destination)
        .where(
            outbox.c.state == "pending",
            (outbox.c.not_before.is_(None)) | (outbox.c.not_before <= func.now()),
            outbox.c.destination.not_in(resting),
        )
        .distinct()
    )
    return [Destination(name) for name in await connection.scalars(query)]


def _pending(columns: Any, destination: Destination) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return is_word(columns.destination, destination.value), is_word(columns.state, "pending")


def _ripe(columns: Any) -> ColumnElement[bool]:
    ripe: ColumnElement[bool] = columns.not_before.is_(None) | (columns.not_before <= func.now())
    return ripe
