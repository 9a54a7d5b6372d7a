"""What one message leaves to managers: a task for each thing, and one brief on all of them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tasks, timers
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message
from knowledge.deal_clock import Timer


class ToManagers:
    """Writes in the transaction of the message; its tasks are counted, so that handling it again makes the same."""

    def __init__(self, connection: AsyncConnection, message: Message, identity: Identity, reference: str) -> None:
        self._connection = connection
        self._message = message
        self._identity = identity
        self._reference = reference
        self._opened = 0

    async def task(self, kind: str, summary: str, deal_number: str = "", *, key: str = "", manager: str = "") -> None:
        """For `manager` by his address, "" for the partner's."""
        self._opened += 1
        partner, contact = self._identity.partner, self._identity.contact
        await tasks.open_task(
            self._connection,
            key or f"{self._message.inbox_id}:{self._opened}",
            kind,
            f"{summary} [{self._reference}]",
            manager_email=manager or (partner.manager_email if partner else ""),
            partner_id=partner.id if partner else None,
            contact_id=contact.id if contact else None,
            inbox_id=self._message.inbox_id,
            deal_number=deal_number,
        )

    async def leave(self, kind: str, why: str) -> None:
        """To a person, where there is a reason."""
        if why:
            await self.task(kind, why)
            await self.hear()

    async def hear(self) -> None:
        """Of all that this message leaves to them, in one brief."""
        key = f"{tasks.HANDED_OVER}:{self._message.inbox_id}"
        heard = Timer(key, tasks.HANDED_OVER, self._message.inbox_id, self._message.received_at)
        await timers.schedule(self._connection, heard)
