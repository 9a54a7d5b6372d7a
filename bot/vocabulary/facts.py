"""What *look up* found for one message: only the asker's own records, the program, and the clock as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.vocabulary.announcing import Call
from bot.vocabulary.message import Attachment, ThreadContext
from bot.vocabulary.money import InvoiceRead, MoneyFacts
from crm.records import EVERYDAY_RIGHTS, Channel, Contact, ContactRight, Deal, Lead, Partner, Payment, Registration
from knowledge.program import Manager, Program

_NO_CALL = Call()


@dataclass(frozen=True, slots=True)
class AnnouncementFact:
    """The announcement a thread belongs to, as far as its recipient may know it.

    `text` is its Markdown in the `language` (ISO 639-1, "" for unknown) that this recipient reads, `by` the manager
    who announced it.
    """

    id: str
    subject: str
    question: str
    call: Call = _NO_CALL
    text: str = ""
    language: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may rest on.

    Records are those of `partner` and of nobody else. `version` is the partner's version they were read at: the write
    that follows holds only while it is unchanged. `fresh_numbers` are unused deal numbers, drawn at random, for
    registrations this message opens. `now` is aware and in the vendor's time zone. `language` is the message's own, as
    it was read; empty before it is. `attachments` are the files of the message. `colleagues` are the partner's
    contacts, `received_at` is when the message came (aware), which is the time that counts among rivals. `leads` are
    those that the partner referred, holds or is offered; `fresh_leads` unused lead numbers. `words` is what the sender
    newly wrote and `forwarded` what he passed on, for people who read them later and for nothing else. `money` is there
    where a request is about commission, statements or tiers; `invoices` are (SHA-256, what was read) of attached PDFs.
    `as_of` is when the CRM was heard last, where it has been away for long. `unsettled` says of deals, by number, why
    nothing is granted on them: what the CRM itself said when it was asked.
    """

    partner: Partner
    contact: Contact | None
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    program: Program
    thread: ThreadContext
    channel: Channel
    now: datetime
    fresh_numbers: tuple[str, ...] = ()
    announcement: AnnouncementFact | None = None
    manager: Manager | None = None
    outsiders_read: bool = False
    version: int = 0
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    colleagues: tuple[Contact, ...] = ()
    leads: tuple[Lead, ...] = ()
    fresh_leads: tuple[str, ...] = ()
    received_at: datetime | None = None
    words: str = ""
    forwarded: str = ""
    money: MoneyFacts | None = None
    invoices: tuple[tuple[str, InvoiceRead], ...] = ()
    as_of: datetime | None = None
    unsettled: Mapping[str, str] = field(default_factory=dict)

    @property
    def came_at(self) -> datetime:
        return self.received_at or self.now

    def may(self, right: ContactRight) -> bool:
        """A member of the partner's own workspace whom no contact stands for has the everyday rights."""
        return self.contact.may(right) if self.contact else right in EVERYDAY_RIGHTS
