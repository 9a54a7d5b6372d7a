"""What waits for a person: requests handed over, mail held unproven, messages that failed, refused deliveries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, tasks

HANDED_OVER = "handed_over"
"""The kind of timer by which a manager hears what a message leaves to him; its subject is the message's id."""


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    opened_at: datetime
    partner_id: str | None
    contact_id: str | None
    inbox_id: str | None
    kind: str
    summary: str
    deal_number: str
    manager_email: str


_TASK = select(*(tasks.c[field.name] for field in fields(Task)))


async def open_task(
    connection: AsyncConnection,
    key: str,
    kind: str,
    summary: str,
    *,
    manager_email: str = "",
    partner_id: str | None = None,
    contact_id: str | None = None,
    inbox_id: str | None = None,
    deal_number: str = "",
    closed_by: str = "",
) -> bool:
    """Once per `key`, False where there was one; an empty `manager_email` means every manager. One that `closed_by` has
    closed is opened again.
    """
    made = insert(tasks).values(
        id=str(uuid4()), key=key, kind=kind, summary=summary[:4_000], manager_email=manager_email,
        partner_id=partner_id, contact_id=contact_id, inbox_id=inbox_id, deal_number=deal_number,
    )  # fmt: skip
    anew = {"summary": made.excluded.summary, "opened_at": func.now(), "closed_at": None, "closed_by": ""}
    was_closed = tasks.c.closed_at.is_not(None) & (tasks.c.closed_by == closed_by)
    opened = (
        made.on_conflict_do_update(index_elements=["key"], set_=anew, where=was_closed)
        if closed_by
        else made.on_conflict_do_nothing(index_elements=["key"])
    )
    return await connection.scalar(opened.returning(tasks.c.id)) is not None


async def open_tasks(connection: AsyncConnection, manager_email: str = "", limit: int = 500) -> list[Task]:
    """Those still open, oldest first; with a manager, those that are his or anybody's."""
    query = _TASK.where(tasks.c.closed_at.is_(None))
    if manager_email:
        query = query.where(tasks.c.manager_email.in_([manager_email, ""]))
    rows = await connection.execute(query.order_by(tasks.c.opened_at).limit(limit))
    return [Task(**row._asdict()) for row in rows.all()]


async def places_in_slack(connection: AsyncConnection, inbox_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """(channel, ts of its thread) of each of these messages that was written in Slack and has been read."""
    to = inbox.c.message["reply_to"]
    query = select(inbox.c.id, to["slack_channel"].astext, to["slack_thread_ts"].astext).where(
        inbox.c.id.in_(inbox_ids), to["slack_channel"].astext != ""
    )
    return {row[0]: (str(row[1]), str(row[2] or "")) for row in await connection.execute(query)}


async def open_of_message(connection: AsyncConnection, inbox_id: str) -> list[Task]:
    """What a message left to a person and is still open, in the order in which it was written."""
    query = _TASK.where(tasks.c.inbox_id == inbox_id, tasks.c.closed_at.is_(None))
    rows = await connection.execute(query.order_by(tasks.c.opened_at, tasks.c.key))
    return [Task(**row._asdict()) for row in rows.all()]


async def open_of_partner(connection: AsyncConnection, partner_id: str, kind: str) -> tuple[str, ...]:
    """What is still open of that kind for a partner, in words, the oldest first."""
    mine = (tasks.c.partner_id == partner_id) & (tasks.c.kind == kind) & tasks.c.closed_at.is_(None)
    found = await connection.scalars(select(tasks.c.summary).where(mine).order_by(tasks.c.opened_at, tasks.c.key))
    return tuple(found)


async def close_held(connection: AsyncConnection, inbox_id: str, by: str) -> None:
    """The message is held no more, so nobody has to look at it."""
    held = (tasks.c.inbox_id == inbox_id) & (tasks.c.kind == "held") & tasks.c.closed_at.is_(None)
    await connection.execute(update(tasks).where(held).values(closed_at=func.now(), closed_by=by))


async def close_task(connection: AsyncConnection, task_id: str, by: str) -> bool:
    """False when it was closed before or never there."""
    done = await connection.execute(
        update(tasks)
        .where(tasks.c.id == task_id, tasks.c.closed_at.is_(None))
        .values(closed_at=func.now(), closed_by=by)
    )
    return done.rowcount == 1


async def close_keyed(connection: AsyncConnection, key: str, by: str) -> None:
    """The task of that key, where it is open: what it asked for came by itself."""
    mine = (tasks.c.key == key) & tasks.c.closed_at.is_(None)
    await connection.execute(update(tasks).where(mine).values(closed_at=func.now(), closed_by=by))


async def close_beginning(connection: AsyncConnection, key: str, by: str) -> None:
    """Those whose keys begin so, where they are open."""
    mine = func.starts_with(tasks.c.key, key) & tasks.c.closed_at.is_(None)
    await connection.execute(update(tasks).where(mine).values(closed_at=func.now(), closed_by=by))


async def close_others(connection: AsyncConnection, partner_id: str, kind: str, keys: Collection[str], by: str) -> None:
    """Those of that kind for a partner whose keys are none of these: what they asked is settled."""
    others = (tasks.c.partner_id == partner_id) & (tasks.c.kind == kind) & tasks.c.key.not_in(keys)
    await connection.execute(
        update(tasks).where(others, tasks.c.closed_at.is_(None)).values(closed_at=func.now(), closed_by=by)
    )
