"""HubSpot behind `crm.ports.CrmPort`: each method handed to the part of the adapter that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.facts import Facts
from crm.adapters.hubspot.account.portal import connected_portal
from crm.adapters.hubspot.following.changes import Following
from crm.adapters.hubspot.following.handed import Handed
from crm.adapters.hubspot.following.webhooks import HubSpotEvents
from crm.adapters.hubspot.forgetting import forget_copies
from crm.adapters.hubspot.logging import Interactions
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.records.contact_records import Contacts
from crm.adapters.hubspot.records.customer_deals import customer_deals
from crm.adapters.hubspot.records.deal_objects import DealObjects
from crm.adapters.hubspot.records.deal_records import Deals
from crm.adapters.hubspot.records.line_records import LineRecords
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.request_notes import request_note
from crm.adapters.hubspot.records.request_records import Requests
from crm.adapters.hubspot.standing import standing_facts
from crm.adapters.hubspot.transport.client import HubSpot
from crm.ports import Changes, Contents, CrmEvents, Standing
from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration


class HubSpotCrm:
    """`hubspot.migrate` must have run. The engine stays its owner's, who disposes of it.

    Characters that HubSpot cannot hold (NUL, lone surrogates) are kept as U+FFFD.
    """

    name = "hubspot"

    def __init__(
        self,
        engine: AsyncEngine,
        options: HubSpotOptions,
        contents: Contents | None = None,
        hub: HubSpot | None = None,
    ) -> None:
        self._engine = engine
        self._options = options
        self._contents = contents
        secrets = options.webhook_secrets
        self.events: CrmEvents | None = HubSpotEvents(engine, secrets, options.public_url) if secrets else None
        self._portal = portal = connected_portal(engine, options, hub)
        self._partners = partners = Partners(portal)
        self._contacts = Contacts(portal, partners)
        objects = DealObjects(portal)
        self._deals = Deals(portal, partners, objects)
        self._requests = Requests(portal, partners, objects, self._note)
        self._lines = LineRecords(portal, partners, objects)
        self._interactions = Interactions(portal, contents)
        self._following = Following(portal, Handed(engine), self.events is not None)

    # --- what changed (changes.py, webhooks.py)

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        return await self._following.changes(cursor, limit)

    # --- single records, read live

    async def partner(self, partner_id: str) -> Partner | None:
        read = await self._partners.one(partner_id)
        return read.partner if read else None

    async def contact(self, contact_id: str) -> Contact | None:
        read = await self._contacts.one(contact_id)
        return read.contact if read else None

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        return await self._deals.one(partner_id, number)

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        return await self._requests.registration(partner_id, number)

    async def lead(self, number: str) -> Lead | None:
        return await self._requests.lead(number)

    async def customer_deals(self, domain: str) -> list[Deal]:
        return await customer_deals(self._portal, domain)

    # --- writes

    async def save_partner(self, partner: Partner) -> None:
        await self._partners.save(partner)

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        await self._partners.set_tier(partner_id, seen, wanted)

    async def save_contact(self, contact: Contact) -> None:
        await self._contacts.save(contact)

    async def opt_out(self, contact_id: str) -> None:
        await self._contacts.opt_out(contact_id)

    async def save_deal(self, deal: Deal) -> None:
        await self._deals.save(deal)
        await self._interactions.attach(deal.number)

    async def update_deal(self, seen: Deal, wanted: Deal) -> None:
        await self._deals.update(seen, wanted)

    async def save_registration(self, registration: Registration) -> None:
        await self._requests.save_registration(registration)
        await self._interactions.attach(registration.number)

    async def save_lead(self, lead: Lead) -> None:
        await self._requests.save_lead(lead)
        await self._interactions.attach(lead.number)

    async def save_payment(self, payment: Payment) -> None:
        await self.save_payments([payment])

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        await self._lines.save_payments(payments)

    async def save_milestone(self, milestone: Milestone) -> None:
        await self._lines.save_milestone(milestone)

    # --- interactions (logging/)

    async def log_interaction(self, interaction: Interaction) -> None:
        await self._interactions.log_one(interaction)

    async def log_interactions(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._interactions.log(interactions)

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._interactions.lacking(interactions)

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._interactions.log_again(interactions)

    async def forget_copies(self, contact_id: str) -> int:
        return await forget_copies(self._engine, contact_id)

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        return await self._interactions.timeline(partner_id, deal_number, before, limit)

    # --- the operator

    async def standing(self) -> Standing:
        facts = await standing_facts(self._portal.hub, Facts(self._engine))
        return Standing(self.name, self._options.url, (*facts, *await self._interactions.facts()))

    async def _note(self, record: Registration | Lead) -> None:
        """On the partner's company, of what HubSpot has no record of: where a registration or a lead has got to."""
        await self.log_interaction(request_note(record, self._portal.now()))

    async def aclose(self) -> None:
        """The engine is its owner's."""
        await self._portal.aclose()
