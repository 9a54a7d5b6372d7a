"""The partner program as frozen values; `knowledge.loading` reads it from the files of a program folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from crm.money import Money
from crm.records import MilestoneKind, PartnerType
from knowledge.brand import Brand

if TYPE_CHECKING:
    from knowledge.commission.element import Element
from knowledge.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who runs the program. `holidays` is the ISO country whose public holidays are no business days; `address` (lines)
    and `vat_id` stand on statements, as partners put them on their invoices, and so does `tax_note`: language -> a
    sentence of the vendor's own ("en" where there is any).
    """

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
    address: str = ""
    vat_id: str = ""
    tax_note: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class Manager:
    """A person of the vendor. `approves_up_to` is in the program's currency; None means without limit. `approves` is
    about registrations, and about payouts as well where `approves_payouts` says nothing else.
    """

    name: str
    email: str
    slack_user_id: str = ""
    regions: tuple[str, ...] = ()
    approves: bool = True
    approves_up_to: Money | None = None
    announces: bool = False
    approves_payouts: bool | None = None

    @property
    def decides_payouts(self) -> bool:
        """Whether statements and disputes are this manager's to decide."""
        return self.approves if self.approves_payouts is None else self.approves_payouts


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
class AutomaticRule:
    """Registrations that are accepted at once, where nothing speaks against them; an empty tuple means any.

    `up_to` is in the program's currency, and a registration in another one never falls under it.
    """

    up_to: Money | None = None
    types: tuple[PartnerType, ...] = ()
    tiers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalChain:
    """Managers (addresses) who all have to accept, one after the other, where the value is above `above`."""

    above: Money
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadRules:
    """To whom leads of the vendor are offered. `order` names what decides, the most important first: "region", "tier",
    "round_robin"; `tiers` are those that take part (empty: all).
    """

    offer_business_days: int = 2
    order: tuple[str, ...] = ("region", "tier", "round_robin")
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DealRules:
    """`required` are names of `Registration` fields, in the order of asking; `welcome` ones are not asked for.

    `hold_business_days` is how long a draft keeps the time of the message that opened it, and `held_at_most` how many
    drafts of a partner do so at once; `reminder_days` are days before the end of a protection; `warn_percent` of the
    time for a decision after which the manager is reminded; `refusals_per_day` how many refusals for somebody else's
    claim a partner gets without a person. Off by default: `territories` (customers of the partner's own country only),
    `minimum`, `existing_customers_refused`, `blocker_told`.
    """

    required: tuple[str, ...]
    decision_business_days: int
    protection_days: int
    extension_days: int
    extension_needs_move_within_days: int
    draft_kept_days: int
    welcome: tuple[str, ...] = ()
    hold_business_days: int = 2
    held_at_most: int = 20
    draft_reminder_days: int = 5
    reminder_days: tuple[int, ...] = (14, 3)
    extensions: int = 1
    warn_percent: int = 75
    refusals_per_day: int = 5
    territories: bool = False
    minimum: Money | None = None
    existing_customers_refused: bool = False
    blocker_told: bool = False
    automatic: tuple[AutomaticRule, ...] = ()
    chains: tuple[ApprovalChain, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A commission plan: what it pays for, each thing by rules of `knowledge/commission/rules/`.

    A `default` plan applies to partners of its types by itself, another only where it is chosen for a partner or a
    deal. `products` are those of which a deal needs one to be paid by it; none: any deal may be.
    """

    id: str
    name: str
    version: str
    types: tuple[PartnerType, ...]
    elements: tuple[Element, ...] = field(repr=False)
    products: tuple[str, ...] = ()
    default: bool = True
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class TypeOfPartner:
    """A partner type that the program has: `labels` are language -> its name ("en" always there), `default_plan` the
    id of the plan that applies by itself, "" where the plans say it.
    """

    kind: PartnerType
    labels: Mapping[str, str]
    default_plan: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A passage of a program page that an answer may quote; `anchor` and `page` make its citation.

    `anchor` is file#heading and the same in every language, `page` the page's title, `keywords` other words for it.
    """

    page: str
    title: str
    anchor: str
    text: str
    language: str = "en"
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TierRules:
    """Reviews fall on the first day of a quarter and look at `quarters_counted` whole quarters before it."""

    quarters_counted: int = 4
    tiers_lost_at_most: int = 1
    notice_quarters: int = 1


@dataclass(frozen=True, slots=True)
class CommissionRules:
    """What holds beside the plans. `influenced_rate` is a share of 1, on deals that a partner influenced; a refund
    takes commission back for `clawback_days` after its payment.

    `tier_on` is the day whose tier counts: "won", "registered" or "paid" (the first payment). A refund that names no
    payment is taken from the "latest" or "earliest". A deal older than its plan goes by the plan's "first_version", or
    waits for a "person". After `csat_task_days` without the satisfaction that something
    waits for, a person gets a task.
    """

    influenced_rate: Decimal
    clawback_days: int
    tier_on: Literal["won", "registered", "paid"] = "won"
    registration_required: bool = False
    unnamed_refunds: Literal["latest", "earliest"] = "latest"
    csat_task_days: int = 180
    older_deals: Literal["first_version", "person"] = "first_version"


@dataclass(frozen=True, slots=True)
class Reward:
    """A one-off reward for a milestone of the partner, once for each subject; `opportunities` is how many an event must
    create, 0 where that does not matter.
    """

    id: str
    on: MilestoneKind
    reward: Money
    opportunities: int = 0


@dataclass(frozen=True, slots=True)
class StatementRules:
    """`dispute_answer_business_days` is how soon a dispute is answered, as the partner is told when it opens one. What
    was earned before `earned_from` was settled elsewhere and is on no statement; None: everything counts.
    """

    day_of_month: int
    payment_days_after_approval: int
    dispute_days: int
    minimum_payout: Money
    dispute_answer_business_days: int = 5
    earned_from: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """`needs` is the name of the course that comes before, or empty."""

    name: str
    hours: int
    needs: str = ""


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """`pass_mark` is a share of 1."""

    pass_mark: Decimal
    valid_months: int
    recertify_opens_days_before: int
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """`partner_types` are those that the program names, () where its plans say it all; `texts` are the vendor's own
    answer texts, language -> key -> text.
    """

    vendor: Vendor
    managers: tuple[Manager, ...]
    products: tuple[Product, ...]
    tiers: tuple[Tier, ...]
    deal_rules: DealRules
    plans: tuple[Plan, ...]
    sections: tuple[Section, ...] = field(default=(), repr=False)
    tier_rules: TierRules = TierRules()
    commission: CommissionRules | None = None
    rewards: tuple[Reward, ...] = ()
    statements: StatementRules | None = None
    training: TrainingRules | None = None
    brand: Brand = field(default_factory=Brand)
    lead_rules: LeadRules = LeadRules()
    version: str = ""
    valid_from: date | None = None
    partner_types: tuple[TypeOfPartner, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def applies_by_itself(self, plan: Plan, kind: PartnerType) -> bool:
        """Whether partners of that type are paid by this plan where no other one is chosen for them."""
        named = next((row.default_plan for row in self.partner_types if row.kind is kind), "")
        return kind in plan.types and (plan.id == named if named else plan.default)

    def manager(self, address: str) -> Manager | None:
        """The manager of that address, in any case."""
        wanted = address.strip().casefold()
        return next((m for m in self.managers if m.email.casefold() == wanted), None)

    def tier(self, name: str) -> Tier:
        """The tier of that name, in any case; KeyError names the known ones."""
        for tier in self.tiers:
            if tier.name.casefold() == name.casefold():
                return tier
        raise KeyError(f"no tier {name!r}; the program has {', '.join(t.name for t in self.tiers)}")
