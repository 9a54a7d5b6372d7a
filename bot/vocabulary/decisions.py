"""What is decided about one request: commands in the imperative, and outcomes in words for the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from bot.vocabulary.announcing import Route, Said
from bot.vocabulary.money import InvoiceRead
from bot.vocabulary.reply import Style
from bot.vocabulary.requests import Intent, Request
from crm.money import Money
from crm.records import AmountBasis, Contact, Deal, Lead, LeadState, Registration, RegistrationState, Stage


@dataclass(frozen=True, slots=True)
class SaveRegistration:
    """Store a registration (new, merged or submitted) and write it to the CRM."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class AwaitFields:
    """Remember in the thread that these fields of this registration were asked for; none: nothing is awaited now.

    A yes-or-no question is a `Question` among the fields, and `proposal` what a yes would do (see `ThreadContext`).
    """

    registration_number: str
    fields: tuple[str, ...]
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDeal:
    """Write the fields in which `wanted` differs from `seen`; what changed in the CRM meanwhile is not overwritten."""

    seen: Deal
    wanted: Deal


@dataclass(frozen=True, slots=True)
class SaveLead:
    """Store a lead (referred, accepted, declined) and write it to the CRM."""

    lead: Lead


@dataclass(frozen=True, slots=True)
class DeclineLead:
    """The partner does not take a lead that is offered to it: it passes on to the next."""

    lead_number: str


@dataclass(frozen=True, slots=True)
class SaveContact:
    """Open, change or close a contact of the sender's own partner."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class TakeInvoice:
    """Store what was read from the partner's invoice, the file `sha256` of this message.

    `statement_id` is the one it is for ("" where none was found); where it `matches`, that waits for approval.
    """

    sha256: str
    statement_id: str
    invoice: InvoiceRead
    matches: bool


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """Hold these lines of a statement; the rest of it goes on. `words` are the partner's own."""

    statement_id: str
    lines: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class WithdrawDispute:
    """The partner agrees after all: the line goes on as it was."""

    dispute_id: str


class DocumentKind(StrEnum):
    """statement: `subject` is the statement's id; plan: a partner type, or "" for all of the partner's."""

    STATEMENT = "statement"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class SendDocument:
    """Attach a document to the answer, where it goes by mail to the asker alone; see `DocumentKind`."""

    kind: DocumentKind
    subject: str
    language: str


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Count what somebody answers to an announcement: yes, no, maybe ("" for none of them) or a `day`, and what he
    `said` beside it. `contact_id` "" is the sender, whom no contact stands for.
    """

    announcement_id: str
    contact_id: str
    answer: Literal["yes", "no", "maybe", ""] = ""
    day: date | None = None
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more announcements for this contact; replies and statements go on."""

    contact_id: str


@dataclass(frozen=True, slots=True)
class OptIn:
    """Announcements again for this contact, who said so himself."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Prefer:
    """Keep how a contact wants to be written to: where, and whether with the monthly overview; None says nothing."""

    contact: Contact
    route: Route | None = None
    digest: bool | None = None


@dataclass(frozen=True, slots=True)
class NoteAbsence:
    """Remember that a contact is away, until when if that was said, and whom it named meanwhile."""

    contact_id: str
    until: date | None
    instead: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Put the request before the partner's manager. `summary` is for the manager and in English. `to` is the address
    of another manager who is to have it, "" for the partner's.
    """

    intent: Intent
    summary: str
    deal_number: str = ""
    to: str = ""


RecordChange = SaveRegistration | ChangeDeal | SaveLead | DeclineLead | SaveContact
"""What changes a record that the CRM holds, too."""

MoneyCommand = TakeInvoice | OpenDispute | WithdrawDispute | SendDocument
"""What concerns statements and what is paid."""

AnnouncementCommand = RecordAnswer | OptOut | OptIn | Prefer
"""What concerns announcements, and how somebody is written to."""

Command = RecordChange | MoneyCommand | AnnouncementCommand | AwaitFields | NoteAbsence | HandOver

Value = (
    str
    | int
    | Decimal
    | Money
    | date
    | datetime
    | Stage
    | AmountBasis
    | RegistrationState
    | LeadState
    | tuple["Value", ...]
    | Mapping[str, "Value"]
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the sender may press instead of typing it, where the channel has buttons.

    `label` stands on it and `words` are what it says: texts of `bot/texts` (`text`) with their values. `requests` are
    what the words mean, () where they are read like any others. `answers` where it answers the open question. `alone`
    is a shorter label for where it stands by itself. Offers of one `prompt`, a text that says what is chosen, stand
    together.
    """

    label: Mapping[str, Value]
    words: Mapping[str, Value]
    requests: tuple[Request, ...] = ()
    style: Style = Style.PLAIN
    answers: bool = False
    alone: Mapping[str, Value] | None = None
    prompt: str = "choice.pick"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing to tell the sender: a text of `bot/texts` by its key, with typed values that *say* formats.

    `figures` is True when it shows money, dates or states of the partner's own data: withheld where outsiders read.
    `offers` are said with it, or not at all: of them the sender may take one.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    figures: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one request. `log` is the outcome in a word for the CRM, `deal_numbers` what it is about.

    `privately` is what the asker alone is told, where others read what `outcomes` say.
    """

    commands: tuple[Command, ...]
    outcomes: tuple[Outcome, ...]
    log: str
    deal_numbers: tuple[str, ...] = ()
    privately: tuple[Outcome, ...] = ()
