"""The eye on who reads partners' channels: each look goes through here before anything of a partner is said there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.watch import Place
from bot.desk.slack_channels.pauses import ChannelPauses
from bot.desk.slack_channels.waiting import handle_held
from bot.storage import ended, ledger, slack_channels
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.slack_channels import Paused, SlackChannel

PATIENCE = (5.0, 20.0, 60.0)
"""Seconds between looks at a channel of which Slack does not confirm who reads it; after the last it is paused."""

_SOON = 3.0  # seconds after which Slack is asked anew where it last said what would pause a channel


class ChannelWatch:
    """Implements `bot.channels.slack.people.watch.Watch`. Raises `StorageUnavailable` while the database is away."""

    def __init__(
        self, database: Database, queue: Queue, pauses: ChannelPauses, patience: Sequence[float] = PATIENCE
    ) -> None:
        self._database = database
        self._queue = queue
        self._pauses = pauses
        self._patience = patience

    async def looked(self, channel: str, audience: Audience) -> Place:
        if audience.direct:
            return Place()
        async with self._database.reading() as connection:
            mapped = await slack_channels.find(connection, channel)
            if mapped is None or await ended.has_ended(connection, mapped.partner_id):
                return Place()
            why = None if mapped.paused else await self._pauses.judge(connection, mapped, audience)
        if why is not None and audience.stale:
            return Place(mapped.partner_team_id, _SOON)
        again = await self._again(mapped, why)
        if why is not None and not again:
            await self._pause(mapped, why)
        elif mapped.paused == Paused.ID_CHANGED and audience.only_team == mapped.partner_team_id:
            await self._go_on(mapped)
        return Place(mapped.partner_team_id, again)

    async def _go_on(self, mapped: SlackChannel) -> None:
        """Sharing is confirmed under the new id, and with the partner alone."""
        async with self._database.begin() as connection:
            if await slack_channels.resume(connection, mapped.channel_id):
                body = {"channel": mapped.channel_id, "done": "confirmed"}
                await ledger.append(connection, "slack_channel", "slack", body, partner_id=mapped.partner_id)
                await handle_held(connection, self._queue, mapped.channel_id, "slack")

    async def _again(self, mapped: SlackChannel, why: Paused | None) -> float:
        """What is not confirmed may be so a moment later; workers count together how often it was not."""
        if why is not Paused.UNCONFIRMED:
            if mapped.unconfirmed:
                async with self._database.begin() as connection:
                    await slack_channels.confirmed(connection, mapped.channel_id)
            return 0.0
        async with self._database.begin() as connection:
            looks = await slack_channels.not_confirmed(connection, mapped.channel_id)
        return self._patience[looks - 1] if 0 < looks <= len(self._patience) else 0.0

    async def _pause(self, mapped: SlackChannel, why: Paused) -> None:
        async with self._database.begin() as connection:
            await self._pauses.pause(connection, mapped, why)
        await self._queue.deliver(Destination.SLACK)
