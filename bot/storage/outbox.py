"""What is to leave the house: rows written with the effects they tell of, drained in order, replies before bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    Text,
    TextClause,
    and_,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import UUID, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import outbox, parked

REPLY, AFTER, BULK = 0, 5, 10
"""What goes first; AFTER is what only tidies up what was said, and lets every answer pass."""
SOON = 0.5  # seconds: what is due within this is waited for, as no job comes back for it that soon
ON_TIMELINE = "log_interaction"
"""The kind of the CRM's rows that nothing depends on."""
ON_TIMELINE_AGAIN = "log_again"
CHANGE = "slack_update"
"""The kind of Slack's rows that change an earlier post: no new post, so that the next one need not wait for it."""
_LAST = {ON_TIMELINE: 1_000, ON_TIMELINE_AGAIN: 20}
"""What goes to the CRM only when nothing else is due there, with how many at a time: what was said may be read there
later, and what was decided may not wait for it.
"""


class Destination(StrEnum):
    MAIL = "mail"
    SLACK = "slack"
    CRM = "crm"


class OutboxState(StrEnum):
    """pending -> sent; or kept (nowhere to send it), refused (for good), unknown (answer lost, not to be repeated).

    What was refused or unknown is pending again where a person wishes it, and overtaken once a later row said the same.
    Pending <-> held while its announcement is paused, and cancelled with it for good.
    """

    PENDING = "pending"
    SENT = "sent"
    KEPT = "kept"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    OVERTAKEN = "overtaken"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send. `key` is deterministic: the same effect is written once, with the same id every time.

    Rows of one `ordering` arrive in the order they were written: a Slack channel, a mail address, a partner in the CRM.
    `announcement_id` is what it is a copy of; nothing goes before `not_before` (aware; None: at once).
    """

    key: str
    destination: Destination
    kind: str
    payload: dict[str, Any]
    ordering: str = ""
    partner_id: str | None = None
    inbox_id: str | None = None
    thread_id: str | None = None
    priority: int = REPLY
    announcement_id: str | None = None
    not_before: datetime | None = None

    @property
    def id(self) -> str:
        return _row_id(self.key)


@dataclass(frozen=True, slots=True)
class Due:
    """A row that a drain job has in hand."""

    id: str
    key: str
    destination: Destination
    kind: str
    payload: dict[str, Any]
    partner_id: str | None
    inbox_id: str | None
    thread_id: str | None
    ordering: str
    attempts: int
    unsure: int
    first_tried_at: datetime | None
    created_at: datetime


async def put(connection: AsyncConnection, rows: Sequence[Outgoing]) -> None:
    """Write the rows; one that is there already stays as it is."""
    if not rows:
        return
    values = [
        {
            "id": row.id,
            "key": row.key,
            "destination": row.destination.value,
            "kind": row.kind,
            "payload": row.payload,
            "ordering": row.ordering,
            "partner_id": row.partner_id,
            "inbox_id": row.inbox_id,
            "thread_id": row.thread_id,
            "priority": row.priority,
            "announcement_id": row.announcement_id,
            "not_before": row.not_before,
        }
        for row in rows
    ]
    await connection.execute(_PUT, values)


_PUT = insert(outbox).on_conflict_do_nothing(index_elements=["key"])


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
    return await _rows(connection, query.order_by(outbox.c.priority, outbox.c.seq).limit(limit))


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
            _is(past.c.destination, destination.value),
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
    going = [_due(row) for row in found if row.goes]
    return going[:limit], len(found) > len(going)


def _is(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Compared with the word itself and not with a parameter, so that the planner knows which partial index fits."""
    return column == literal_column(f"'{value}'")


def _pending(columns: Any, destination: Destination) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _is(columns.destination, destination.value), _is(columns.state, "pending")


def _ripe(columns: Any) -> ColumnElement[bool]:
    ripe: ColumnElement[bool] = columns.not_before.is_(None) | (columns.not_before <= func.now())
    return ripe


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[Due]:
    return [_due(row) for row in (await connection.execute(query)).all()]


def _due(row: Row[Any]) -> Due:
    return Due(
        id=row.id,
        key=row.key,
        destination=Destination(row.destination),
        kind=row.kind,
        payload=row.payload,
        partner_id=row.partner_id,
        inbox_id=row.inbox_id,
        thread_id=row.thread_id,
        ordering=row.ordering,
        attempts=row.attempts,
        unsure=row.unsure,
        first_tried_at=row.first_tried_at,
        created_at=row.created_at,
    )


async def find(connection: AsyncConnection, row_id: str) -> Due | None:
    """A row in whatever state."""
    found = await _rows(connection, select(outbox).where(outbox.c.id == row_id))
    return found[0] if found else None


