"""What happens to Slack channels: shared, renamed, archived, joined, left; each is a reason to look at them anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.people.audience import SlackChannels
from bot.channels.slack.people.watch import Watch
from bot.desk.slack_channels.asking import ChannelAsking
from bot.desk.slack_channels.pauses import ChannelPauses, shown
from bot.storage import mirror, slack_channels, tasks
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.slack_channels import Paused, SlackChannel
from bot.storage.slack_renamed import rename
from crm.records import Partner

_ID = 64  # characters


@dataclass(frozen=True, slots=True)
class Happened:
    """An event about a channel, as far as it is needed. `team` is the one that joined or left, `user` who did."""

    kind: str
    key: str
    channel: str
    team: str = ""
    user: str = ""
    inviter: str = ""
    new: str = ""

    @classmethod
    def of(cls, kind: str, key: str, event: Mapping[str, Any]) -> Happened:
        """Of Slack's event, in which anything may stand."""
        team = event.get("connected_team_id") or event.get("previously_connected_team_id") or event.get("team")
        channel = event.get("channel") or event.get("old_channel_id")
        return cls(
            kind, key, _id(channel), _id(team), _id(event.get("user")), _id(event.get("inviter")),
            _id(event.get("new_channel_id")),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChannelLife:
    """Each event may come twice and late, so what it says is a reason to look, and Slack itself is asked.

    `own_team` is the vendor's workspace and `bot_user` the agent there; `forget` has a user looked up anew.
    """

    database: Database
    queue: Queue
    channels: SlackChannels
    watch: Watch
    pauses: ChannelPauses
    asking: ChannelAsking
    own_team: str
    bot_user: str
    forget: Callable[[str], None]

    async def __call__(self, happened: Happened) -> float:
        """In how many seconds to come again, 0 for never. Raises `SlackError` where Slack cannot be asked."""
        if happened.user:
            self.forget(happened.user)
        handler = self._handlers.get(happened.kind)
        wait = await handler(happened) if handler is not None and happened.channel else 0.0
        await self.queue.deliver(Destination.SLACK)
        return wait

    @property
    def _handlers(self) -> Mapping[str, Callable[[Happened], Awaitable[float]]]:
        return {
            "channel_shared": self._shared,
            "channel_unshared": self._unshared,
            "channel_id_changed": self._renamed,
            "channel_archive": self._archived,
            "group_archive": self._archived,
            "member_joined_channel": self._joined,
            "member_left_channel": self._left,
        }

    async def _shared(self, happened: Happened) -> float:
        mapped = await self._mapped(happened.channel)
        if mapped is None:
            audience = await self.channels.audience(happened.channel)
            await self.asking.ask(happened.key, happened.channel, audience)
            return 0.0
        wait = await self._look(happened.channel)
        if happened.team not in ("", mapped.partner_team_id, self.own_team):
            await self._told_of(mapped, happened)
        return wait

    async def _told_of(self, mapped: SlackChannel, happened: Happened) -> None:
        """Another company reads along, which pauses nothing but is good to know."""
        said = (
            f"another organisation ({happened.team}) reads {shown(mapped)} by now; requests are taken there as before, "
            "and figures go to who asks for them alone"
        )
        async with self.database.begin() as connection:
            partner = await mirror.one(connection, Partner, mapped.partner_id)
            await tasks.open_task(
                connection, f"slack-reads:{mapped.channel_id}:{happened.team}", "notice", said,
                manager_email=partner.manager_email if partner else "", partner_id=mapped.partner_id,
            )  # fmt: skip

    async def _unshared(self, happened: Happened) -> float:
        mapped = await self._mapped(happened.channel)
        if mapped is not None and happened.team == mapped.partner_team_id:
            audience = await self.channels.audience(happened.channel)
            if mapped.partner_team_id not in audience.readers:
                await self._pause(mapped, Paused.UNSHARED)
                return 0.0
        return await self._look(happened.channel)

    async def _renamed(self, happened: Happened) -> float:
        """Slack does that as soon as sharing is begun: who reads it has to be confirmed under the new id."""
        mapped = await self._mapped(happened.channel)
        if not happened.new:
            return 0.0
        async with self.database.begin() as connection:
            done = await rename(connection, self.own_team, happened.channel, happened.new)
            moved = await slack_channels.find(connection, happened.new)
            if mapped is not None and not done:
                said = f"Slack gave {shown(mapped)} the id {happened.new}, which is mapped already; look at both"
                await tasks.open_task(connection, f"slack:{happened.key}", "notice", said)
            elif mapped is not None and moved is not None:
                await self.pauses.pause(connection, moved, Paused.ID_CHANGED)
        return await self._look(happened.new)

    async def _archived(self, happened: Happened) -> float:
        """An event that comes late may be about a channel that is in use again."""
        mapped = await self._mapped(happened.channel)
        if mapped is not None:
            audience = await self.channels.audience(happened.channel)
            if audience.archived or not audience.confirmed:
                await self._pause(mapped, Paused.ARCHIVED)
        return 0.0

    async def _joined(self, happened: Happened) -> float:
        if happened.user != self.bot_user:
            return await self._look(happened.channel)
        if await self._mapped(happened.channel) is not None:
            return await self._look(happened.channel)
        audience = await self.channels.audience(happened.channel)
        await self.asking.ask(happened.key, happened.channel, audience, happened.inviter)
        return 0.0

    async def _left(self, happened: Happened) -> float:
        mapped = await self._mapped(happened.channel)
        if mapped is None or happened.user != self.bot_user:
            return await self._look(happened.channel)
        said = f"@partnerline was taken out of {shown(mapped)} and hears nothing there; invite it again"
        async with self.database.begin() as connection:
            await tasks.open_task(connection, f"slack:{happened.key}", "notice", said, partner_id=mapped.partner_id)
        return 0.0

    async def _look(self, channel: str) -> float:
        """At a channel of a partner's; in how many seconds once more."""
        if await self._mapped(channel) is None:
            return 0.0
        return (await self.watch.looked(channel, await self.channels.audience(channel))).again

    async def _mapped(self, channel: str) -> SlackChannel | None:
        async with self.database.reading() as connection:
            return await slack_channels.find(connection, channel)

    async def _pause(self, mapped: SlackChannel, why: Paused) -> None:
        async with self.database.begin() as connection:
            await self.pauses.pause(connection, mapped, why)


def _id(found: object) -> str:
    """An id of Slack's; "" for anything else."""
    return found if isinstance(found, str) and found.isalnum() and len(found) <= _ID else ""
