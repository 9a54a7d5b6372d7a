"""The mirror follows the CRM: what changed there since the last look is taken over, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from bot.desk.lead_fates import LeadFates
from bot.payouts.billing import BillingDesk
from bot.payouts.tier_watch import TierWatch
from bot.storage import mirror, registrations
from bot.storage.database import Database
from bot.storage.opting_out import on_their_way
from crm.ports import Changes, CrmPort


@dataclass(frozen=True, slots=True)
class MirrorJob:
    """`crm.errors.CrmUnavailable` comes out when the CRM does not answer; the next tick goes on from the same place."""

    database: Database
    crm: CrmPort
    fates: LeadFates | None = None
    tiers: TierWatch | None = None
    billing: BillingDesk | None = None

    async def __call__(self) -> int:
        """How many records were taken over."""
        async with self.database.begin() as connection:
            cursor = await mirror.cursor(connection)
            since: datetime = (await connection.execute(select(func.now()))).scalar_one()
        taken = 0
        while True:
            changes = await self.crm.changes(cursor)
            taken += await self._take(changes, since)
            cursor = changes.cursor
            if not changes.more:
                break
        if self.billing is not None:
            # What a billing system told before its deal or payment was here.
            await self.billing.take_up()
        return taken

    async def _take(self, changes: Changes, since: datetime) -> int:
        """`since` is when the CRM began to be asked, by the database's clock."""
        async with self.database.begin() as connection:
            gone = await on_their_way(connection)
            leads = await self.fates.take(connection, changes.leads) if self.fates else changes.leads
            contacts = [replace(c, opted_out=c.opted_out or c.id in gone) for c in changes.contacts]
            partners = await self.tiers.held(connection, changes.partners, since) if self.tiers else changes.partners
            records: list[mirror.Mirrored] = [
                *partners,
                *contacts,
                *changes.deals,
                *changes.payments,
                *leads,
                *changes.milestones,
            ]
            await mirror.store(connection, records)
            if self.tiers:
                await self.tiers.note(connection, partners)
            for registration in changes.registrations:
                await registrations.adopt(connection, registration)
            await mirror.save_cursor(connection, changes.cursor)
        return len(records) + len(changes.registrations)
