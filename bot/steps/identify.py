"""Identify: who wrote, and how well that is proven (docs/decisions/0005-unproven-senders.md)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports import Directory
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, Sender
from crm.records import Channel
from knowledge.program import Manager


async def identify(message: Message, directory: Directory, managers: Sequence[Manager]) -> Identity:
    """The sender's identity; only proof makes it more than a claim."""
    if message.channel is Channel.SLACK:
        return await _in_slack(message.sender, directory, managers)
    return await _by_mail(message.sender, directory, managers)


async def _by_mail(sender: Sender, directory: Directory, managers: Sequence[Manager]) -> Identity:
    trust = Trust.PROVEN if sender.proof else Trust.CLAIMED
    reason = "" if sender.proof else "nothing proves that the mail comes from this address"
    if manager := next((m for m in managers if m.email == sender.address), None):
        return Identity(trust, manager=manager, reason=reason)
    known = await directory.by_address(sender.address) if sender.address else None
    if known is None:
        return Identity(Trust.UNKNOWN, reason="no contact has this address")
    partner, contact = known
    return Identity(trust, partner=partner, contact=contact, reason=reason)


async def _in_slack(sender: Sender, directory: Directory, managers: Sequence[Manager]) -> Identity:
    """Authority is the mapped channel and the mapped team together; a profile's mail address counts for nothing. Who
    writes directly is the partner's whose channel alone has his workspace mapped.

    In a channel of nobody's one of the vendor's own people may be a manager, known by the user id in the program. In a
    partner's channel he may ask, as any member of the partner's could; the channel's readers bound what is said.
    """
    mapped = await directory.by_channel(sender.slack_channel)
    if mapped is None and sender.slack_channel.startswith("D") and sender.proof and not sender.slack_home:
        mapped = await directory.by_slack_team(sender.slack_team)
    if mapped is None:
        manager = _manager(sender, managers) if sender.slack_home and sender.proof else None
        trust = Trust.PROVEN if manager else Trust.UNKNOWN
        return Identity(trust, manager=manager, reason="this channel belongs to no partner")
    if mapped.paused:
        reason = f"nothing is said or done in this channel until a manager has looked at it ({mapped.paused})"
        return Identity(Trust.UNKNOWN, partner=mapped.partner, reason=reason, paused=mapped.paused)
    if sender.slack_team == mapped.partner_team_id:
        contact = await directory.by_slack_user(mapped.partner.id, sender.slack_user)
        if contact is not None and not contact.active:
            return Identity(Trust.UNKNOWN, reason="the contact of this Slack user is closed")
        return Identity(Trust.PROVEN, partner=mapped.partner, contact=contact, mentions_only=mapped.mentions_only)
    if sender.slack_team == mapped.own_team_id:
        manager = _manager(sender, managers)
        theirs = mapped.partner if manager else None
        trust = Trust.PROVEN if manager else Trust.UNKNOWN
        return Identity(trust, partner=theirs, manager=manager, reason="of the vendor's own team")
    return Identity(Trust.UNKNOWN, reason="of a workspace that is not this partner's")


def _manager(sender: Sender, managers: Sequence[Manager]) -> Manager | None:
    return next((m for m in managers if m.slack_user_id and m.slack_user_id == sender.slack_user), None)
