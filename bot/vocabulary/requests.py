"""What a sender can want, and the fields that each wish carries; labels are those of the evaluation guide."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from crm.records import AmountBasis, Stage


class Intent(StrEnum):
    REGISTER_DEAL = "register_deal"
    REFER_LEAD = "refer_lead"
    UPDATE_DEAL = "update_deal"
    ASK_DEAL_STATUS = "ask_deal_status"
    ASK_TIER = "ask_tier"
    ASK_COMMISSION = "ask_commission"
    ASK_PAYOUT = "ask_payout"
    SUBMIT_INVOICE = "submit_invoice"
    DISPUTE_COMMISSION = "dispute_commission"
    ANSWER_ANNOUNCEMENT = "answer_announcement"
    ASK_CONTENT = "ask_content"
    ASK_TRAINING = "ask_training"
    ASK_PROGRAM = "ask_program"
    REQUEST_HUMAN = "request_human"
    UNSUBSCRIBE = "unsubscribe"
    PROVIDE_FIELD = "provide_field"
    THANKS = "thanks"
    AUTO_REPLY = "auto_reply"
    OTHER = "other"


class Finer(StrEnum):
    """Wishes finer than the labels; each counts as the label that its request carries as `intent`.

    repeat: the same deal again for another customer; choice: the customer chose this partner and says so in writing;
    earnings: what all deals bring, not at which rate; why_commission: how a figure comes about; what_if: what a changed
    deal would bring; dispute_status and withdraw_dispute are about one that was opened before. tier_history: since when
    the partner has its tier, and which it had before; why_tier: what its figures are made of. In answer to an
    announcement, later: an answer is to come; day: one that suits; wrong_person: somebody else is to be asked;
    about_announcement: a question about it. prefer_route, prefer_language, digest and rejoin say how the sender wants
    to be written to.
    """

    EXTEND = "extend"
    WITHDRAW = "withdraw"
    REPEAT = "repeat"
    CHOICE = "choice"
    ACCEPT_LEAD = "accept_lead"
    DECLINE_LEAD = "decline_lead"
    PERSON_LEFT = "person_left"
    PERSON_JOINED = "person_joined"
    CONFIRM = "confirm"
    DENY = "deny"
    EARNINGS = "earnings"
    WHY_COMMISSION = "why_commission"
    WHAT_IF = "what_if"
    SEND_STATEMENT = "send_statement"
    SEND_PLAN = "send_plan"
    DISPUTE_STATUS = "dispute_status"
    WITHDRAW_DISPUTE = "withdraw_dispute"
    TIER_HISTORY = "tier_history"
    WHY_TIER = "why_tier"
    LATER = "later"
    DAY = "day"
    WRONG_PERSON = "wrong_person"
    ABOUT_ANNOUNCEMENT = "about_announcement"
    PREFER_ROUTE = "prefer_route"
    PREFER_LANGUAGE = "prefer_language"
    DIGEST = "digest"
    REJOIN = "rejoin"


ACTING = frozenset(
    {
        Intent.REGISTER_DEAL,
        Intent.REFER_LEAD,
        Intent.UPDATE_DEAL,
        Intent.SUBMIT_INVOICE,
        Intent.DISPUTE_COMMISSION,
        Intent.ANSWER_ANNOUNCEMENT,
        Intent.UNSUBSCRIBE,
    }
)
"""What changes something for the sender once it is acted on: only what is sure may be done without a question."""


@dataclass(frozen=True, slots=True)
class NoFields:
    """A wish that needs no details."""


@dataclass(frozen=True, slots=True)
class DealFields:
    """What a registration or a referred lead says; also what `provide_field` brings. `products` are catalogue names."""

    customer: str | None = None
    customer_domain: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    amount_basis: AmountBasis | None = None
    close_date: date | None = None
    products: tuple[str, ...] | None = None
    quantity: int | None = None
    term_months: int | None = None


@dataclass(frozen=True, slots=True)
class UpdateFields:
    customer: str | None = None
    deal_ref: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    amount_basis: AmountBasis | None = None
    close_date: date | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class StatusFields:
    customer: str | None = None
    deal_ref: str | None = None


@dataclass(frozen=True, slots=True)
class CommissionFields:
    customer: str | None = None
    products: tuple[str, ...] | None = None
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PayoutFields:
    """`period` is an ISO month 2026-10, a quarter 2026-Q3 or a year 2026."""

    period: str | None = None
    statement_ref: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceFields:
    statement_ref: str | None = None
    invoice_number: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeFields:
    customer: str | None = None
    statement_ref: str | None = None


@dataclass(frozen=True, slots=True)
class WhatIfFields(CommissionFields):
    """What would be different: `less_percent` off the value, another `tier` as it is said, `months` of term."""

    seats: int | None = None
    less_percent: Decimal | None = None
    tier: str | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class DisputeDetails(DisputeFields):
    """Which lines are meant: by deal number, amount or place on the statement, or `whole` for every one of them."""

    deal_refs: tuple[str, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    lines: tuple[int, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class AnswerFields:
    answer: Literal["yes", "no", "maybe"] | None = None


@dataclass(frozen=True, slots=True)
class DaySaid:
    """A day as somebody names it, of several that were offered: what was said of it is set, the rest None.

    `weekday` is ISO (Monday 1), `place` its place among the days (-1 the last). `either_way` where day and month may
    have been written the other way round. `denied` where it is said not to suit.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    place: int | None = None
    either_way: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True)
