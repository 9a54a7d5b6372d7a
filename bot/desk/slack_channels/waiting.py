"""Messages that came into a pause of their channel: handled once it is over, in the order in which they came."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import held, inbox
from bot.storage.channel_held import held_in
from bot.storage.queue import Queue


async def handle_held(connection: AsyncConnection, queue: Queue, channel: str, by: str) -> int:
    """How many there were."""
    waiting = await held_in(connection, channel)
    for inbox_id in waiting:
        await inbox.fetch(connection, inbox_id, lock=True)
        await held.read_again(connection, queue, inbox_id, by)
    return len(waiting)
