"""What falls due later: set in the transaction that makes it so, and done once, whatever restarts in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Text, all_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.desk_tables import timers
from bot.storage.tables import registrations
from crm.records import Registration, RegistrationState
from knowledge.deal_clock import Timer


async def set_for(connection: AsyncConnection, subject: str, planned: Sequence[Timer], now: datetime) -> None:
    """Let the undone timers of a subject be exactly these; what is done stays done.

    One that is `only_ahead` and past by `now` is not set anew; if it was set before, it still falls due.
    """
    wanted = [timer.key for timer in planned]
    await connection.execute(_DROP, {"of": subject, "wanted": wanted})
    for timer in planned:
        if timer.only_ahead and timer.due_at <= now:
            continue
        await schedule(connection, timer)


async def schedule(connection: AsyncConnection, timer: Timer) -> None:
    """Set one, or move one that is not done yet."""
    row = {
        "key": timer.key,
        "kind": timer.kind,
        "subject": timer.subject,
        "due_at": timer.due_at,
        "payload": dict(timer.payload),
        "partner_id": timer.partner_id or None,
    }
    await connection.execute(_SCHEDULE, row)


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


async def rest(connection: AsyncConnection, subject: str, before: datetime, now: datetime) -> None:
    """What the subject has that is due before that moment is done with, and nothing follows from it."""
    past = (timers.c.subject == subject) & timers.c.done_at.is_(None) & (timers.c.due_at < before)
    await connection.execute(update(timers).where(past).values(done_at=now))


async def again(connection: AsyncConnection, key: str, due_at: datetime) -> None:
    """Let one that is done, or in hand, fall due once more."""
    await connection.execute(update(timers).where(timers.c.key == key).values(done_at=None, due_at=due_at))


async def all_again(connection: AsyncConnection, kind: str, payload: Mapping[str, str], due_at: datetime) -> None:
    """The same for all of a kind that carry that payload."""
    those = (timers.c.kind == kind) & (timers.c.payload == dict(payload))
    await connection.execute(update(timers).where(those).values(done_at=None, due_at=due_at, not_before=None))


async def undone(connection: AsyncConnection, kind: str, payload: Mapping[str, str]) -> int:
    """How many of a kind that carry that payload are still to be seen to."""
    those = (timers.c.kind == kind, timers.c.payload == dict(payload), timers.c.done_at.is_(None))
    return int(await connection.scalar(select(func.count()).select_from(timers).where(*those)) or 0)


async def count(connection: AsyncConnection, kind: str, subject: str) -> int:
    """How many of a kind were ever set for a subject."""
    those = (timers.c.subject == subject, timers.c.kind == kind)
    return int(await connection.scalar(select(func.count()).select_from(timers).where(*those)) or 0)


async def failed(connection: AsyncConnection, key: str, error: str) -> int:
    """How often it has failed by now."""
    noted = update(timers).where(timers.c.key == key).values(attempts=timers.c.attempts + 1, error=error[:2_000])
    return int(await connection.scalar(noted.returning(timers.c.attempts)) or 0)


async def postpone(connection: AsyncConnection, key: str, until: datetime) -> None:
    """It is not tried before `until`."""
    await connection.execute(update(timers).where(timers.c.key == key).values(not_before=until))


async def without(connection: AsyncConnection, limit: int = 200) -> tuple[Registration, ...]:
    """Registrations that should have timers and never had one: they came with the CRM."""
    c = registrations.c
    timed = or_(
        (c.state == RegistrationState.DRAFT.value) & c.doc["opened_at"].astext.is_not(None),
        (c.state == RegistrationState.SUBMITTED.value) & c.decide_by.is_not(None),
        (c.state == RegistrationState.APPROVED.value) & c.doc["protected_until"].astext.is_not(None),
    )
    known = select(timers.c.key).where(timers.c.subject == c.number).exists()
    docs = await connection.scalars(select(c.doc).where(timed, ~known).order_by(c.number).limit(limit))
    return tuple(from_doc(Registration, doc) for doc in docs)


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


# Every change of a registration asks these: made once, they are not put together and compiled anew each time.
_DROP = delete(timers).where(
    timers.c.subject == bindparam("of"),
    timers.c.done_at.is_(None),
    timers.c.key != all_(bindparam("wanted", type_=ARRAY(Text))),
)
_MADE = insert(timers)
_SCHEDULE = _MADE.on_conflict_do_update(
    index_elements=["key"],
    set_={name: _MADE.excluded[name] for name in ("kind", "subject", "due_at", "payload", "partner_id")},
    where=timers.c.done_at.is_(None),
)