class DayFields(AnswerFields):
    """Days that suit or do not, beside a yes, no or maybe; `any_of_them` where all suit."""

    days: tuple[DaySaid, ...] = ()
    any_of_them: bool = False


@dataclass(frozen=True, slots=True)
class PreferenceFields:
    """How the sender wants to be written to: `route` is mail, slack or both, `language` an ISO 639-1 code, `digest`
    whether he wants the monthly overview.
    """

    route: str | None = None
    language: str | None = None
    digest: bool | None = None


@dataclass(frozen=True, slots=True)
class TopicFields:
    """`topic` is in the sender's own words."""

    topic: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFields:
    """A colleague of the sender's who came or left."""

    name: str | None = None
    email: str | None = None


Fields = (
    NoFields
    | PersonFields
    | PreferenceFields
    | DealFields
    | UpdateFields
    | StatusFields
    | CommissionFields
    | PayoutFields
    | InvoiceFields
    | DisputeFields
    | AnswerFields
    | TopicFields
)

FIELDS_OF: dict[Intent, type[Fields]] = {
    Intent.REGISTER_DEAL: DealFields,
    Intent.REFER_LEAD: DealFields,
    Intent.UPDATE_DEAL: UpdateFields,
    Intent.ASK_DEAL_STATUS: StatusFields,
    Intent.ASK_TIER: NoFields,
    Intent.ASK_COMMISSION: CommissionFields,
    Intent.ASK_PAYOUT: PayoutFields,
    Intent.SUBMIT_INVOICE: InvoiceFields,
    Intent.DISPUTE_COMMISSION: DisputeFields,
    Intent.ANSWER_ANNOUNCEMENT: AnswerFields,
    Intent.ASK_CONTENT: TopicFields,
    Intent.ASK_TRAINING: TopicFields,
    Intent.ASK_PROGRAM: TopicFields,
    Intent.REQUEST_HUMAN: NoFields,
    Intent.UNSUBSCRIBE: NoFields,
    Intent.PROVIDE_FIELD: DealFields,
    Intent.THANKS: NoFields,
    Intent.AUTO_REPLY: NoFields,
    Intent.OTHER: NoFields,
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Where a request stands in an attached table: the file's name, and the row's number as spreadsheets show it.

    `unread` names the fields whose cells hold something that could not be read, `formulas` those whose cells hold a
    formula without its result.
    """

    file: str
    number: int
    unread: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One wish read from a message.

    `span` is (start, end) in the text it stands on; `confidence` is 0 to 1; `ask` is True where the reader would
    rather ask than act. `row` is set for a deal that stands in an attached table. `finer` says more exactly what is
    wanted, where there is more to say; `said` are the words that say it, or the reason for which a deal was lost.
    `source` names the deal that a repeat copies ("" for the one talked about).
    """

    intent: Intent
    fields: Fields
    span: tuple[int, int] = (0, 0)
    confidence: float = 1.0
    ask: bool = False
    row: SheetRow | None = None
    finer: Finer | None = None
    said: str = ""
    source: str = ""


MYSELF = "myself"
"""The `source` of a wish in which somebody says of himself that he has left."""


class SheetNote(StrEnum):
    """What there is to say of an attached table beside its rows; each has a text of its own."""

    BROKEN = "broken"
    TOO_LARGE = "too_large"
    NO_HEADINGS = "no_headings"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_ASKED_FOR = "not_asked_for"


@dataclass(frozen=True, slots=True)
class DealSheet:
    """An attached table: a request to register for each of its rows, and what else there is to say of it."""

    file: str
    requests: tuple[Request, ...] = ()
    note: SheetNote | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """What an absence notice says: the day it names as its end or as that of return, and whom to write to meanwhile.
    `for_good` where it says that the person works there no longer.
    """

    until: date | None = None
    instead: str = ""
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one message; `language` is an ISO 639-1 code, "" where the message is too short to tell.
    `sheets` are the tables that came with it; the requests of those to be registered stand among `requests`. `absence`
    is what a machine says of a person.
    """

    language: str
    requests: tuple[Request, ...]
    answer_expected: bool
    reader: str = "builtin"
    sheets: tuple[DealSheet, ...] = ()
    absence: Absence | None = None


_UNLABELLED = frozenset(
    field.name
    for finer, label in (
        (PersonFields, NoFields),
        (PreferenceFields, NoFields),
        (WhatIfFields, CommissionFields),
        (DisputeDetails, DisputeFields),
        (DayFields, AnswerFields),
    )
    for field in fields(finer)
    if field.name not in {known.name for known in fields(label)}
)


def labelled(request: Request) -> dict[str, Any]:
    """The request as the evaluation guide writes it: plain strings, absent fields left out, `products` as `product`."""
    said = {f.name: getattr(request.fields, f.name) for f in fields(request.fields)}
    known = {k: v for k, v in said.items() if v not in (None, ()) and k not in _UNLABELLED}
    plain = {("product" if k == "products" else k): _plain(v) for k, v in known.items()}
    row: dict[str, Any] = {"intent": request.intent.value, "fields": plain}
    return row | ({"ask": True} if request.ask else {})


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
