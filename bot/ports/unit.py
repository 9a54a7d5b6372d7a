"""What one message changes, as one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.ports.reading import AttachedFile
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
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ThreadContext
from bot.vocabulary.reply import InConfidence, Reply
from bot.vocabulary.requests import Reading
from crm.records import Contact, Lead, Registration


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
