"""Reads the demo's partner files; their fields are told in `config/demo/README.md`."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crm.money import Money
from crm.records import Contact, MilestoneKind, Partner, PartnerType, RegistrationState

QUARTERS = 6


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartnerTable(_Table):
    key: str
    name: str
    types: tuple[PartnerType, ...]
    tier: str
    region: str
    country: str
    language: str
    time_zone: str
    currency: str = "EUR"
    domains: tuple[str, ...]
    manager: str
    plan: str
    quarterly_target: int | None = None
    csat: Decimal | None = None
    certified_people: int = 0
    address: str = ""
    vat_id: str = ""
    purchase_order: str = ""


class ContactTable(_Table):
    key: str
    name: str
    email: str
    phone: str = ""
    slack: str = ""
    main: bool = False
    finance: bool = False
    active: bool = True
    opted_out: bool = False


class SlackTable(_Table):
    team: str = Field(pattern=r"^T[A-Z0-9]{8}$")
    channel: str = Field(pattern=r"^C[A-Z0-9]{8}$")
    name: str


class DealsTable(_Table):
    revenue: tuple[int, ...] = Field(default=(0,) * QUARTERS, min_length=QUARTERS, max_length=QUARTERS)
    per_quarter: int = 0
    open: int = 0
    lost: int = 0
    last_month: int = 0
    products: tuple[tuple[str, ...], ...]
    influenced: tuple[str, ...] = ()
    instalments: int = 1
    term_months: int = 12
    refund: bool = False


class RegistrationTable(_Table):
    customer: str
    domain: str
    contact: str
    products: tuple[str, ...]
    seats: int
    state: RegistrationState
    days_ago: int
    closes_in: int
    notes: str = ""
    reason: str = ""


class SoldTable(_Table):
    """A won deal beside those drawn; `customer` is one of the file's, `paid_day` a day of last month."""

    customer: str
    products: tuple[str, ...]
    quantity: int
    paid_day: int = Field(ge=1, le=24)
    currency: str = ""
    renewed: bool = False
    influenced_by: str = ""


class HappenedTable(_Table):
    """A milestone apart from deals, on a day of last month, or of one before it."""

    kind: MilestoneKind
    subject: str
    day: int = Field(ge=1, le=28)
    months_ago: int = Field(default=1, ge=1, le=12)
    value: Decimal | None = None


class PastTierTable(_Table):
    """A tier that the partner had from the first day of that quarter on."""

    quarters_ago: int = Field(ge=0, lt=QUARTERS)
    tier: str


class LatestTable(_Table):
    """How far the latest statement is; `disputed` are the partner's words about its last line, "" for no dispute."""

    state: Literal["paid", "approved", "invoice_received", "issued"] = "paid"
    disputed: str = ""


class PartnerFile(_Table):
    partner: PartnerTable
    contacts: tuple[ContactTable, ...]
    slack: SlackTable | None = None
    deals: DealsTable
    customers: dict[str, str]
    registrations: tuple[RegistrationTable, ...] = ()
    sold: tuple[SoldTable, ...] = ()
    happened: tuple[HappenedTable, ...] = ()
    tiers: tuple[PastTierTable, ...] = ()
    latest_statement: LatestTable = LatestTable()

    @property
    def partner_id(self) -> str:
        return f"demo-{self.partner.key}"

    def contact_id(self, contact: ContactTable) -> str:
        return f"{self.partner_id}-{contact.key}"

    @property
    def main_contact_id(self) -> str:
        return next(self.contact_id(contact) for contact in self.contacts if contact.main)


def read_partner_files(folder: Traversable | None = None) -> tuple[PartnerFile, ...]:
    """All files of `folder` (as installed: those of the project) by name. Raises pydantic's ValidationError."""
    folder = folder or files("config") / "demo"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(PartnerFile.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in found)


def partner_of(file: PartnerFile, program_currency: str) -> Partner:
    said = file.partner
    target = said.quarterly_target
    return Partner(
        id=file.partner_id,
        name=said.name,
        types=said.types,
        tier=said.tier,
        region=said.region,
        country=said.country,
        language=said.language,
        time_zone=said.time_zone,
        currency=said.currency,
        domains=said.domains,
        manager_email=said.manager,
        plan=said.plan,
        quarterly_target=None if target is None else Money(Decimal(target), program_currency),
        csat=said.csat,
        certified_people=said.certified_people,
        finance_contact_id=next((file.contact_id(contact) for contact in file.contacts if contact.finance), None),
        address=said.address,
        vat_id=said.vat_id,
        purchase_order=said.purchase_order,
    )


def contacts_of(file: PartnerFile) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            id=file.contact_id(contact),
            partner_id=file.partner_id,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            language=file.partner.language,
            slack_user_id=contact.slack,
            active=contact.active,
            opted_out=contact.opted_out,
            main=contact.main,
        )
        for contact in file.contacts
    )
