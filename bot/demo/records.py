"""What the demo is seeded with."""

from __future__ import annotations

from dataclasses import dataclass

from crm.records import Contact, Deal, Milestone, Partner, Payment, Registration


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """A shared Slack channel with a partner's team; ids are as Slack writes them."""

    team_id: str
    channel_id: str
    name: str
    partner_id: str


@dataclass(frozen=True, slots=True)
class DemoRecords:
    """`own` are the vendor's own deals, the others are partners'."""

    partners: tuple[Partner, ...]
    contacts: tuple[Contact, ...]
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    milestones: tuple[Milestone, ...]
    slack_channels: tuple[DemoChannel, ...]
    own: tuple[Deal, ...] = ()

    def __len__(self) -> int:
        """How many records the CRM gets."""
        kinds = (self.partners, self.contacts, self.deals, self.own, self.payments, self.milestones, self.registrations)
        return sum(len(records) for records in kinds)
