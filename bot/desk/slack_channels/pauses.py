"""Pausing a partner's Slack channel: why, what managers are told of it, and the look that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.people.audience import Audience
from bot.desk.slack_channels.cards import ChannelCards
from bot.storage import ledger, mirror, slack_channels, tasks
from bot.storage.slack_channels import Paused, SlackChannel
from crm.records import Partner

WHY = {
    Paused.SECOND_PARTNER: "people of another partner read it as well",
    Paused.UNCONFIRMED: "Slack does not confirm who reads it",
    Paused.ID_CHANGED: "Slack gave it a new id while it was being shared, so who reads it has to be looked at anew",
    Paused.UNSHARED: "it is no longer shared with the partner",
    Paused.ARCHIVED: "it was archived",
}
"""In a manager's words, behind the name of a channel and `is paused:`."""


def in_a_line(channel: SlackChannel) -> str:
    """How a mapped channel stands, for a manager."""
    paused = f", paused: {WHY[Paused(channel.paused)]}" if channel.paused else ""
    return f"#{channel.name or channel.channel_id}, mode {channel.mode.value}{paused}"


def fault_of(mapped: SlackChannel, audience: Audience, others: Sequence[SlackChannel]) -> Paused | None:
    """Why nothing of the partner may be said to this audience; None where there is no reason.

    `others` are channels whose partners' workspaces read this one too.
    """
    if audience.archived:
        return Paused.ARCHIVED
    if not audience.confirmed:
        return Paused.UNCONFIRMED
    if any(other.partner_id != mapped.partner_id for other in others):
        return Paused.SECOND_PARTNER
    return None if audience.readers or audience.unnamed else Paused.UNSHARED


@dataclass(frozen=True, slots=True)
class ChannelPauses:
    """Works in the caller's transaction; the caller has the outbox delivered after it."""

    cards: ChannelCards
    now: Callable[[], datetime]

    async def judge(self, connection: AsyncConnection, mapped: SlackChannel, audience: Audience) -> Paused | None:
        """What speaks against this audience, as the mappings stand now."""
        others = await slack_channels.of_teams(connection, audience.readers)
        return fault_of(mapped, audience, others)

    async def pause(self, connection: AsyncConnection, mapped: SlackChannel, why: Paused) -> bool:
        """Nothing of the partner is said there from now on, and managers are told once; False where it was paused."""
        if not await slack_channels.pause(connection, mapped.channel_id, why):
            return False
        partner = await mirror.one(connection, Partner, mapped.partner_id)
        name = partner.name if partner else mapped.partner_id
        said = f"Slack channel {shown(mapped)} of {name} is paused: {WHY[why]}; nothing of the partner is said there"
        key = f"slack-paused:{mapped.channel_id}"
        await tasks.open_task(
            connection, f"{key}:{self.now().isoformat()}", "notice",
            f"{said} until it is resumed (`partnerline channels resume {mapped.channel_id}`)",
            manager_email=partner.manager_email if partner else "", partner_id=mapped.partner_id,
        )  # fmt: skip
        body = {"channel": mapped.channel_id, "paused": why.value}
        await ledger.append(connection, "slack_channel", "slack", body, partner_id=mapped.partner_id)
        await self.cards.paused(connection, mapped, said, partner)
        return True


def shown(channel: SlackChannel) -> str:
    """The channel's name and id, as people know it."""
    named = channel.name and channel.name != channel.channel_id
    return f"#{channel.name} ({channel.channel_id})" if named else channel.channel_id
