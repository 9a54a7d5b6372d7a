"""Gathers a registration's case: the CRM asked live before the transaction, everybody's records under its locks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.alike import may_come_from, resembles
from bot.desk.case import Case
from bot.desk.verdict import RULES
from bot.storage import claims, customers, mirror, refused
from bot.storage.database import Database
from bot.vocabulary.web_domains import registrable, web_domain
from crm.ports import CrmPort
from crm.records import Deal, Lead, Partner, Registration
from knowledge.business_days import vendors_day
from knowledge.program import Program

_A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Live:
    """What the CRM says at this moment, and what looks like the customer without having its key.

    `partner` is None where the CRM no longer has it; `deal_there` True where it holds a deal of the registration's
    number for the partner.
    """

    partner: Partner | None
    deals: tuple[Deal, ...]
    deal_there: bool
    alike: tuple[Registration | Deal, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    database: Database
    crm: CrmPort
    program: Program
    now: Callable[[], datetime]

    async def look(self, registration: Registration) -> Live:
        """No transaction is open meanwhile. Raises what the CRM raises."""
        partner = await self.crm.partner(registration.partner_id)
        domain = registrable(web_domain(registration.customer_domain))
        deals = await self.crm.customer_deals(domain) if domain else []
        there = await self.crm.deal(registration.partner_id, registration.number) is not None
        async with self.database.reading() as connection:
            alike = await customers.standing(connection, registration.partner_id, partial(resembles, registration))
        return Live(partner, tuple(deals), there, alike)

    async def gather(
        self, connection: AsyncConnection, registration: Registration, partner: Partner, live: Live
    ) -> Case:
        """The case as it stands in this transaction, in which nobody else decides about the customer."""
        now = self.now()
        today = vendors_day(now, self.program.vendor)
        await customers.lock(connection, registration)
        await claims.take_over(connection, today)
        protections = await claims.holders(connection, registration, today)
        rivals = await customers.rivals(connection, registration)
        shared = await _shared_leads(connection, registration)
        leads = tuple(lead for lead, _ in shared)
        seen = (*live.deals, *live.alike, *protections, *rivals, *leads)
        owners = sorted({record.partner_id for record in seen if record.partner_id})
        found = {owner: await mirror.one(connection, Partner, owner) for owner in owners}
        return Case(
            registration,
            partner,
            self.program,
            now,
            deals=live.deals,
            registered=await customers.registered(connection, live.deals),
            own=tuple(p for p in protections if p.partner_id == partner.id),
            protections=tuple(p for p in protections if p.partner_id != partner.id),
            rivals=rivals,
            alike=live.alike,
            leads=leads,
            offered=frozenset(lead.number for lead, asked in shared if asked),
            refusals=await customers.refusals_since(
                connection, partner.id, RULES, now - _A_DAY, policy=self.program.deal_rules.existing_customers_refused
            ),
            gone=live.partner is None,
            not_entered=await refused.words_about(connection, registration.number),
            names={owner: p.name for owner, p in found.items() if p is not None},
        )


async def _shared_leads(connection: AsyncConnection, registration: Registration) -> list[tuple[Lead, bool]]:
    """Those that the customer may be, without the one that the partner holds and registers here."""
    known = await customers.shared_leads(connection, registration.partner_id)
    own = (registration.lead_number, registration.partner_id)
    return [
        (lead, asked)
        for lead, asked in known
        if (lead.number, lead.partner_id) != own and may_come_from(registration, lead)
    ]
