"""A message whose sender cannot be judged just now is read again a few times, each later than the one before.

DNS that does not answer says nothing about a mail. It is no reason to hold up anybody else's either: the job that comes
later has a lock of its own, as anybody may put another's address on an envelope and a broken domain into From.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox
from bot.storage.codec import storable
from bot.storage.queue import READ, NewJob, Queue

WAITS = (15, 60, 240)  # seconds; after the last the sender counts as not proven


async def read_later(connection: AsyncConnection, queue: Queue, inbox_id: str, reason: str) -> bool:
    """Have the message read again in a while; False once it was tried often enough."""
    tries = await inbox.failed(connection, inbox_id, storable(reason[:2_000]))
    if tries > len(WAITS):
        return False
    job = NewJob(READ, f"read:{inbox_id}", {"inbox_id": inbox_id}, wait=WAITS[tries - 1])
    await queue.defer(connection, [job])
    return True