async def first_of_thread(connection: AsyncConnection, thread_id: str) -> str:
    """The id of the mail of ours that was written first in the thread; "" for none."""
    query = select(outbox.c.id).where(
        outbox.c.thread_id == thread_id, _is(outbox.c.destination, Destination.MAIL.value)
    )
    return str(await connection.scalar(query.order_by(outbox.c.seq).limit(1)) or "")


async def is_written(connection: AsyncConnection, key: str) -> bool:
    """Whether a row of that key was put here, whatever became of it."""
    return await connection.scalar(select(outbox.c.id).where(outbox.c.id == _row_id(key))) is not None


async def begin(connection: AsyncConnection, row_id: str) -> None:
    """An attempt is about to start: until its end is noted, it may or may not have got through."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(unsure=outbox.c.unsure + 1, first_tried_at=func.coalesce(outbox.c.first_tried_at, func.now()))
    )


async def not_sent(connection: AsyncConnection, row_id: str) -> None:
    """An attempt that began is known to have sent nothing."""
    await connection.execute(
        update(outbox).where(outbox.c.id == row_id).values(unsure=func.greatest(outbox.c.unsure - 1, 0))
    )


async def settle(
    connection: AsyncConnection, row_id: str, state: OutboxState, *, error: str = "", remote_id: str = ""
) -> None:
    """The row has reached its end."""
    values = {"state": state.value, "error": error[:2_000], "remote_id": remote_id, "sent_at": func.now()}
    await connection.execute(
        update(outbox).where(outbox.c.id == row_id).values(**values, attempts=outbox.c.attempts + 1)
    )


async def settle_many(connection: AsyncConnection, ends: Sequence[tuple[str, str]], state: OutboxState) -> None:
    """Rows that have reached the same good end, as (id, the far side's id), in one statement."""
    if not ends:
        return
    said = func.unnest(
        cast([row_id for row_id, _ in ends], ARRAY(UUID(as_uuid=False))), cast([r for _, r in ends], ARRAY(Text))
    )
    table = said.table_valued("id", "remote_id").render_derived()
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == table.c.id)
        .values(
            state=state.value, error="", remote_id=table.c.remote_id, sent_at=func.now(), attempts=outbox.c.attempts + 1
        )
    )


async def postpone(
    connection: AsyncConnection, row_id: str, seconds: float, error: str, *, counts: bool = True
) -> None:
    """Not this time: the row is due again after `seconds`. `counts` False where that is no failed attempt."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(
            not_before=func.now() + timedelta(seconds=seconds),
            error=error[:2_000],
            attempts=outbox.c.attempts + int(counts),
        )
    )


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


def _row_id(key: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"partnerline:outbox:{key}"))


async def posted_as(connection: AsyncConnection, key: str) -> tuple[str, str] | None:
    """Our thread, and the far side's id, of what was sent under the key; None where nothing arrived."""
    query = select(outbox.c.thread_id, outbox.c.remote_id).where(outbox.c.id == _row_id(key), outbox.c.remote_id != "")
    row = (await connection.execute(query)).one_or_none()
    return (row.thread_id, row.remote_id) if row is not None and row.thread_id else None


async def remote_id(connection: AsyncConnection, row_id: str) -> str:
    """The far side's id of what was sent; "" where nothing arrived."""
    return str(await connection.scalar(select(outbox.c.remote_id).where(outbox.c.id == row_id)) or "")


async def hold_of(connection: AsyncConnection, announcement_id: str) -> int:
    """Nothing more of the announcement goes, and no timeline tells of it; how many copies are held. An attempt that has
    begun comes to its end.
    """
    return int(await connection.scalar(_HOLD, {"of": announcement_id}) or 0)


async def release_of(connection: AsyncConnection, announcement_id: str) -> int:
    """What is held of the announcement is pending again, not before the time it has; how many copies."""
    return int(await connection.scalar(_RELEASE, {"of": announcement_id}) or 0)


async def cancel_of(connection: AsyncConnection, announcement_id: str) -> int:
    """What has not gone of the announcement never will; how many copies."""
    return int(await connection.scalar(_CANCEL, {"of": announcement_id}) or 0)


def _changing(those: str, to: OutboxState, lines: str) -> TextClause:
    """Copies of an announcement and the lines on timelines that tell of them, which are known by the copies' keys."""
    return text(f"""
        with changed as (
            update outbox set state = '{to.value}' where announcement_id = :of and {those} returning key
        ), lines as (
            update outbox set state = '{to.value}' from changed
            where outbox.key = 'crm:{ON_TIMELINE}:' || changed.key and outbox.state in ({lines})
        )
        select count(*) from changed
    """)  # noqa: S608 - of words that stand here


_HOLD = _changing("state = 'pending' and unsure = 0", OutboxState.HELD, "'pending'")
_RELEASE = _changing("state = 'held'", OutboxState.PENDING, "'held'")
_CANCEL = _changing("(state = 'held' or state = 'pending' and unsure = 0)", OutboxState.CANCELLED, "'pending', 'held'")
