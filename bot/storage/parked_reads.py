"""Messages that wait unread because their channel cannot be asked who wrote; they go on in the order they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import parking
from bot.storage.inbox import InboxRow, InboxState, mark
from bot.storage.queue import READ, NewJob, Queue
from bot.storage.tables import inbox, parked
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class Outlook:
    """`wait` where the message must not be read now; `was_away` where its channel did not answer when last asked."""

    wait: bool
    was_away: bool


def dependency(channel: Channel) -> str:
    """What its being away is parked under."""
    return f"{channel.value}_read"


async def outlook(connection: AsyncConnection, row: InboxRow) -> Outlook:
    """A message waits while its channel rests, and as long as an earlier one of its conversation does."""
    said = {"channel": row.channel.value, "dependency": dependency(row.channel), "at": row.received_at}
    query = await connection.execute(_OUTLOOK, said | {"lock": str(row.envelope.get("lock", ""))})
    held_up, was_away, resting = query.one()
    return Outlook(wait=bool(held_up or resting), was_away=bool(was_away))


_EARLIER = (
    select(inbox.c.id)
    .where(
        inbox.c.state == literal_column(f"'{InboxState.PARKED.value}'"),
        inbox.c.channel == bindparam("channel"),
        inbox.c.envelope["lock"].astext == bindparam("lock"),
        inbox.c.received_at < bindparam("at"),
    )
    .exists()
)
_AWAY = select(parked.c.dependency).where(parked.c.dependency == bindparam("dependency"))
_OUTLOOK = select(_EARLIER, _AWAY.exists(), _AWAY.where(parked.c.until > func.now()).exists())


async def set_aside(connection: AsyncConnection, row: InboxRow) -> None:
    await mark(connection, row.id, InboxState.PARKED)


async def away(connection: AsyncConnection, row: InboxRow, seconds: float, reason: str) -> None:
    """The channel could not be asked: it rests, and so does the message."""
    await set_aside(connection, row)
    await parking.park(connection, dependency(row.channel), seconds, reason)


async def back(connection: AsyncConnection, channel: Channel) -> None:
    await parking.unpark(connection, dependency(channel))


async def resume(connection: AsyncConnection, queue: Queue) -> int:
    """Give every message whose channel may be asked again its job back, the oldest first; how many."""
    resting = select(parked.c.dependency).where(parked.c.until > func.now())
    due = (
        update(inbox)
        .where(
            inbox.c.state == InboxState.PARKED.value,
            (inbox.c.channel + "_read").not_in(resting),
        )
        .values(state=InboxState.RECEIVED.value)
        .returning(inbox.c.id, inbox.c.envelope, inbox.c.received_at)
    )
    rows = sorted((await connection.execute(due)).all(), key=lambda row: row.received_at)
    await queue.defer(connection, [NewJob(READ, f"read:{_lock(row)}", {"inbox_id": row.id}) for row in rows])
    return len(rows)


def _lock(row: Any) -> str:
    """The one it was accepted under: a later message of the conversation must not overtake it."""
    return str(row.envelope.get("lock") or row.id)


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many messages wait, by dependency."""
    query = (
        select(inbox.c.channel, func.count()).where(inbox.c.state == InboxState.PARKED.value).group_by(inbox.c.channel)
    )
    return {dependency(Channel(channel)): count for channel, count in (await connection.execute(query)).all()}
