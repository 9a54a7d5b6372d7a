"""The values the console shows; `ports.ConsoleBackend` returns them.

Every id and number is put into a URL as one path segment, so it must not contain a slash. Every `datetime` is aware.
Texts may hold anything a sender wrote: the console escapes them, the backend hands them over as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from crm.money import Money
from crm.records import Channel, Contact, Deal, Direction, Interaction, Partner, Registration


@dataclass(frozen=True, slots=True)
class PartnerSeat:
    """A partner's contact one can write as. `slack_channel` is the mapped channel's name without #, "" for none."""

    id: str
    name: str
    email: str
    partner_id: str
    partner_name: str
    tier: str
    language: str
    types: tuple[str, ...] = ()
    slack_channel: str = ""


@dataclass(frozen=True, slots=True)
class ManagerSeat:
    """A manager of the vendor. `approves_up_to` None means without limit; `approves` False means not at all."""

    id: str
    name: str
    email: str
    regions: tuple[str, ...] = ()
    approves: bool = True
    approves_up_to: Money | None = None
    announces: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    partners: tuple[PartnerSeat, ...]
    managers: tuple[ManagerSeat, ...]


class MessageState(StrEnum):
    """What became of a message: the first five are said of one that came in, the last three of an answer."""

    RECEIVED = "received"
    HANDLED = "handled"
    PARKED = "parked"
    SHUNTED = "shunted"
    HELD = "held"
    PENDING = "pending"
    SENT = "sent"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class WishRead:
    """One request read from a message: the intent's name and its fields in words, in order."""

    intent: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """One message of a conversation.

    `reference` is a Message-ID or a Slack ts and unique in the seat; IN is what the partner wrote. `note` says in
    words what a state needs explained ("Slack has not answered since 14:02"). `answer_expected` is True while an
    incoming message may still get an answer; the console then keeps looking for it. `files` are the names of what is
    attached to one of ours.
    """

    reference: str
    direction: Direction
    at: datetime
    author: str
    text: str
    state: MessageState
    subject: str = ""
    read: tuple[WishRead, ...] = ()
    note: str = ""
    answer_expected: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationThread:
    """Messages oldest first. `reply_reference` is what a reply names: `in_reply_to` for mail, `thread_ts` for Slack."""

    id: str
    channel: Channel
    subject: str
    messages: tuple[ThreadMessage, ...]
    reply_reference: str


class Urgency(StrEnum):
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration with who sent it; `urgency` is None once it is decided or while it is a draft."""

    record: Registration
    partner_name: str
    registered_by: str
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A request handed over to a person; `summary` is for the manager."""

    id: str
    partner_id: str
    partner_name: str
    contact_name: str
    intent: str
    summary: str
    at: datetime
    deal_number: str = ""


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message whose sender is not proven: nothing was done, a manager looks at it. `id` is its task's."""

    id: str
    sender: str
    partner_name: str
    subject: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShuntedMessage:
    """A message that failed by itself. `text` is its source, cut; only `shunted()` fills it in."""

    id: str
    channel: Channel
    sender: str
    subject: str
    error: str
    at: datetime
    tries: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What needs a manager; `registrations` the most urgent first."""

    registrations: tuple[RegistrationView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    held: tuple[HeldMessage, ...] = ()
    shunted: tuple[ShuntedMessage, ...] = ()

    @property
    def count(self) -> int:
        return len(self.registrations) + len(self.tasks) + len(self.held) + len(self.shunted)


@dataclass(frozen=True, slots=True)
class PartnerRow:
    record: Partner
    contacts: int
    open_deals: int
    waiting_registrations: int
    last_interaction: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What stands in the way of a mail to somebody. `returned` holds a server's words, None where mail arrives; `until`
    is the end of an absence that may name none.
    """

    returned: str | None = None
    away: bool = False
    until: date | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """One partner with all that stands on its CRM timeline, newest first; `contact_names` is contact id -> name,
    `reach` holds the contacts that a mail may not find, `slack_channels` a line for each of its shared channels.
    """

    record: Partner
    contacts: tuple[Contact, ...]
    deals: tuple[Deal, ...]
    registrations: tuple[Registration, ...]
    timeline: tuple[Interaction, ...]
    slack_channels: tuple[str, ...] = ()
    manager_name: str = ""
    contact_names: Mapping[str, str] = field(default_factory=dict)
    reach: Mapping[str, Reach] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal, or a registration that is not a deal yet, and its interactions, newest first."""

    partner_id: str
    partner_name: str
    number: str
    deal: Deal | None
    registration: Registration | None
    timeline: tuple[Interaction, ...]
    contact_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobCount:
    """Jobs of the queue: `kind` the task's name, `state` the engine's word for where they are."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class OutboxCount:
    destination: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class ParkedWork:
    """Work that waits for a dependency which is down; it goes on by itself."""

    dependency: str
    count: int
    reason: str
    since: datetime
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail kept because no relay is set up. `kept_mail()` alone fills in its two bodies; `html` loads nothing.
    `files` are the names of what is attached.
    """

    id: str
    to: str
    subject: str
    at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueView:
    jobs: tuple[JobCount, ...] = ()
    outbox: tuple[OutboxCount, ...] = ()
    parked: tuple[ParkedWork, ...] = ()
    shunted: tuple[ShuntedMessage, ...] = ()
    kept: tuple[KeptMail, ...] = ()
