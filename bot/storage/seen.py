"""Messages that the agent has seen and not answered yet: a sign below the post, set at once and taken away again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox as rows
from bot.storage.outbox import BULK, Destination, OutboxState, Outgoing
from bot.storage.tables import outbox
from bot.vocabulary.reactions import REACTION, Reaction

AT_ONCE = timedelta(seconds=0.3)
"""What is answered within this needs no sign, which would only flicker."""
_SETS, _TAKES_AWAY = timedelta(seconds=20), timedelta(minutes=10)
"""How long it is worth a call: later the answer is there, or the sign is no longer "at once"."""


async def mark(connection: AsyncConnection, inbox_id: str, channel: str, ts: str, now: datetime) -> None:
    """The post is the agent's business; once for each message."""
    row = _row(inbox_id, Reaction(channel, ts, now + _SETS))
    made = insert(outbox).values(
        id=row.id, key=row.key, destination=row.destination.value, kind=row.kind, payload=row.payload,
        ordering=row.ordering, priority=row.priority, not_before=func.now() + AT_ONCE,
    )  # fmt: skip
    await connection.execute(made.on_conflict_do_nothing(index_elements=["key"]))


async def done(connection: AsyncConnection, inbox_id: str, now: datetime) -> bool:
    """The message is answered, or needs no answer; whether something has to be sent for that."""
    query = select(outbox.c.state, outbox.c.payload, outbox.c.unsure).where(outbox.c.key == _key(inbox_id))
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None or row.state == OutboxState.OVERTAKEN.value:
        return False
    if row.state == OutboxState.PENDING.value and not row.unsure:
        unsent = update(outbox).where(outbox.c.key == _key(inbox_id))
        await connection.execute(unsent.values(state=OutboxState.OVERTAKEN.value))
        return False
    if row.state == OutboxState.KEPT.value:
        return False
    said = Reaction.of(row.payload)
    await rows.put(connection, [_row(inbox_id, Reaction(said.channel, said.ts, now + _TAKES_AWAY, off=True))])
    return True


def _key(inbox_id: str, *, off: bool = False) -> str:
    return f"{'unseen' if off else 'seen'}:{inbox_id}"


def _row(inbox_id: str, reaction: Reaction) -> Outgoing:
    """In an order of its own, behind all answers: no post waits for it, and it is taken away only after it was set."""
    return Outgoing(
        _key(inbox_id, off=reaction.off), Destination.SLACK, REACTION, reaction.to_payload(),
        ordering=f"seen:{reaction.channel}:{reaction.ts}", priority=BULK,
    )  # fmt: skip
