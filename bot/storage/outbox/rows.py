"""What is to leave the house: rows written with the effects they tell of, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ColumnElement, Row, Select, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import outbox

REPLY, AFTER, BULK = 0, 5, 10
"""What goes first; AFTER is what only tidies up what was said, and lets every answer pass."""
SOON = 0.5  # seconds: what is due within this is waited for, as no job comes back for it that soon
ON_TIMELINE = "log_interaction"
"""The kind of the CRM's rows that nothing depends on."""
ON_TIMELINE_AGAIN = "log_again"
CHANGE = "slack_update"
"""The kind of Slack's rows that change an earlier post: no new post, so that the next one need not wait for it."""


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
        return row_id(self.key)


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
    priority: int = REPLY


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


async def find(connection: AsyncConnection, row_id: str) -> Due | None:
    """A row in whatever state."""
    found = await rows_of(connection, select(outbox).where(outbox.c.id == row_id))
    return found[0] if found else None


async def first_of_thread(connection: AsyncConnection, thread_id: str) -> str:
    """The id of the mail of ours that was written first in the thread; "" for none."""
    query = select(outbox.c.id).where(
        outbox.c.thread_id == thread_id, is_word(outbox.c.destination, Destination.MAIL.value)
    )
    return str(await connection.scalar(query.order_by(outbox.c.seq).limit(1)) or "")


async def is_written(connection: AsyncConnection, key: str) -> bool:
    """Whether a row of that key was put here, whatever became of it."""
    return await connection.scalar(select(outbox.c.id).where(outbox.c.id == row_id(key))) is not None


async def posted_as(connection: AsyncConnection, key: str) -> tuple[str, str] | None:
    """Our thread, and the far side's id, of what was sent under the key; None where nothing arrived."""
    query = select(outbox.c.thread_id, outbox.c.remote_id).where(outbox.c.id == row_id(key), outbox.c.remote_id != "")
    row = (await connection.execute(query)).one_or_none()
    return (row.thread_id, row.remote_id) if row is not None and row.thread_id else None


async def remote_id(connection: AsyncConnection, row_id: str) -> str:
    """The far side's id of what was sent; "" where nothing arrived."""
    return str(await connection.scalar(select(outbox.c.remote_id).where(outbox.c.id == row_id)) or "")


async def rows_of(connection: AsyncConnection, query: Select[Any]) -> list[Due]:
    return [due_row(row) for row in (await connection.execute(query)).all()]


COLUMNS = tuple(
    outbox.c[name]
    for name in (
        "id", "key", "destination", "kind", "payload", "partner_id", "inbox_id", "thread_id", "ordering", "attempts",
        "unsure", "first_tried_at", "created_at", "priority",
    )
)  # fmt: skip
"""Those of a `Due`, of the many that the table has."""


def due_row(row: Row[Any]) -> Due:
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
        priority=row.priority,
    )


def is_word(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Compared with the word itself and not with a parameter, so that the planner knows which partial index fits."""
    return column == literal_column(f"'{value}'")


@lru_cache(maxsize=2_048)
def row_id(key: str) -> str:
    """Remembered for a moment, since whoever writes a row asks for its id again and again."""
    return str(uuid5(NAMESPACE_URL, f"partnerline:outbox:{key}"))
