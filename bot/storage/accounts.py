"""Everything that one partner's commission rests on, read for the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage import disputes, lines, mirror, rates, registrations, statements, tiers
from bot.storage.codec import all_from_json
from bot.storage.tables import mirror as mirrored
from bot.vocabulary.money import MoneyFacts
from crm.records import Deal, Milestone, Partner, Payment
from knowledge.commission.account import Account, TierHistory, TierSince
from knowledge.commission.exchange import RateTable
from knowledge.programs import Programs

_RATES_BEFORE = timedelta(days=31)  # longer than any rate is good for


async def account(connection: AsyncConnection, partner_id: str) -> Account | None:
    """None for a partner that the mirror does not hold.

    The partner's own records and those of deals in which it had a part; nothing else of those deals' partners.
    """
    docs = {row.kind: row.docs for row in await connection.execute(_RECORDS, {"partner": partner_id})}
    if "partner" not in docs:
        return None
    (partner,) = all_from_json(Partner, docs["partner"])
    shared = await mirror.influenced_by(connection, partner_id)
    payments, milestones = await _of_shared(connection, shared)
    deals = (*all_from_json(Deal, docs.get("deal", "[]")), *shared)
    return Account(
        partner=partner,
        deals=deals,
        payments=(*all_from_json(Payment, docs.get("payment", "[]")), *payments),
        milestones=(*all_from_json(Milestone, docs.get("milestone", "[]")), *milestones),
        registrations=await registrations.of_partner(connection, partner_id),
        tiers=_since_ever(await tiers.history(connection, partner_id), partner),
        posted=await lines.posted(connection, partner_id),
        earned_before=await _earned_before(connection, partner_id, deals),
    )


async def money(connection: AsyncConnection, partner_id: str, programs: Programs, today: date) -> MoneyFacts | None:
    """All that a partner's questions about money are answered from; None for one that the mirror does not hold."""
    found = await account(connection, partner_id)
    if found is None:
        return None
    return MoneyFacts(
        programs=programs,
        rates=await _rates_of(connection, found, programs, today),
        account=found,
        lines=await lines.stated(connection, partner_id),
        statements=await statements.of_partner(connection, partner_id),
        disputes=await disputes.of_partner(connection, partner_id),
        earlier_tiers=await tiers.changes_of(connection, partner_id),
        tier_notice=await tiers.standing(connection, partner_id),
    )


async def rate_table(connection: AsyncConnection, base: str) -> RateTable:
    """All stored exchange rates; `base` is the program's own currency."""
    return await rates.table(connection, base)


async def _rates_of(connection: AsyncConnection, found: Account, programs: Programs, today: date) -> RateTable:
    """The latest of every currency, for what is asked about; older ones of those that this account's money is in, or
    that a plan pays in, since they were: a central bank's history is long, and has many currencies.
    """
    base = programs.on(today).vendor.currency
    needed = {currency: day - _RATES_BEFORE for currency, day in _first_days(found, programs) if currency != base}
    return await rates.table(connection, base, today - _RATES_BEFORE, needed)


def _first_days(found: Account, programs: Programs) -> Iterator[tuple[str, date]]:
    """Each currency with the first day on which a rate of it may be asked for."""
    money = [(payment.amount.currency, payment.received_on) for payment in found.payments]
    money += [(deal.amount.currency, deal.created_on) for deal in found.deals if deal.amount]
    first: dict[str, date] = {}
    for currency, day in money:
        first[currency] = min(day, first.get(currency, day))
    elements = (element for program in programs.versions for plan in program.plans for element in plan.elements)
    paid_in = {element.pays for element in elements if element.pays}
    since = min(first.values(), default=None)
    return iter((first | dict.fromkeys(paid_in, since) if since else first).items())


async def _earned_before(connection: AsyncConnection, partner_id: str, deals: Sequence[Deal]) -> frozenset[str]:
    """Deals for which a partner was paid that has no part in them any more."""
    parts = {deal.id: {deal.partner_id, *(other.partner_id for other in deal.others)} for deal in deals}
    earned = await lines.earned_by_others(connection, partner_id, list(parts))
    return frozenset(deal_id for deal_id, earner in earned if earner not in parts[deal_id])


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


_RECORDS = (
    select(
        mirrored.c.kind,
        cast(func.jsonb_agg(aggregate_order_by(mirrored.c.doc, mirrored.c.key, mirrored.c.id)), Text).label("docs"),
    )
    .where(
        mirrored.c.partner_id == bindparam("partner"),
        mirrored.c.kind.in_(("partner", "deal", "payment", "milestone")),
    )
    .group_by(mirrored.c.kind)
)
