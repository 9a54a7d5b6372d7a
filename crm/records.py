"""The nouns of a partner program as frozen records; ids are the CRM's own, numbers are what people say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from crm.money import Money


class PartnerType(StrEnum):
    REFERRAL = "referral"
    RESELLER = "reseller"
    SERVICES = "services"
    DISTRIBUTOR = "distributor"


class Stage(StrEnum):
    """Stages a partner may report or see; adapters map the CRM's own onto them."""

    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    ON_HOLD = "on_hold"
    WON = "won"
    LOST = "lost"

    @property
    def open(self) -> bool:
        return self not in (Stage.WON, Stage.LOST)


class AmountBasis(StrEnum):
    TOTAL = "total"
    ANNUAL = "annual"
    MONTHLY = "monthly"
    PER_SEAT_MONTH = "per_seat_month"


class Attribution(StrEnum):
    SOURCED = "sourced"
    INFLUENCED = "influenced"


class RegistrationState(StrEnum):
    """draft -> submitted -> approved | declined | needs_info (a manager asked back; the answer submits it again);
    beside: withdrawn by the partner, expired (a draft nobody completed, a protection that ended).
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def waiting(self) -> bool:
        return self in (RegistrationState.DRAFT, RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)


class ReasonCode(StrEnum):
    """Why a registration was not accepted. For the vendor only: a partner reads the same words for the first two."""

    CUSTOMER_IN_PROGRESS = "customer_in_progress"
    ALREADY_PROTECTED = "already_protected"
    POLICY = "policy"
    DECLINED_BY_PERSON = "declined_by_person"


class ContactRight(StrEnum):
    """What a contact may do in the name of its partner."""

    SEE_DEALS = "see_deals"
    REGISTER = "register"
    SEE_COMMISSION = "see_commission"
    MANAGE_CONTACTS = "manage_contacts"


EVERYDAY_RIGHTS = (ContactRight.SEE_DEALS, ContactRight.REGISTER, ContactRight.SEE_COMMISSION)
"""What a contact has unless the CRM says otherwise; the main contact manages the others besides."""


class LeadSource(StrEnum):
    PARTNER = "partner"
    VENDOR = "vendor"


class LeadState(StrEnum):
    """A partner's: new -> working -> converted | rejected.

    The vendor's: offered -> accepted -> converted | rejected, or unplaced where nobody took it.
    """

    NEW = "new"
    WORKING = "working"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONVERTED = "converted"
    REJECTED = "rejected"
    UNPLACED = "unplaced"

    @property
    def open(self) -> bool:
        return self not in (LeadState.CONVERTED, LeadState.REJECTED, LeadState.UNPLACED)


class PaymentKind(StrEnum):
    """What a sum was paid for: the subscription's first term, a later term of it, or something sold once."""

    RECURRING = "recurring"
    RENEWAL = "renewal"
    ONE_OFF = "one_off"


class MilestoneKind(StrEnum):
    """What can happen beside payments that a commission may hang on; in brackets what `subject` and `value` say.

    stage (the stage's name), go_live, csat (value: the project's unrounded average of 1 to 5), usage (the metric;
    value: how much of it), meeting (the qualified meeting), certification (the person), event (the event; value: how
    many opportunities it created).
    """

    STAGE = "stage"
    GO_LIVE = "go_live"
    CSAT = "csat"
    USAGE = "usage"
    MEETING = "meeting"
    CERTIFICATION = "certification"
    EVENT = "event"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Channel(StrEnum):
    EMAIL = "email"
    SLACK = "slack"
    CONSOLE = "console"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner company.

    `domains` are its registrable mail domains; `quarterly_target` is in the program's currency;
    `csat` is the average of 1 to 5; `certified_people` counts valid certificates by person. `address` (lines), `vat_id`
    and `purchase_order` stand on its statements.
    """

    id: str
    name: str
    types: tuple[PartnerType, ...]
    tier: str
    region: str = ""
    country: str = ""
    language: str = "en"
    time_zone: str = "Europe/Brussels"
    currency: str = "EUR"
    domains: tuple[str, ...] = ()
    manager_email: str = ""
    plan: str = ""
    quarterly_target: Money | None = None
    csat: Decimal | None = None
    certified_people: int = 0
    finance_contact_id: str | None = None
    address: str = ""
    vat_id: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a partner; `email` is lower case; `opted_out` concerns announcements only.

    `active` is False for someone who left: no message of that address is then the partner's.
    """

    id: str
    partner_id: str
    name: str
    email: str
    phone: str = ""
    language: str = ""
    slack_user_id: str = ""
    active: bool = True
    opted_out: bool = False
    main: bool = False
    rights: tuple[ContactRight, ...] = EVERYDAY_RIGHTS

    def may(self, right: ContactRight) -> bool:
        """The main contact may everything."""
        return self.main or right in self.rights


def language_of(contact: Contact | None, partner: Partner | None) -> str:
    """The language somebody of the partner is written to in: the person's own, else the partner's, "" for unknown."""
    return (contact.language if contact else "") or (partner.language if partner else "")


