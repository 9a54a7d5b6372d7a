"""Mapping partners' Slack channels: whose they are, what is answered there, and when a paused one goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.api.errors import SlackError
from bot.channels.slack.people.audience import Audience, SlackChannels
from bot.desk.slack_channels.pauses import WHY, fault_of, shown
from bot.desk.slack_channels.waiting import handle_held
from bot.storage import ledger, mirror, slack_channels, slack_former
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.slack_channels import Mode, Paused, SlackChannel
from bot.vocabulary.results import Done, NotDone
from crm.records import Partner

_ANSWERED = {
    Mode.AGENT: "everything of the partner's that is for the agent is answered",
    Mode.MENTION: "only mentions and the agent's own threads are answered",
}
_LIST = "`partnerline channels list` shows what is mapped"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a manager wants mapped. `team` "" leaves it to who reads the channel, where that is one workspace alone;
    `mode` None takes the setting of a new channel, or leaves an old one's as it is.
    """

    channel: str
    partner_id: str
    team: str = ""
    mode: Mode | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChannelDesk:
    """Each act by a manager (`by`, an address) or an operator. `own_team` is the vendor's workspace; `channels` asks
    Slack, None where there is none to ask, and then what is mapped is looked at with its first message.
    """

    database: Database
    queue: Queue
    own_team: str
    now: Callable[[], datetime]
    channels: SlackChannels | None = None
    mode: Mode = Mode.AGENT

    async def map(self, wanted: Mapping, by: str) -> Done | NotDone:
        """It is theirs from now on, and what it was paused for is over."""
        audience = await self._look(wanted.channel)
        team = wanted.team or (audience.only_team if audience else "")
        if not team:
            return NotDone("it is not clear whose people speak for the partner there", "name their workspace: team T…")
        if team == self.own_team:
            return NotDone(f"{team} is your own workspace", "name the partner's: its members speak for the partner")
        async with self.database.begin() as connection:
            partner = await mirror.one(connection, Partner, wanted.partner_id)
            if partner is None:
                return NotDone(f"there is no partner {wanted.partner_id}", "`partnerline partners list` shows them")
            before = await slack_channels.find(connection, wanted.channel)
            mapped = SlackChannel(
                self.own_team, wanted.channel, _named(wanted, before, audience), partner.id, team,
                wanted.mode or (before.mode if before else self.mode),
            )  # fmt: skip
            if fault := await self._fault(connection, mapped, audience):
                return fault
            if before is not None and before.partner_id != mapped.partner_id:
                await slack_former.take_back(connection, before.channel_id, before.partner_id)
            await slack_channels.save(connection, mapped)
            await self._note(connection, mapped, by, "mapped")
            await handle_held(connection, self.queue, mapped.channel_id, by)
        unseen = "" if audience else "; who reads it is looked at with the first message"
        said = f"{shown(mapped)} is {partner.name}'s channel; members of {team} speak for it there{unseen}"
        return Done(f"{said}; {_ANSWERED[mapped.mode]}", mapped.channel_id)

    async def set_mode(self, channel: str, mode: Mode, by: str) -> Done | NotDone:
        async with self.database.begin() as connection:
            if not await slack_channels.set_mode(connection, channel, mode):
                return _not_mapped(channel)
            mapped = await slack_channels.find(connection, channel)
            if mapped is not None:
                await self._note(connection, mapped, by, mode.value)
        return Done(f"in {channel} {_ANSWERED[mode]}", channel)

    async def resume(self, channel: str, by: str) -> Done | NotDone:
        """Where nothing speaks against its readers any more; what was written meanwhile is handled then."""
        audience = await self._look(channel)
        async with self.database.begin() as connection:
            mapped = await slack_channels.find(connection, channel)
            if mapped is None:
                return _not_mapped(channel)
            if not mapped.paused:
                return NotDone(f"{shown(mapped)} is not paused")
            if fault := await self._fault(connection, mapped, audience):
                return fault
            await slack_channels.resume(connection, channel)
            await self._note(connection, mapped, by, "resumed")
            waiting = await handle_held(connection, self.queue, channel, by)
        was = WHY[Paused(mapped.paused)] if mapped.paused in set(Paused) else mapped.paused
        later = f"; {waiting} messages that were held are handled now" if waiting else ""
        return Done(f"{shown(mapped)} is resumed (it was paused: {was}){later}", channel)

    async def forget(self, channel: str, by: str) -> Done | NotDone:
        """It is nobody's any more: nobody who writes there speaks for a partner, and nothing of one is said there."""
        async with self.database.begin() as connection:
            mapped = await slack_channels.find(connection, channel)
            if mapped is None:
                return _not_mapped(channel)
            await slack_channels.forget(connection, channel)
            unsaid = await slack_former.take_back(connection, channel, mapped.partner_id)
            await self._note(connection, mapped, by, "forgotten")
        more = f"; {unsaid} posts that waited are not sent" if unsaid else ""
        return Done(f"{shown(mapped)} is no partner's channel any more{more}", channel)

    async def _look(self, channel: str) -> Audience | None:
        """None where Slack is not there to be asked."""
        try:
            return await self.channels.audience(channel) if self.channels is not None else None
        except SlackError:
            return None

    async def _fault(
        self, connection: AsyncConnection, mapped: SlackChannel, audience: Audience | None
    ) -> NotDone | None:
        """Why nothing may be said there to those who read it."""
        ours = await slack_channels.of_teams(connection, frozenset({mapped.partner_team_id}))
        other = next((one for one in ours if one.partner_id != mapped.partner_id), None)
        if other is not None:
            partner = await mirror.one(connection, Partner, other.partner_id)
            whose = f"{partner.name if partner else other.partner_id}'s, in {shown(other)}"
            return NotDone(f"{mapped.partner_team_id} is {whose}", "a workspace speaks for one partner alone")
        if audience is None:
            return None
        others = await slack_channels.of_teams(connection, audience.readers)
        why = fault_of(mapped, audience, others)
        if why is not None:
            return NotDone(f"{shown(mapped)} cannot be used: {WHY[why]}", _MENDED[why])
        if mapped.partner_team_id not in audience.readers and not audience.unnamed:
            read = ", ".join(sorted(audience.readers))
            return NotDone(f"{mapped.partner_team_id} does not read {shown(mapped)}", f"it is read by {read}")
        return None

    async def _note(self, connection: AsyncConnection, mapped: SlackChannel, by: str, what: str) -> None:
        body = {"channel": mapped.channel_id, "done": what, "team": mapped.partner_team_id, "mode": mapped.mode.value}
        await ledger.append(connection, "slack_channel", by, body, partner_id=mapped.partner_id)


_MENDED = {
    Paused.SECOND_PARTNER: "give each partner a channel of its own",
    Paused.UNCONFIRMED: "invite @partnerline to it, and try again",
    Paused.ID_CHANGED: "try again once it is shared",
    Paused.UNSHARED: "share it with the partner first",
    Paused.ARCHIVED: "take it out of the archive first",
}


def _named(wanted: Mapping, before: SlackChannel | None, audience: Audience | None) -> str:
    return wanted.name or (audience.name if audience else "") or (before.name if before else "") or wanted.channel


def _not_mapped(channel: str) -> NotDone:
    return NotDone(f"{channel} is no partner's channel", _LIST)
