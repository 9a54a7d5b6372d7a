"""The shape of `program.toml`: every table with its keys, each checked by itself."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from crm.records import MilestoneKind, PartnerType
from knowledge.commission.element import Element
from knowledge.values import Checked, Count, Number, Percent, Sum


def _day_of_year(value: object) -> tuple[int, int]:
    """A day of any year, written as "12-24"."""
    try:
        day = date.fromisoformat(f"2000-{value}")
    except ValueError as error:
        raise ValueError('write a day of every year as month and day, such as "12-24"') from error
    return day.month, day.day


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", to_lower=True)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
DayOfYear = Annotated[tuple[int, int], BeforeValidator(_day_of_year)]
Days = Annotated[Count, Field(le=3660)]


class VersionTable(Checked):
    version: Annotated[str, StringConstraints(max_length=40)] = ""
    valid_from: date | None = None


class VendorTable(Checked):
    name: Name
    legal_name: Name
    currency: Currency
    currencies: Annotated[tuple[Currency, ...], Field(min_length=1)]
    time_zone: Name
    holidays: Name
    agent_address: Address
    deals_address: Address
    invoices_address: Address
    announce_address: Address
    finance_address: Address
    quiet_from: time
    quiet_until: time
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    vat_id: Annotated[str, StringConstraints(max_length=40)] = ""
    tax_note: dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=500)]] = Field(default={})


class CalendarTable(Checked):
    fiscal_year_starts: Annotated[Count, Field(ge=1, le=12)] = 1
    closed_on: tuple[date, ...] = ()
    closed_each_year: tuple[DayOfYear, ...] = ()


class PartnerTypeTable(Checked):
    type: PartnerType
    labels: dict[Language, Name]
    default_plan: Annotated[str, StringConstraints(max_length=200)] = ""
    address: str = ""
    vat_id: str = ""


class ManagerTable(Checked):
    name: Name
    email: Address
    slack_user_id: str = ""
    regions: tuple[Name, ...] = ()
    approves: bool = True
    approves_up_to: Sum | None = None
    announces: bool = False
    approves_payouts: bool | None = None


class ProductTable(Checked):
    name: Name
    aliases: tuple[Name, ...] = ()
    billing: Literal["subscription", "one_off"]
    list_price: Sum


class TierTable(Checked):
    name: Name
    revenue: Sum | None = None
    csat: Annotated[Number, Field(ge=1, le=5)] | None = None
    certified_people: Count = 0
    added_points: Percent
    benefits: dict[str, tuple[Name, ...]]


class TierRulesTable(Checked):
    review: Literal["quarterly"]
    quarters_counted: Annotated[Count, Field(ge=1, le=40)]
    tiers_lost_at_most: Annotated[Count, Field(ge=1)]
    notice_quarters: Annotated[Count, Field(le=40)]


class AutomaticTable(Checked):
    up_to: Sum | None = None
    types: tuple[PartnerType, ...] = ()
    tiers: tuple[Name, ...] = ()
    regions: tuple[Name, ...] = ()
    products: tuple[Name, ...] = ()


class ChainTable(Checked):
    above: Sum
    approvers: Annotated[tuple[Address, ...], Field(min_length=1, max_length=10)]


class LeadRulesTable(Checked):
    offer_business_days: Annotated[Days, Field(ge=1)] = 2
    order: tuple[Literal["region", "tier", "round_robin"], ...] = ("region", "tier", "round_robin")
    tiers: tuple[Name, ...] = ()


class DealRulesTable(Checked):
    required: Annotated[tuple[Name, ...], Field(min_length=1)]
    welcome: tuple[Name, ...] = ()
    decision_business_days: Annotated[Days, Field(ge=1)]
    protection_days: Annotated[Days, Field(ge=1)]
    extension_days: Days
    extension_needs_move_within_days: Days
    draft_kept_days: Annotated[Days, Field(ge=1)]
    hold_business_days: Days = 2
    held_at_most: Annotated[Count, Field(le=1000)] = 20
    draft_reminder_days: Annotated[Days, Field(ge=1)] = 5
    reminder_days: tuple[Annotated[Days, Field(ge=1)], ...] = (14, 3)
    extensions: Annotated[Count, Field(le=100)] = 1
    warn_percent: Annotated[Count, Field(ge=1, le=99)] = 75
    refusals_per_day: Annotated[Count, Field(le=1000)] = 5
    territories: bool = False
    minimum: Sum | None = None
    existing_customers_refused: bool = False
    blocker_told: bool = False
    automatic: tuple[AutomaticTable, ...] = ()
    chains: tuple[ChainTable, ...] = ()


class PlanTable(Checked):
    id: Name
    name: Name
    version: Name
    types: Annotated[tuple[PartnerType, ...], Field(min_length=1)]
    elements: Annotated[tuple[Element, ...], Field(min_length=1, max_length=20)]
    products: tuple[Name, ...] = ()
    default: bool = True
    valid_from: date | None = None


class CommissionTable(Checked):
    influenced_percent: Percent
    clawback_days: Days
    tier_on: Literal["won", "registered", "paid"] = "won"
    registration_required: bool = False
    unnamed_refunds: Literal["latest", "earliest"] = "latest"
    csat_task_days: Annotated[Days, Field(ge=1)] = 180
    older_deals: Literal["first_version", "person"] = "first_version"


class RewardTable(Checked):
    id: Name
    on: Literal[MilestoneKind.MEETING, MilestoneKind.CERTIFICATION, MilestoneKind.EVENT]
    reward: Sum
    opportunities: Count = 0


class StatementsTable(Checked):
    day_of_month: Annotated[Count, Field(ge=1, le=28)]
    payment_days_after_approval: Days
    dispute_days: Days
    minimum_payout: Sum
    dispute_answer_business_days: Annotated[Count, Field(ge=1, le=366)] = 5
    earned_from: date | None = None


class CourseTable(Checked):
    name: Name
    hours: Annotated[Count, Field(ge=1)]
    needs: str = ""


class TrainingTable(Checked):
    pass_mark_percent: Percent
    valid_months: Annotated[Count, Field(ge=1, le=600)]
    recertify_opens_days_before: Days
    courses: Annotated[tuple[CourseTable, ...], Field(min_length=1)]
