"""The partner program as frozen values; `knowledge.loading` reads it from the files of a program folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Literal

from crm.money import Money
from crm.records import PartnerType


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who runs the program. `holidays` is the ISO country whose public holidays are no business days."""

    name: str
    legal_name: str
    currency: str
    currencies: tuple[str, ...]
    time_zone: str
    holidays: str
    agent_address: str
    deals_address: str
    invoices_address: str
    announce_address: str
    finance_address: str
    quiet_from: time
    quiet_until: time


@dataclass(frozen=True, slots=True)
class Manager:
    """A person of the vendor. `approves_up_to` is in the program's currency; None means without limit."""

    name: str
    email: str
    slack_user_id: str = ""
    regions: tuple[str, ...] = ()
    approves: bool = True
    approves_up_to: Money | None = None
    announces: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """`list_price` is per seat and month for a subscription, for each piece otherwise."""

    name: str
    aliases: tuple[str, ...]
    billing: Literal["subscription", "one_off"]
    list_price: Money


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier with what it takes and brings. `added_points` are percentage points added to every commission rate.

    `benefits` are language -> lines in that language ("en" always there).
    """

    name: str
    revenue: Money | None
    csat: Decimal | None
    certified_people: int
    added_points: Decimal
    benefits: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DealRules:
    """`required` are names of `Registration` fields, in the order in which they are asked for."""

    required: tuple[str, ...]
    decision_business_days: int
    protection_days: int
    extension_days: int
    extension_needs_move_within_days: int
    draft_kept_days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A commission plan: `rule` names a file in `knowledge/commission/rules/`, `parameters` are that rule's own."""

    id: str
    name: str
    version: str
    types: tuple[PartnerType, ...]
    rule: str
    parameters: Mapping[str, object]
    default: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A passage of a program page that an answer may quote; `anchor` and `page` make its citation."""

    page: str
    title: str
    anchor: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Program:
    vendor: Vendor
    managers: tuple[Manager, ...]
    products: tuple[Product, ...]
    tiers: tuple[Tier, ...]
    deal_rules: DealRules
    plans: tuple[Plan, ...]
    sections: tuple[Section, ...] = field(default=(), repr=False)

    def tier(self, name: str) -> Tier:
        """The tier of that name, in any case; KeyError names the known ones."""
        for tier in self.tiers:
            if tier.name.casefold() == name.casefold():
                return tier
        raise KeyError(f"no tier {name!r}; the program has {', '.join(t.name for t in self.tiers)}")