@dataclass(frozen=True, slots=True)
class DealPartner:
    """Another partner that had a part in a deal beside the one whose deal it is; `share` is its part of a split."""

    partner_id: str
    attribution: Attribution
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity as the CRM holds it. `internal_notes`, `margin` and `others` never reach a partner.

    `partner_id` is "" for the vendor's own. `stage_since` is the day on which it came to its stage, None where the CRM
    does not say. `lost_reason` is in the partner's or vendor's own words. `plan` names a commission plan that was
    chosen for this deal ("" for the partner's own), `margin` is the vendor's net margin on it. `replaces_mrr` is the
    monthly revenue that the customer paid before, where this deal is an upsell.
    """

    id: str
    number: str
    partner_id: str
    customer: str
    customer_domain: str
    products: tuple[str, ...]
    amount: Money | None
    amount_basis: AmountBasis | None
    stage: Stage
    close_date: date | None
    created_on: date
    quantity: int | None = None
    term_months: int | None = None
    won_on: date | None = None
    next_step: str = ""
    attribution: Attribution = Attribution.SOURCED
    internal_notes: str = ""
    stage_since: date | None = None
    lost_reason: str = ""
    plan: str = ""
    margin: Money | None = None
    replaces_mrr: Money | None = None
    others: tuple[DealPartner, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """What part of a payment is for one product ("" for work without a product, such as a statement of work).

    `amount` is in the payment's currency; the parts of a payment sum up to it.
    """

    product: str
    amount: Decimal
    kind: PaymentKind = PaymentKind.RECURRING


@dataclass(frozen=True, slots=True)
class Payment:
    """Cash collected from a customer on a deal, net of tax, discounts and refunds (refunds are negative).

    `partner_id` is that of the deal, "" on the vendor's own.
    `kind` holds where no `parts` say more. `period_start` and `period_end` (both inclusive) are the service period paid
    for; None where it is not known. `refunds` is the id of the payment that is paid back, "" where none is named;
    `invoice` the number of the vendor's invoice to the customer.
    """

    id: str
    deal_id: str
    partner_id: str
    amount: Money
    received_on: date
    kind: PaymentKind = PaymentKind.RECURRING
    parts: tuple[PaymentPart, ...] = ()
    period_start: date | None = None
    period_end: date | None = None
    refunds: str = ""
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened on a deal (`deal_id`), or to a partner apart from deals (""). See `MilestoneKind`.

    `partner_id` is "" on a deal of the vendor's own.
    """

    id: str
    partner_id: str
    kind: MilestoneKind
    on: date
    deal_id: str = ""
    subject: str = ""
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A deal registration; its `number` becomes the deal's number when it is accepted.

    `decide_by` is the last day on which the program promises an answer; `protected_until` the last protected day.
    `priority_at` is the time that counts among rivals: of the first proven message that named customer and contact, if
    it was completed in time, else that of completion. `code` says why it was refused and is never shown to a partner;
    `reason` is what the partner was told. `question` is what a manager asked back, at `asked_at`; `evidence` the
    customer's own choice of partner as it was handed in, `customer_country` ISO 3166 where it was said, `lead_number`
    the shared lead that it came from. `extensions` counts how often the protection was extended.
    """

    number: str
    partner_id: str
    contact_id: str | None
    state: RegistrationState
    customer: str = ""
    customer_domain: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    amount: Decimal | None = None
    currency: str = ""
    amount_basis: AmountBasis | None = None
    close_date: date | None = None
    products: tuple[str, ...] = ()
    quantity: int | None = None
    term_months: int | None = None
    notes: str = ""
    opened_at: datetime | None = None
    submitted_at: datetime | None = None
    decide_by: date | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    protected_until: date | None = None
    reason: str = ""
    priority_at: datetime | None = None
    code: ReasonCode | None = None
    question: str = ""
    asked_at: datetime | None = None
    evidence: str = ""
    competitor: str = ""
    customer_country: str = ""
    attribution: Attribution = Attribution.SOURCED
    lead_number: str = ""
    extensions: int = 0


@dataclass(frozen=True, slots=True)
class Lead:
    """A prospect that a partner referred, or that the vendor shares with one.

    `partner_id` is who referred it, or who it is offered to or held by ("" for nobody). `deal_number` is the deal it
    became. `reason` is why it was rejected, told to the partner in these words.
    """

    number: str
    source: LeadSource
    state: LeadState
    partner_id: str = ""
    contact_id: str | None = None
    customer: str = ""
    customer_domain: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    products: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    quantity: int | None = None
    region: str = ""
    country: str = ""
    notes: str = ""
    attribution: Attribution = Attribution.SOURCED
    deal_number: str = ""
    reason: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """A file that went with a message; its bytes are kept under `sha256` (hexadecimal). `size` is in bytes."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """One message in or out, as it stands on the timelines of a partner and the deals it is about.

    `key` makes logging repeatable: the same key is written once. `outcome` says in a word what came of it.
    `link` opens the thread where it stands ("" for nowhere): Slack's permalink, or `mid:` and the mail's Message-ID.
    `subject` is the mail's, `sender` and `recipients` mail addresses where it was a mail.
    """

    key: str
    partner_id: str | None
    contact_id: str | None
    deal_numbers: tuple[str, ...]
    channel: Channel
    direction: Direction
    at: datetime
    summary: str
    message_id: str
    outcome: str
    body: str = field(default="", repr=False)
    subject: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    link: str = ""
    files: tuple[LoggedFile, ...] = ()
