"""What falls due later: set in the transaction that makes it so, and done once, whatever restarts in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.desk_tables import timers
from knowledge.deal_clock import Timer


async def set_for(connection: AsyncConnection, subject: str, planned: Sequence[Timer], now: datetime) -> None:
    """Let the undone timers of a subject be exactly these; what is done stays done.

    One that is `only_ahead` and past by `now` is not set anew; if it was set before, it still falls due.
    """
    wanted = [timer.key for timer in planned]
    await connection.execute(
        delete(timers).where(timers.c.subject == subject, timers.c.done_at.is_(None), timers.c.key.not_in(wanted))
    )
    for timer in planned:
        if timer.only_ahead and timer.due_at <= now:
            continue
        await schedule(connection, timer)


async def schedule(connection: AsyncConnection, timer: Timer) -> None:
    """Set one, or move one that is not done yet."""
    said = {
        "kind": timer.kind,
        "subject": timer.subject,
        "due_at": timer.due_at,
        "payload": dict(timer.payload),
        "partner_id": timer.partner_id or None,
    }
    made = insert(timers).values(key=timer.key, **said)
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["key"], set_={n: made.excluded[n] for n in said}, where=timers.c.done_at.is_(None)
        )
    )


async def cancel(connection: AsyncConnection, key: str) -> None:
    """It will not fall due any more; nothing where it is done or was never set."""
    await connection.execute(delete(timers).where(timers.c.key == key, timers.c.done_at.is_(None)))


async def due(connection: AsyncConnection, now: datetime, limit: int = 100) -> list[Timer]:
    """What has fallen due and is to be tried now, the longest overdue first; nothing is locked."""
    query = _select().where(*_ripe(now)).order_by(timers.c.due_at, timers.c.key).limit(limit)
    return [_timer(row) for row in (await connection.execute(query)).all()]


async def hold(connection: AsyncConnection, key: str, now: datetime) -> Timer | None:
    """Lock it to the end of the transaction; None where it is not due any more or somebody else has it in hand."""
    query = _select().where(timers.c.key == key, *_ripe(now)).with_for_update(skip_locked=True)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _timer(row)


async def done(connection: AsyncConnection, key: str, now: datetime) -> None:
    await connection.execute(
        update(timers).where(timers.c.key == key, timers.c.done_at.is_(None)).values(done_at=now, error="")
    )


async def postpone(connection: AsyncConnection, key: str, until: datetime, error: str) -> int:
    """It failed: not again before `until`. How often it has failed by now."""
    failed = await connection.scalar(
        update(timers)
        .where(timers.c.key == key)
        .values(attempts=timers.c.attempts + 1, not_before=until, error=error[:2_000])
        .returning(timers.c.attempts)
    )
    return int(failed or 0)


def _select() -> Select[Any]:
    return select(timers.c.key, timers.c.kind, timers.c.subject, timers.c.due_at, timers.c.payload, timers.c.partner_id)


def _ripe(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        timers.c.done_at.is_(None),
        timers.c.due_at <= now,
        func.coalesce(timers.c.not_before, timers.c.due_at) <= now,
    )


def _timer(row: Row[Any]) -> Timer:
    return Timer(row.key, row.kind, row.subject, row.due_at, row.payload, row.partner_id or "")
