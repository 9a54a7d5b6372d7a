"""What the steps need from outside, as protocols; the composition root chooses who provides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from bot.vocabulary.decisions import (
    ChangeDeal,
    HandOver,
    NoteAbsence,
    OpenDispute,
    Prefer,
    RecordAnswer,
    SendDocument,
    TakeInvoice,
    WithdrawDispute,
)
from bot.vocabulary.delivery import DeliveryReport
from bot.vocabulary.documents import Document
from bot.vocabulary.facts import AnnouncementFact
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Attachment, Message, ThreadContext
from bot.vocabulary.money import InvoiceRead, MoneyFacts
from bot.vocabulary.reply import InConfidence, Reply
from bot.vocabulary.requests import DealSheet, Reading
from crm.records import Channel, Contact, Deal, Lead, Partner, Payment, Registration


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reader may look at; it sees no record of any partner.

    `text` is the visible text, `subject` the subject of a new mail (empty for a reply), `forwarded` the text of a mail
    that was passed on, `automatic` the sign of a machine ("" for none), `addressed` as in `Message`. `received` is
    aware; `sender` (an address or "") hints at the region for dates like 3/12.
    """

    text: str
    received: datetime
    channel: Channel = Channel.EMAIL
    subject: str = ""
    forwarded: str = ""
    automatic: str = ""
    addressed: bool = True
    attachments: tuple[str, ...] = ()
    sender: str = ""
    thread: ThreadContext = field(default_factory=ThreadContext)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of a message with its content, as much of a stranger's as the rest of the message."""

    attachment: Attachment
    content: bytes = field(repr=False)


class SheetReader(Protocol):
    """Turns an attached table into requests. Pure and synchronous; never raises on any content."""

    def read(self, file: AttachedFile, received: date, language: str) -> DealSheet: ...

    def asked_for(self, text: str) -> bool:
        """Whether a message of these words says that the deals of its table are to be registered."""
        ...

    def means_one(self, text: str) -> bool:
        """Whether a message of these words that brings no table says so of one that came before."""
        ...


class InvoiceReader(Protocol):
    """Reads a partner's invoice from its PDF, in a process that can be stopped; never raises on any content."""

    def read(self, file: AttachedFile) -> InvoiceRead: ...


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What the files of a message turned out to be: each of them, in their order, and with their contents those of
    them that may be kept.
    """

    attachments: tuple[Attachment, ...] = ()
    kept: tuple[AttachedFile, ...] = ()


class Files(Protocol):
    """The files of one message; their contents are asked for only once its sender is proven."""

    async def load(self) -> FoundFiles:
        """Raises `Unreadable` or `InletUnavailable`."""
        ...


class Reader(Protocol):
    """Turns text into requests. Pure and synchronous; never raises on any text."""

    name: str

    def read(self, readable: Readable) -> Reading: ...


@dataclass(frozen=True, slots=True)
class MappedChannel:
    """A Slack channel that belongs to a partner, and the workspace whose members speak for it.

    `paused` says why nothing of the partner is said or done there now, "" where it is. `mentions_only` where nothing
    but what is said to the agent itself is answered.
    """

    partner: Partner
    partner_team_id: str
    own_team_id: str
    paused: str = ""
    mentions_only: bool = False


class Directory(Protocol):
    """Who is who, by address and by Slack channel."""

    async def by_address(self, address: str) -> tuple[Partner, Contact] | None: ...

    async def by_channel(self, channel_id: str) -> MappedChannel | None: ...

    async def by_slack_team(self, team: str) -> MappedChannel | None:
        """For who writes directly: the one partner for whom the members of this workspace speak in a shared channel."""
        ...

    async def by_slack_user(self, partner_id: str, slack_user_id: str) -> Contact | None: ...


@dataclass(frozen=True, slots=True)
class PartnerRecords:
    """One partner's own records as they stood at `version`; nobody else's are in here.

    `as_of` is when the CRM was heard last, where it has been away for long; None where they are up to date.
    """

    partner: Partner
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    fresh_numbers: tuple[str, ...]
    version: int
    contacts: tuple[Contact, ...] = ()
    leads: tuple[Lead, ...] = ()
    fresh_leads: tuple[str, ...] = ()
    as_of: datetime | None = None


class Records(Protocol):
    """Reads for *look up*, each without a transaction that stays open."""

    async def of_partner(self, partner_id: str, *, numbers: int = 0) -> PartnerRecords | None:
        """With that many fresh numbers, or with more."""
        ...

    async def money(self, partner_id: str, today: date) -> MoneyFacts | None:
        """What the partner's commission rests on, and its statements; read after `of_partner`, so that what changes
        in between makes that one's version too old.
        """
        ...

    async def thread(self, thread_id: str | None, partner_id: str | None) -> ThreadContext:
        """What is known of the thread; an empty context where it belongs to another partner."""
        ...

    async def announcement(self, announcement_id: str, language: str) -> AnnouncementFact | None:
        """As somebody of that language (ISO 639-1, "" for unknown) read it."""
        ...

    async def tables(self, thread_id: str, partner_id: str) -> tuple[AttachedFile, ...]:
        """The tables of the partner's newest message in this thread that brought any and was kept."""
        ...


