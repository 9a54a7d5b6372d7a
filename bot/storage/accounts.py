"""Everything that one partner's commission rests on, read for the engine."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import disputes, lines, mirror, registrations, statements, tiers
from bot.storage.mirror import Held
from bot.storage.payout_tables import exchange_rates
from bot.vocabulary.money import MoneyFacts
from crm.records import Deal, Milestone, Partner, Payment
from knowledge.commission.account import Account, TierHistory, TierSince
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.programs import Programs


async def account(connection: AsyncConnection, partner_id: str) -> Account | None:
    """None for a partner that the mirror does not hold.

    The partner's own records and those of deals in which it had a part; nothing else of those deals' partners.
    """
    held = await mirror.held(connection, partner_id)
    return None if held is None else await of_held(connection, held)


async def of_held(connection: AsyncConnection, held: Held) -> Account:
    """The same for a partner whose records were read already."""
    shared = await mirror.influenced_by(connection, held.partner.id)
    payments, milestones = await _of_shared(connection, shared)
    return Account(
        partner=held.partner,
        deals=(*held.deals, *shared),
        payments=(*held.payments, *payments),
        milestones=(*held.milestones, *milestones),
        registrations=await registrations.of_partner(connection, held.partner.id),
        tiers=_since_ever(await tiers.history(connection, held.partner.id), held.partner),
        posted=await lines.posted(connection, held.partner.id),
    )


async def money(connection: AsyncConnection, partner_id: str, programs: Programs, today: date) -> MoneyFacts | None:
    """All that a partner's questions about money are answered from; None for one that the mirror does not hold."""
    found = await account(connection, partner_id)
    if found is None:
        return None
    return MoneyFacts(
        programs=programs,
        rates=await rate_table(connection, programs.on(today).vendor.currency),
        account=found,
        lines=await lines.stated(connection, partner_id),
        statements=await statements.of_partner(connection, partner_id),
        disputes=await disputes.of_partner(connection, partner_id),
        earlier_tiers=await tiers.changes_of(connection, partner_id),
        tier_notice=await tiers.standing(connection, partner_id),
    )


async def rate_table(connection: AsyncConnection, base: str) -> RateTable:
    """All stored exchange rates; `base` is the program's own currency."""
    c = exchange_rates.c
    rows = await connection.execute(select(c.currency, c.day, c.rate, c.source))
    return RateTable.of(base, (ExchangeRate(row.currency, row.day, row.rate, row.source) for row in rows))


async def _of_shared(
    connection: AsyncConnection, shared: tuple[Deal, ...]
) -> tuple[tuple[Payment, ...], tuple[Milestone, ...]]:
    if not shared:
        return (), ()
    ids = [deal.id for deal in shared]
    return await mirror.of_deals(connection, Payment, ids), await mirror.of_deals(connection, Milestone, ids)


def _since_ever(history: TierHistory, partner: Partner) -> TierHistory:
    """A partner whose tiers nobody has recorded yet has always had the one it has."""
    if history.entries or not partner.tier:
        return history
    return TierHistory((TierSince(date.min, partner.tier),))
