"""What the console asks of the rest of the agent; whoever keeps the data implements it."""

from __future__ import annotations

from typing import Protocol

from bot.channels.console.announcing.ports import Announcing
from bot.channels.console.crm_views import CrmView
from bot.channels.console.statement_views import StatementFile, StatementRow, StatementView
from bot.channels.console.views import (
    ConversationThread,
    DealView,
    KeptMail,
    PartnerRow,
    PartnerView,
    QueueView,
    RegistrationView,
    Seats,
    ShuntedMessage,
    Waiting,
)
from bot.vocabulary.results import Done, NotDone
from crm.records import RegistrationState
from knowledge.commission.statement import StatementState


class ConsoleBackend(Protocol):
    """Reads are cheap and bounded (a few hundred rows). What does not exist is None, a normal no is `NotDone`."""

    @property
    def announcing(self) -> Announcing: ...

    async def seats(self) -> Seats: ...

    async def write_mail(self, seat_id: str, subject: str, text: str, in_reply_to: str | None) -> Done | NotDone:
        """Demo profile only: a real mail to the SMTP edge. `reference` is its Message-ID, as in `ThreadMessage`."""
        ...

    async def write_slack(self, seat_id: str, text: str, thread_ts: str | None) -> Done | NotDone:
        """Demo profile only: a signed Slack event in the mapped channel. `reference` is its ts."""
        ...

    async def conversation(self, seat_id: str) -> tuple[ConversationThread, ...]:
        """The seat's threads, the one with the newest message first; a message is there as soon as it is committed."""
        ...

    async def registrations(self, state: RegistrationState | None = None) -> tuple[RegistrationView, ...]:
        """All, or those in a state: what waits first (most urgent first), then the newest decision first."""
        ...

    async def registration(self, number: str) -> RegistrationView | None: ...

    async def approve(self, number: str, by: str) -> Done | NotDone:
        """`by` is a manager seat's id; no for one already decided, or above what this manager may approve."""
        ...

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone:
        """`reason` is told to the partner in these words."""
        ...

    async def waiting(self, manager_id: str) -> Waiting: ...

    async def close_task(self, task_id: str, by: str) -> Done | NotDone: ...

    async def partners(self) -> tuple[PartnerRow, ...]:
        """By name."""
        ...

    async def partner(self, partner_id: str) -> PartnerView | None: ...

    async def deal(self, partner_id: str, number: str) -> DealView | None: ...

    async def statements(self, state: StatementState | None = None) -> tuple[StatementRow, ...]:
        """All, or those in a state, the latest first."""
        ...

    async def statement(self, statement_id: str) -> StatementView | None: ...

    async def statement_file(self, statement_id: str, revision: int, kind: str) -> StatementFile | None:
        """`kind` is pdf, csv or json."""
        ...

    async def crm_standing(self) -> CrmView:
        """Asks nothing of a CRM that is away."""
        ...

    async def retry_entry(self, name: str) -> Done | NotDone:
        """Have an entry that the CRM refused written once more, by its id or by the number of what it is about."""
        ...

    async def retry_entries(self) -> Done | NotDone:
        """The same for all of them."""
        ...

    async def queue(self) -> QueueView: ...

    async def shunted(self, message_id: str) -> ShuntedMessage | None: ...

    async def shunted_source(self, message_id: str) -> bytes | None:
        """The whole message as it came."""
        ...

    async def replay(self, message_id: str) -> Done | NotDone: ...

    async def kept_mail(self, mail_id: str) -> KeptMail | None: ...