@dataclass(frozen=True, slots=True)
class SaidLive:
    """What the CRM says at this moment, by number: the partner's deal, None where the partner has no such deal there.

    `unsettled` says why nothing is granted on a number, for the partner's manager.
    """

    deals: Mapping[str, Deal | None]
    unsettled: Mapping[str, str]


class Live(Protocol):
    """Asks the CRM itself, without a transaction; never raises what the CRM raises."""

    async def deals(self, partner_id: str, numbers: Sequence[str]) -> SaidLive: ...


class FactsChanged(Exception):
    """What a decision rested on was changed by someone else before it was written."""


class UnitOfWork(Protocol):
    """Everything one message changes, in one transaction: it all happens or nothing does."""

    async def save_registration(self, registration: Registration) -> None: ...

    async def await_fields(self, registration_number: str, fields: tuple[str, ...], proposal: str = "") -> None: ...

    async def change_deal(self, change: ChangeDeal) -> None: ...

    async def save_lead(self, lead: Lead) -> None: ...

    async def decline_lead(self, lead_number: str) -> None: ...

    async def save_contact(self, contact: Contact) -> None: ...

    async def record_answer(self, given: RecordAnswer) -> None: ...

    async def opt_out(self, contact_id: str) -> None: ...

    async def opt_in(self, contact: Contact) -> None: ...

    async def prefer(self, wish: Prefer) -> None: ...

    async def note_absence(self, absence: NoteAbsence) -> None: ...

    async def hand_over(self, request: HandOver) -> None: ...

    async def take_invoice(self, invoice: TakeInvoice) -> None: ...

    async def open_dispute(self, dispute: OpenDispute) -> None: ...

    async def withdraw_dispute(self, withdrawal: WithdrawDispute) -> None: ...

    async def send_document(self, document: SendDocument) -> None:
        """With the answer to this message, where that goes by mail; else in a mail of its own to the asker."""
        ...

    async def keep(self, files: Sequence[AttachedFile]) -> None:
        """Keep the files of this message, each content once."""
        ...

    async def answer(self, reply: Reply, confided: InConfidence | None = None) -> bool:
        """Put the one reply of this message into the outbox; False where none may go and a person answers instead.

        `confided` are the figures in it: they reach the asker alone where others read the reply, now or by the time it
        is posted.
        """
        ...

    async def ask_to_confirm(self, question: Reply, subject: str) -> bool:
        """Ask the owner of the claimed address, there alone, whether this message is his; False where he may not be
        asked just now, of which a manager is told once.
        """
        ...

    async def excuse(self, reply: Reply) -> bool:
        """Say in a channel that is paused that a colleague sees to it; once for each pause, False where it was said."""
        ...

    async def overhear(self, outcome: str) -> None:
        """Mark the message as one between people, or a change of which nothing follows: nothing of it is written down
        but that it came.
        """
        ...

    async def hold(self, reason: str) -> None:
        """Keep the message for a manager instead of acting on it."""
        ...

    async def log(self, reading: Reading, outcome: str, deal_numbers: tuple[str, ...], reply: Reply | None) -> None:
        """Ledger and CRM timeline, in and out; and the mark that the message is done."""
        ...


