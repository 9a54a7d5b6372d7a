"""A partner before its review: its tier as the CRM holds it now, and everything that its figures rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import accounts, mirror, outbox, tiers
from bot.storage.crm_writes import tier_row
from bot.storage.tiers import Change
from crm.ports import CrmPort
from crm.records import Partner
from knowledge.commission.account import Account
from knowledge.commission.exchange import RateTable
from knowledge.program import Program
from knowledge.tiers import TierFigures, figures


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`partner` is the CRM's own record of this moment, with the tier that is on its way there."""

    partner: Partner
    account: Account
    rates: RateTable

    def figures(self, program: Program, review: date, today: date) -> TierFigures:
        known = self.account
        return figures(
            self.partner, known.deals, known.payments, known.milestones, self.rates, program, review, today
        )  # fmt: skip


async def look(connection: AsyncConnection, crm: CrmPort, partner_id: str, currency: str) -> Reviewed | None:
    """None for a partner that is gone; nothing is written.

    Raises CrmError where the CRM does not answer: nothing is granted or taken on what may be old.
    """
    live = await crm.partner(partner_id)
    account = await accounts.account(connection, partner_id)
    if live is None or account is None:
        return None
    (held,) = await ours_of(connection, [live])
    return Reviewed(held, replace(account, partner=held), await accounts.rate_table(connection, currency))


async def ours_of(
    connection: AsyncConnection, partners: Sequence[Partner], since: datetime | None = None
) -> list[Partner]:
    """What the CRM said from `since` on, by the database's clock, or in this transaction; with the tiers that it had
    not been told of by then.
    """
    coming = await tiers.on_their_way(connection, since)
    return [replace(partner, tier=coming.get(partner.id, partner.tier)) for partner in partners]


async def change_tier(connection: AsyncConnection, partner: Partner, change: Change, cause: str) -> Partner:
    """Recorded, known here at once, and on its way to the CRM; the partner with its new tier."""
    changed = replace(partner, tier=change.tier)
    await tiers.record(connection, change)
    await mirror.store(connection, [changed])
    await outbox.put(connection, [tier_row(partner.id, partner.tier, change.tier, cause)])
    return changed
