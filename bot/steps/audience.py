"""Audience: who would read an answer, and what of it is then for the asker alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.ports import Directory
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message
from crm.records import Channel


async def with_audience(message: Message, identity: Identity, directory: Directory) -> Message:
    """The message with `outsiders` set where its answer goes to an address that is none of the partner's contacts.

    A Slack channel's audience is asked when the message is read (docs/decisions/0008-who-reads-a-channel.md). Who is
    not proven is told no figures anyway.
    """
    to, owner = message.reply_to, identity.proven_partner_id
    if message.channel is not Channel.EMAIL or to is None or owner is None or to.to == message.sender.address:
        return message
    known = await directory.by_address(to.to)
    inside = known is not None and known[0].id == owner
    return message if inside else replace(message, reply_to=replace(to, outsiders=True))


def for_asker_alone(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """What holds figures, whole, under a line that says what it is about; () where nothing does."""
    found = [d.privately or (d.outcomes if any(o.figures for o in d.outcomes) else ()) for d in decisions]
    told = tuple(outcome for outcomes in found for outcome in outcomes)
    return (Decision((), (Outcome("channel.about"), *told), "told_directly"),) if told else ()
