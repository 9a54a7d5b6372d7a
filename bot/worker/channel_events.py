"""The *slack_channel* job: what happened to a channel is looked into, again for as long as Slack cannot be asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.api.errors import SlackRefused, SlackUnavailable
from bot.desk.slack_channels.life import ChannelLife, Happened
from bot.storage.database import Database
from bot.storage.queue import SLACK_CHANNEL, NewJob, Queue

log = logging.getLogger(__name__)

ABOUT_CHANNELS = frozenset({
    "channel_archive", "channel_id_changed", "channel_shared", "channel_unshared", "group_archive",
    "member_joined_channel", "member_left_channel",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChannelEvents:
    database: Database
    queue: Queue
    life: ChannelLife

    async def __call__(self, kind: str, key: str, event: Mapping[str, Any]) -> None:
        """Safe to repeat. Raises for another attempt what is no answer of Slack's."""
        try:
            wait = await self.life(Happened.of(kind, key, event))
        except SlackUnavailable as fault:
            log.warning("%s waits for Slack: %s", kind, fault)
            wait = fault.retry_after
        except SlackRefused as fault:
            log.warning("%s cannot be looked into: %s", kind, fault)
            return
        if wait:
            async with self.database.begin() as connection:
                await take_note(connection, self.queue, kind, key, event, ceil(wait))


async def take_note(
    connection: AsyncConnection, queue: Queue, kind: str, key: str, event: Mapping[str, Any], wait: int = 0
) -> None:
    """Have it looked into after the caller's commit; events of one channel one after the other."""
    about = Happened.of(kind, key, event)
    kept = {name: event[name] for name in _KEPT if isinstance(event.get(name), str)}
    args = {"kind": kind, "key": key, "event": kept}
    job = NewJob(SLACK_CHANNEL, f"slack-channel:{about.channel}", args, wait=wait)
    await queue.defer(connection, [job])


_KEPT = (
    "channel", "old_channel_id", "new_channel_id", "connected_team_id", "previously_connected_team_id", "team", "user",
    "inviter",
)  # fmt: skip
