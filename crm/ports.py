"""The one door to a CRM: what Partnerline asks of HubSpot, Salesforce or the embedded one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration

MISSING = "it is not in the CRM"


@dataclass(frozen=True, slots=True)
class Changes:
    """Records changed since a cursor, and the cursor to ask with next time (opaque to the caller).

    `ended` are the ids of partners that the CRM has no more: they come among `partners` once it has them again.
    `erased` are contacts that were erased there under privacy law; they come as inactive ones, too, and what the
    adapter itself kept of them is gone once the page was kept.
    """

    partners: tuple[Partner, ...]
    contacts: tuple[Contact, ...]
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    cursor: str
    more: bool = False
    leads: tuple[Lead, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    ended: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the CRM stands, for the operator: `where` it is, and facts as (what, value) in the order to show them."""

    name: str
    where: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call that a CRM made to us: `url` as the CRM addressed it, header names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class CrmEvents(Protocol):
    """Where a CRM tells by itself that records changed; `changes` hands them out afterwards."""

    path: str

    async def take(self, call: Call, now: datetime) -> int | None:
        """How many events it brought, repeats counted; None where it does not prove that the CRM sent it.

        ValueError where it does and cannot be read. The events are kept when this returns. Raises CrmUnavailable.
        """
        ...


class Contents(Protocol):
    """Where the bytes of kept files are."""

    async def content(self, sha256: str) -> bytes | None:
        """None where they are no longer kept."""
        ...


class CrmPort(Protocol):
    """Every method may raise the errors of `crm.errors`; saves are upserts by the record's own key, to be repeated."""

    name: str
    events: CrmEvents | None

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        """What changed since `cursor` (empty: everything), oldest first, at most `limit` records of each kind."""
        ...

    async def partner(self, partner_id: str) -> Partner | None: ...

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        """A deal by its number, only inside the given partner."""
        ...

    async def contact(self, contact_id: str) -> Contact | None: ...

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        """A registration by its number, only inside the given partner."""
        ...

    async def lead(self, number: str) -> Lead | None: ...

    async def customer_deals(self, domain: str) -> list[Deal]:
        """All deals with the customer of that registrable domain, whoever brings them: for the vendor's checks only."""
        ...

    async def save_partner(self, partner: Partner) -> None: ...

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        """The partner's tier and nothing else of it; harmless where it is `wanted` already.

        Raises CrmConflict where it is neither `seen` nor `wanted`, CrmRejected where there is no such partner.
        """
        ...

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

    async def log_interactions(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """At most 100 at once, each as `log_interaction` would. Those that the CRM refused, by key with its words."""
        ...

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """Asked live: those of them that the CRM does not hold, or holds otherwise, by key with what is wrong.

        The words begin with `MISSING` where it does not hold one.
        """
        ...

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """As `log_interactions`, but what the CRM holds under the same key becomes what is given here."""
        ...

    async def forget_copies(self, contact_id: str) -> int:
        """Erase what the adapter itself keeps of this contact: name, addresses, and what was said with it. How many
        records that were. The CRM's own records are its own matter, unless the CRM is the agent's: then they lose the
        person too, and keep that there was one. Harmless where there is nothing of it.
        """
        ...

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        """A partner's interactions, or those of one of its deals, newest first."""
        ...

    async def standing(self) -> Standing:
        """For the operator; asks nothing of a CRM that is away."""
        ...

    async def aclose(self) -> None: ...
