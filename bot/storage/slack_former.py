"""What still waits to be said to a partner in a Slack channel that is its own no longer."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox as posts
from bot.storage.in_confidence import IN_CONFIDENCE
from bot.storage.outbox import Destination, OutboxState
from bot.storage.tables import outbox

_WHY = "the channel is the partner's no longer, so what waited to be posted there is not"


async def take_back(connection: AsyncConnection, channel: str, partner_id: str) -> int:
    """How many posts are not sent any more, among them those to whoever asked there and to nobody else: he may never
    have spoken for this partner.
    """
    asked_here = outbox.c.payload[IN_CONFIDENCE]["to"]["slack_channel"].astext == channel
    query = (
        select(outbox.c.id)
        .where(
            outbox.c.destination == Destination.SLACK.value,
            outbox.c.state == OutboxState.PENDING.value,
            outbox.c.partner_id == partner_id,
            or_(outbox.c.payload["channel"].astext == channel, asked_here),
        )
        .with_for_update()
    )
    waiting = list(await connection.scalars(query))
    for row_id in waiting:
        await posts.settle(connection, row_id, OutboxState.REFUSED, error=_WHY)
    return len(waiting)
