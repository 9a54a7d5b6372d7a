"""Who at a partner can be written to, and the channel in which it can be posted to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import onboarding, slack_channels, undeliverable
from bot.storage.announcing import readers
from bot.storage.slack_channels import SlackChannel
from crm.records import Contact


async def reachable(connection: AsyncConnection, contacts: Collection[Contact]) -> tuple[Contact, ...]:
    """Who is there, has an address that takes mail, and did not opt out, wherever he did so; by id."""
    with_address = [one for one in contacts if one.active and one.email and not one.opted_out]
    addresses = [one.email for one in with_address]
    if not addresses:
        return ()
    out = await readers.opted_out(connection, addresses)
    dead = await undeliverable.of_addresses(connection, addresses)
    found = [one for one in with_address if one.email not in out and one.email.lower() not in dead]
    return tuple(sorted(found, key=lambda one: one.id))


async def fresh(connection: AsyncConnection, partner_id: str, people: Sequence[Contact]) -> tuple[Contact, ...]:
    """Without those whose address the onboarding of another partner has written to: nobody gets our mail again and
    again by being entered at many partners, or at one that is entered anew.
    """
    elsewhere = await onboarding.written_elsewhere(connection, partner_id, [one.email for one in people])
    return tuple(one for one in people if one.email.lower() not in elsewhere)


async def channel_of(connection: AsyncConnection, partner_id: str) -> SlackChannel | None:
    found = await slack_channels.of_partner(connection, partner_id)
    return found if found is not None and not found.paused else None
