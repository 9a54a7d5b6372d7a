"""The mirror follows the CRM: what changed there since the last look is taken over, page by page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.deal_fates import DealFates
from bot.desk.decided_there import DecidedThere
from bot.desk.gone_there import GoneThere
from bot.desk.lead_fates import LeadFates
from bot.payouts.billing import BillingDesk
from bot.payouts.tier_watch import TierWatch
from bot.storage import mirror, registrations
from bot.storage.database import Database
from bot.storage.opting_out import on_their_way
from crm.ports import Changes, CrmPort
from crm.records import Deal, Lead, Partner

log = logging.getLogger(__name__)

_MANY = 2_000  # records of one look after which the log says how far it is


@dataclass(frozen=True, slots=True)
class MirrorJob:
    """`crm.errors.CrmUnavailable` comes out when the CRM does not answer; the next tick goes on from the same place.

    Any number may run at once: of two that read the same page one takes it over, and the other goes on behind it.
    """

    database: Database
    crm: CrmPort
    fates: LeadFates | None = None
    tiers: TierWatch | None = None
    billing: BillingDesk | None = None
    deals: DealFates | None = None
    decided: DecidedThere | None = None
    gone: GoneThere | None = None

    async def __call__(self) -> int:
        """How many records were taken over."""
        taken, told = 0, 0
        while True:
            async with self.database.begin() as connection:
                cursor = await mirror.cursor(connection)
                since: datetime = (await connection.execute(select(func.now()))).scalar_one()
            changes = await self.crm.changes(cursor)
            page = await self._take(changes, cursor, since)
            taken += page or 0
            if taken - told >= _MANY:
                told = taken
                log.info("the mirror takes over what the CRM holds: %d records so far", taken)
            if page is not None and not changes.more:
                break
        if self.billing is not None:
            # What a billing system told before its deal or payment was here.
            await self.billing.take_up()
        return taken

    async def _take(self, changes: Changes, cursor: str, since: datetime) -> int | None:
        """`since` is when the CRM began to be asked, by the database's clock. None where somebody else has gone on
        from `cursor` meanwhile: what was read may be older than what is held.
        """
        async with self.database.begin() as connection:
            if not await mirror.move_cursor(connection, cursor, changes.cursor):
                return None
            await mirror.heard(connection)
            if self.gone:
                await self.gone.take(connection, changes, since)
            held = await self._as_held(connection, changes, since)
            news = await mirror.news(connection, held)
            # Also of a partner that is held in just this way it may not be written down yet which tier it has.
            partners = [one for one in held if isinstance(one, Partner)] if self.tiers else []
            await mirror.hold(connection, [*news, *partners])
            records = await self._told(connection, news, since)
            await mirror.store(connection, records)
            if self.tiers:
                await self.tiers.note(connection, partners)
            for registration in changes.registrations:
                await registrations.adopt(connection, registration)
            if self.decided:
                await self.decided.note(connection, changes.registrations, since)
            if not changes.more:
                await mirror.is_taken_over(connection)
        return len(records) + len(changes.registrations)

    async def _as_held(self, connection: AsyncConnection, changes: Changes, since: datetime) -> list[mirror.Mirrored]:
        """What the CRM says, with what it had not been told of yet."""
        gone = await on_their_way(connection)
        contacts = [replace(c, opted_out=c.opted_out or c.id in gone) for c in changes.contacts]
        partners = await self.tiers.held(connection, changes.partners, since) if self.tiers else changes.partners
        return [
            *partners, *contacts, *changes.deals, *changes.payments, *changes.leads, *changes.milestones,
        ]  # fmt: skip

    async def _told(
        self, connection: AsyncConnection, news: Sequence[mirror.Mirrored], since: datetime
    ) -> list[mirror.Mirrored]:
        """What is to be held from now on; whom it concerns is told in the same transaction."""
        deals: Sequence[Deal] = [one for one in news if isinstance(one, Deal)]
        leads: Sequence[Lead] = [one for one in news if isinstance(one, Lead)]
        others = [one for one in news if not isinstance(one, Deal | Lead)]
        if self.deals:
            deals = await self.deals.take(connection, deals, since)
        if self.fates:
            leads = await self.fates.take(connection, leads)
        return [*others, *deals, *leads]
