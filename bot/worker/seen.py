"""Says at once that a message was seen: whoever mentions the agent and hears nothing would think it asleep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import seen, threads
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class Seen:
    """Marks what is the agent's business from the moment it is read until it is answered."""

    database: Database
    queue: Queue
    now: Callable[[], datetime]

    async def taken(
        self, connection: AsyncConnection, message: Message, identity: Identity, thread_id: str | None
    ) -> None:
        """Mark it where it is clear from the outside that it is meant for the agent."""
        if identity.trust is not Trust.PROVEN or not _is_post(message):
            return
        if message.addressed or await _in_own_thread(connection, message, thread_id):
            await self._mark(connection, message)

    async def noticed(self, message: Message) -> None:
        """What turned out to be the agent's business once it was read."""
        if not _is_post(message):
            return
        async with self.database.begin() as connection:
            await self._mark(connection, message)
        await self.queue.deliver(Destination.SLACK)

    async def done(self, message: Message) -> None:
        """It was handled; its answer is on its way, if there is one."""
        if not _is_post(message):
            return
        async with self.database.begin() as connection:
            await seen.done(connection, message.inbox_id, self.now())

    async def _mark(self, connection: AsyncConnection, message: Message) -> None:
        channel, ts = message.message_id.split(":")[:2]
        await seen.mark(connection, message.inbox_id, channel, ts, self.now())


def _is_post(message: Message) -> bool:
    """Something that somebody wrote, and not a press, nor that it was changed or taken back."""
    return message.channel is Channel.SLACK and message.click is None and message.message_id.count(":") == 1


async def _in_own_thread(connection: AsyncConnection, message: Message, thread_id: str | None) -> bool:
    """A thread in which the agent speaks, where nobody else is called and none of the vendor's people writes."""
    if thread_id is None or message.named or message.sender.slack_home:
        return False
    found = await threads.get(connection, thread_id)
    return found is not None and found.context.agent_took_part
