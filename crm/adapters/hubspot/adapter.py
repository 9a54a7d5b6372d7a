"""HubSpot behind `crm.ports.CrmPort`: each method handed to the part of the adapter that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.forgetting import forget_copies
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.webhooks import HubSpotEvents
from crm.errors import CrmUnavailable
from crm.ports import Changes, Contents, CrmEvents, Standing
from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration


class HubSpotCrm:
    """`hubspot.migrate` must have run. The engine stays its owner's, who disposes of it.

    Characters that HubSpot cannot hold (NUL, lone surrogates) are kept as U+FFFD.
    """

    name = "hubspot"

    def __init__(self, engine: AsyncEngine, options: HubSpotOptions, contents: Contents | None = None) -> None:
        self._engine = engine
        self._options = options
        self._contents = contents
        secrets = options.webhook_secrets
        self.events: CrmEvents | None = HubSpotEvents(engine, secrets, options.public_url) if secrets else None

    # --- what changed (changes.py, webhooks.py)

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        raise CrmUnavailable("HubSpot's changes are not read yet")

    # --- single records, read live

    async def partner(self, partner_id: str) -> Partner | None:
        raise CrmUnavailable("HubSpot is not read yet")

    async def contact(self, contact_id: str) -> Contact | None:
        raise CrmUnavailable("HubSpot is not read yet")

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        raise CrmUnavailable("HubSpot is not read yet")

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        raise CrmUnavailable("HubSpot is not read yet")

    async def lead(self, number: str) -> Lead | None:
        raise CrmUnavailable("HubSpot is not read yet")

    async def customer_deals(self, domain: str) -> list[Deal]:
        raise CrmUnavailable("HubSpot is not read yet")

    # --- writes

    async def save_partner(self, partner: Partner) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_contact(self, contact: Contact) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def opt_out(self, contact_id: str) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_deal(self, deal: Deal) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def update_deal(self, seen: Deal, wanted: Deal) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_registration(self, registration: Registration) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_lead(self, lead: Lead) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_payment(self, payment: Payment) -> None:
        await self.save_payments([payment])

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def save_milestone(self, milestone: Milestone) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    # --- interactions (logging/)

    async def log_interaction(self, interaction: Interaction) -> None:
        raise CrmUnavailable("HubSpot is not written yet")

    async def log_interactions(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        raise CrmUnavailable("HubSpot is not written yet")

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        raise CrmUnavailable("HubSpot is not read yet")

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        raise CrmUnavailable("HubSpot is not written yet")

    async def forget_copies(self, contact_id: str) -> int:
        return await forget_copies(self._engine, contact_id)

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        raise CrmUnavailable("HubSpot is not read yet")

    # --- the operator

    async def standing(self) -> Standing:
        return Standing(self.name, self._options.url)

    async def aclose(self) -> None:
        """The engine is its owner's."""
