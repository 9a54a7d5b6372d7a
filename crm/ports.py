"""The one door to a CRM: what Partnerline asks of HubSpot, Salesforce or the embedded one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration


@dataclass(frozen=True, slots=True)
class Changes:
    """Records changed since a cursor, and the cursor to ask with next time (opaque to the caller)."""

    partners: tuple[Partner, ...]
    contacts: tuple[Contact, ...]
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    cursor: str
    more: bool = False
    leads: tuple[Lead, ...] = ()
    milestones: tuple[Milestone, ...] = ()


class CrmPort(Protocol):
    """Every method may raise the errors of `crm.errors`; saves are upserts by the record's own key, to be repeated."""

    name: str

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        """What changed since `cursor` (empty: everything), oldest first, at most `limit` records of each kind."""
        ...

    async def partner(self, partner_id: str) -> Partner | None: ...

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        """A deal by its number, only inside the given partner."""
        ...

    async def customer_deals(self, domain: str) -> list[Deal]:
        """All deals with the customer of that registrable domain, whoever brings them: for the vendor's checks only."""
        ...

    async def save_partner(self, partner: Partner) -> None: ...

    async def save_contact(self, contact: Contact) -> None: ...

    async def opt_out(self, contact_id: str) -> None:
        """No more announcements for this contact; nothing else of it is touched. CrmRejected where there is none."""
        ...

    async def save_deal(self, deal: Deal) -> None: ...

    async def update_deal(self, seen: Deal, wanted: Deal) -> None:
        """Write the fields in which `wanted` differs from `seen`, and no others.

        Raises CrmConflict where one of them is meanwhile neither what was seen nor what is wanted: nothing is written
        then. CrmRejected where there is no such deal of that partner.
        """
        ...

    async def save_lead(self, lead: Lead) -> None: ...

    async def save_payment(self, payment: Payment) -> None: ...

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        """Many at once, each as `save_payment` would: all of them or, where one is refused, none. At most 500."""
        ...

    async def save_milestone(self, milestone: Milestone) -> None: ...

    async def save_registration(self, registration: Registration) -> None: ...

    async def log_interaction(self, interaction: Interaction) -> None:
        """Once per `interaction.key`, whatever the number of calls."""
        ...

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        """A partner's interactions, or those of one of its deals, newest first."""
        ...

    async def aclose(self) -> None: ...
