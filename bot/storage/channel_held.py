"""Messages that wait for the end of a pause of the channel in which they were written."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.inbox import InboxState
from bot.storage.tables import inbox

OUTCOME = "channel_paused"
"""The word in which a message that came into a pause is held."""
_MOST = 200


async def held_in(connection: AsyncConnection, channel: str) -> tuple[str, ...]:
    """Their ids, the oldest first."""
    query = select(inbox.c.id).where(
        inbox.c.state == InboxState.HELD.value,
        inbox.c.outcome == OUTCOME,
        inbox.c.message["sender"]["slack_channel"].astext == channel,
    )
    return tuple(await connection.scalars(query.order_by(inbox.c.received_at).limit(_MOST)))