class Units(Protocol):
    def open(
        self, message: Message, identity: Identity, thread: ThreadContext, version: int
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that raises FactsChanged unless the partner is still at `version` and the message unhandled."""
        ...


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as it was accepted; `envelope` holds what the edge knew beside the bytes."""

    inbox_id: str
    raw: bytes
    envelope: dict[str, str | list[str]]
    received_at: datetime


CAME_BACK = "own mail come back"
"""Why a mail of ours that came round is ignored (see `Incoming.ignore`)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A parsed message and the signs by which its thread is found.

    `dedupe_key` is None where acceptance already saw to it. `ignore` says why the message is nothing for the agent
    (its own mail come back), or is empty. `undecided` says why it cannot be told just now who wrote (DNS did not
    answer), or is empty: as it stands the sender is not proven, and reading the message again later may prove it.
    `report` is what it says of a message of ours that did not arrive, if it says that. `thread_id` is the thread of
    ours that a pressed button belongs to: it is found only where it is the sender's.
    """

    message: Message
    dedupe_key: str | None = None
    reply_keys: tuple[str, ...] = ()
    thread_message_ids: tuple[str, ...] = ()
    slack_key: str = ""
    subject: str = ""
    ignore: str = ""
    undecided: str = ""
    report: DeliveryReport | None = None
    thread_id: str = ""


class Unreadable(Exception):
    """The raw message is beyond reading; the message says why, for the operator.

    `head` is what could be read all the same: who wrote, how that is proven and where an answer would go, and no text.
    """

    def __init__(self, reason: str, head: Incoming | None = None) -> None:
        super().__init__(reason)
        self.head = head


class InletUnavailable(Exception):
    """The channel cannot be asked who wrote just now: the message waits, however long, and is not at fault.

    `only_this` where others may well be read meanwhile.
    """

    def __init__(self, reason: str, retry_after: float = 30.0, *, only_this: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.only_this = only_this


@dataclass(frozen=True, slots=True)
class ButtonMeaning:
    """What a press of a button says: `words` as if typed, `wish` what they mean (`bot.vocabulary.wish`, "" where they
    are read), and the thread of ours that it belongs to.
    """

    words: str
    wish: str = ""
    thread_id: str = ""


class Buttons(Protocol):
    """What the buttons below answers stand for."""

    async def meaning(self, button: str, place: int, now: datetime) -> ButtonMeaning | None:
        """Of the choice in that place; None for what is no button of an answer, or counts no longer."""
        ...


class FileSource(Protocol):
    """Takes the files out of a channel's raw message, or fetches those that it names; raises what `Inlet.read` does.

    `named` are the attachments that the message was read with: a channel may take some of them from elsewhere.
    """

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles: ...


class Inlet(Protocol):
    """Turns a channel's raw messages into neutral ones; may ask the channel who wrote, sees no partner data.

    `read` raises `Unreadable` or `InletUnavailable`.
    """

    async def read(self, raw: RawMessage) -> Incoming: ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to send; `id` is the outbox row's and the same at every attempt.

    `unsure` counts earlier attempts whose end nobody knows (the answer was lost, or the process died in the middle);
    `first_tried_at` is when the first attempt began, None before it.
    """

    id: str
    kind: str
    payload: dict[str, object]
    attempts: int
    unsure: int = 0
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """`kept` where there is nowhere to send it and people read it in the console; `remote_id` is the far side's."""

    remote_id: str = ""
    kept: bool = False


class OutletUnavailable(Exception):
    """Nothing was sent; try again in `retry_after` seconds. `only_this` where others may well be taken meanwhile.

    `counts` False where the far side only named a later time: however often it does, that is no reason to give up.
    """

    def __init__(self, reason: str, retry_after: float = 30.0, *, only_this: bool = False, counts: bool = True) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.only_this = only_this
        self.counts = counts


class OutletRefused(Exception):
    """This one will never be taken; others may."""


class OutletOutcomeUnknown(Exception):
    """It was sent and the answer lost; `may_repeat` where the far side recognises a repeat."""

    def __init__(self, reason: str, *, may_repeat: bool) -> None:
        super().__init__(reason)
        self.may_repeat = may_repeat


class Documents(Protocol):
    """Where the bytes are of what a mail refers to."""

    async def load(self, document: Document) -> bytes | None:
        """None where they are no longer there, or are not those that the mail means."""
        ...


class Outlet(Protocol):
    """Sends to one destination. Many rows share one note of success, save where the outlet keeps a pace or is an
    `AheadOutlet`: there an attempt is noted before it begins, since repeating does harm.

    `pace` is how many seconds lie between two rows of one ordering (a Slack channel), 0 where it does not matter.
    """

    pace: float

    async def send(self, parcel: Parcel) -> Sent: ...


class Prepared(Protocol):
    """A row of which the far side has all but the last step."""

    async def send(self) -> Sent:
        """The last step; raises as `Outlet.send`."""
        ...

    def drop(self) -> None:
        """It is not to be sent after all."""
        ...


@runtime_checkable
class AheadOutlet(Outlet, Protocol):
    """An outlet that prepares rows, at most `ahead` at a time, while another takes its last step."""

    ahead: int

    async def prepare(self, parcel: Parcel) -> Prepared:
        """Sends nothing; raises as `Outlet.send`, save that the outcome is always known."""
        ...

    async def rest(self) -> None:
        """Nothing more is to come for now."""
        ...


@runtime_checkable
class BatchOutlet(Outlet, Protocol):
    """An outlet that takes rows of the kinds `together` in one call, at most `batch` of them."""

    together: frozenset[str]
    batch: int

    def wait(self, ready: int) -> float:
        """For how many seconds `ready` such rows had better wait for more of them; 0 where they may go now."""
        ...

    async def send_many(
        self, parcels: Sequence[Parcel]
    ) -> Sequence[Sent | OutletRefused | OutletUnavailable | OutletOutcomeUnknown]:
        """How each ended, in their order; an `OutletUnavailable` among them concerns only that one.

        Raises OutletUnavailable and OutletOutcomeUnknown where that holds for all of them.
        """
        ...
