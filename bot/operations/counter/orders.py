"""What managers order at the counter, committed as a message of theirs; and what is written to them directly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.managers.orders import ManagerOrder
from bot.channels.slack.managers.ports import Blocks
from bot.channels.slack.outbound.outlet import CARD
from bot.storage import outbox
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class StoredOrders:
    """Implements `bot.channels.slack.managers.ports.Orders`."""

    database: Database
    queue: Queue
    inbox: Inbox
    own: Installation
    now: Callable[[], datetime]

    async def take(self, order: ManagerOrder) -> None:
        """One manager's orders are carried out in the order in which he gave them."""
        arrival = Arrival(
            channel=Channel.SLACK,
            raw=order.raw,
            envelope={
                "slack_team": self.own.team,
                "slack_channel": order.user,
                "slack_ts": "",
                "slack_user": order.user,
            },
            received_at=self.now(),
            lock=f"{order.user}:orders",
            dedupe_key=f"slack-order:{self.own.team}/{order.user}/{order.key}",
        )
        await self.inbox.accept([storable(arrival)])

    async def tell(self, user: str, key: str, text: str, blocks: Blocks) -> None:
        payload = storable({"channel": user, "thread_ts": "", "text": text, "blocks": list(blocks)})
        row = Outgoing(f"counter:{user}:{key}", Destination.SLACK, CARD, payload, ordering=user)
        async with self.database.begin() as connection:
            await outbox.put(connection, [row])
        await self.queue.deliver(Destination.SLACK)
