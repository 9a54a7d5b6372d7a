"""Messages whose sender nothing proves: those that wait, and having one read again once somebody vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox, tasks
from bot.storage.inbox import InboxState
from bot.storage.queue import READ, NewJob, Queue
from bot.storage.tables import inbox as _inbox
from crm.records import Channel

_MOST = 500
_BEGINNING = 80  # characters of a text that stand for a subject


@dataclass(frozen=True, slots=True)
class Held:
    """`sender` is who the message says wrote it; `text` is the sender's and proven by nothing."""

    id: str
    reference: str
    channel: Channel
    at: datetime
    sender: str
    subject: str
    text: str
    outcome: str


async def newest(connection: AsyncConnection, beginning: str = "") -> tuple[Held, ...]:
    """Those that wait, the newest first, whether or not a manager was told of each; or those of one reference or id."""
    query = select(
        _inbox.c.id, _inbox.c.reference, _inbox.c.channel, _inbox.c.received_at, _inbox.c.sender, _inbox.c.message,
        _inbox.c.outcome,
    ).where(_inbox.c.state == InboxState.HELD.value)  # fmt: skip
    if beginning:
        reference = _inbox.c.reference == beginning.upper()
        query = query.where(
            reference | _inbox.c.id.cast(_inbox.c.reference.type).startswith(beginning, autoescape=True)
        )
    rows = await connection.execute(query.order_by(_inbox.c.received_at.desc()).limit(_MOST))
    return tuple(_held(row) for row in rows.all())


async def read_again(connection: AsyncConnection, queue: Queue, inbox_id: str, by: str) -> None:
    """The caller holds the row's lock. It is read from its bytes, which have the headers that find its thread."""
    await inbox.mark(connection, inbox_id, InboxState.RECEIVED, outcome="", error="", failures=0)
    await queue.defer(connection, [NewJob(READ, f"read:{inbox_id}", {"inbox_id": inbox_id})])
    await tasks.close_held(connection, inbox_id, by)


async def discard(connection: AsyncConnection, inbox_id: str, outcome: str, by: str) -> None:
    """The caller holds the row's lock. The message is kept and nothing is done with it."""
    await inbox.mark(connection, inbox_id, InboxState.IGNORED, outcome=outcome)
    await tasks.close_held(connection, inbox_id, by)


def _held(row: Any) -> Held:
    message = row.message or {}
    text = message.get("text", "")
    return Held(
        id=row.id,
        reference=row.reference,
        channel=Channel(row.channel),
        at=row.received_at,
        sender=row.sender,
        subject=message.get("subject") or " ".join(text.split())[:_BEGINNING],
        text=text,
        outcome=row.outcome,
    )
