"""The console's backend: each call is one short read, or goes to the desk whose matter it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

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
from bot.desk.deciding import RegistrationDesk
from bot.desk.entries import EntryDesk
from bot.operations import conversations, crm, partners, queue, seats, statements, waiting
from bot.operations.announcing import ConsoleAnnouncing
from bot.operations.names import read_names
from bot.storage import ledger, mirror, registrations, tasks
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.tables import outbox
from bot.vocabulary.documents import from_payload
from bot.vocabulary.results import Done, NotDone
from bot.worker.housekeeping import replay
from crm.ports import CrmPort
from crm.records import Contact, RegistrationState
from knowledge.commission.statement import StatementState
from knowledge.program import Program

_MOST_REVISIONS = 2**31 - 1
"""What PostgreSQL takes for a whole number; addresses hold any."""


class Writer(Protocol):
    """Writes as a partner's contact through the real edges; exists in the demo profile only."""

    async def mail(self, contact: Contact, subject: str, text: str, in_reply_to: str | None) -> str:
        """The Message-ID once the edge has taken it. Raises `OSError` when it does not."""
        ...

    async def slack(self, contact: Contact, text: str, thread_ts: str | None) -> str | None:
        """The ts, or None where the partner has no channel. Raises `OSError` when the edge does not take it."""
        ...


@dataclass(frozen=True, slots=True)
class Operations:
    """Implements `bot.channels.console.ports.ConsoleBackend`.

    Ids come out of addresses that anybody can type, words out of forms: what PostgreSQL takes of neither is replaced.
    """

    database: Database
    queue_: Queue
    crm: CrmPort
    program: Program
    desk: RegistrationDesk
    announcing: ConsoleAnnouncing
    entries: EntryDesk
    today: Callable[[], date]
    mail_domain: str
    compose: Callable[[str, str, dict[str, Any]], tuple[tuple[tuple[str, str], ...], str, str]]
    writer: Writer | None = None
    plays_slack: bool = True

    async def seats(self) -> Seats:
        async with self.database.begin() as connection:
            return await seats.seats(connection, self.program, plays_slack=self.plays_slack)

    async def write_mail(self, seat_id: str, subject: str, text: str, in_reply_to: str | None) -> Done | NotDone:
        contact = await self._contact(seat_id)
        if self.writer is None or contact is None:
            return NotDone("nobody writes as this person here", "this exists in the demo profile, for its contacts")
        try:
            return Done("The mail was taken.", await self.writer.mail(contact, subject, text, in_reply_to))
        except OSError as fault:
            return NotDone(f"The mail was not taken: {fault}", "Try again in a moment; the log says more.")

    async def write_slack(self, seat_id: str, text: str, thread_ts: str | None) -> Done | NotDone:
        contact = await self._contact(seat_id)
        if self.writer is None or contact is None:
            return NotDone("nobody writes as this person here", "this exists in the demo profile, for its contacts")
        try:
            ts = await self.writer.slack(contact, text, thread_ts)
        except OSError as fault:
            return NotDone(f"The message was not taken: {fault}", "Try again in a moment; the log says more.")
        return (
            Done("The message was taken.", ts)
            if ts
            else NotDone("This partner has no shared channel", "Write by mail.")
        )

    async def conversation(self, seat_id: str) -> tuple[ConversationThread, ...]:
        contact = await self._contact(seat_id)
        if contact is None:
            return ()
        async with self.database.begin() as connection:
            return await conversations.conversation(connection, contact, self.program.vendor.name, self.mail_domain)

    async def registrations(self, state: RegistrationState | None = None) -> tuple[RegistrationView, ...]:
        states = [state] if state else list(RegistrationState)
        async with self.database.begin() as connection:
            names = await read_names(connection)
            found = await registrations.in_states(connection, states)
        shown = [waiting.registration_view(r, names, self.today()) for r in found]
        first = [v for v in shown if v.record.state is RegistrationState.SUBMITTED]
        rest = [v for v in shown if v.record.state is not RegistrationState.SUBMITTED]
        return (*first, *sorted(rest, key=_newest, reverse=True))

    async def registration(self, number: str) -> RegistrationView | None:
        async with self.database.begin() as connection:
            found = await registrations.find(connection, storable(number))
            names = await read_names(connection)
        return waiting.registration_view(found.registration, names, self.today()) if found else None

    async def approve(self, number: str, by: str) -> Done | NotDone:
        return await self.desk.approve(storable(number), by)

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone:
        return await self.desk.refuse(storable(number), by, storable(reason))

    async def waiting(self, manager_id: str) -> Waiting:
        who = self.program.manager(manager_id)
        if who is None:
            return Waiting()
        async with self.database.begin() as connection:
            return await waiting.waiting(connection, self.program, who, self.today())

    async def close_task(self, task_id: str, by: str) -> Done | NotDone:
        closed = False
        if _is_id(task_id):
            async with self.database.begin() as connection:
                closed = await tasks.close_task(connection, task_id, storable(by))
                if closed:
                    await ledger.append(connection, "task_closed", by, {"task": task_id})
        return Done("Closed.") if closed else NotDone("This was closed already, or never there.")

    async def partners(self) -> tuple[PartnerRow, ...]:
        async with self.database.begin() as connection:
            return await partners.rows(connection)

    async def partner(self, partner_id: str) -> PartnerView | None:
        async with self.database.begin() as connection:
            return await partners.view(connection, self.crm, self.program, storable(partner_id))

    async def deal(self, partner_id: str, number: str) -> DealView | None:
        async with self.database.begin() as connection:
            return await partners.deal(connection, self.crm, storable(partner_id), number)

    async def statements(self, state: StatementState | None = None) -> tuple[StatementRow, ...]:
        async with self.database.reading() as connection:
            return await statements.rows(connection, state)

    async def statement(self, statement_id: str) -> StatementView | None:
        if not _is_id(statement_id):
            return None
        async with self.database.reading() as connection:
            return await statements.view(connection, self.program, statement_id)

    async def statement_file(self, statement_id: str, revision: int, kind: str) -> StatementFile | None:
        if not _is_id(statement_id) or revision > _MOST_REVISIONS:
            return None
        async with self.database.reading() as connection:
            return await statements.document(connection, statement_id, revision, kind)

    async def crm_standing(self) -> CrmView:
        standing = await self.crm.standing()
        async with self.database.reading() as connection:
            return await crm.view(connection, standing)

    async def retry_entry(self, name: str) -> Done | NotDone:
        return await self.entries.retry(storable(name))

    async def retry_entries(self) -> Done | NotDone:
        return await self.entries.retry_all()

    async def queue(self) -> QueueView:
        async with self.database.begin() as connection:
            return await queue.view(connection, self.program.vendor.agent_address)

    async def shunted(self, message_id: str) -> ShuntedMessage | None:
        if not _is_id(message_id):
            return None
        async with self.database.begin() as connection:
            found = await waiting.shunted(connection, message_id)
        return found[0] if found else None

    async def shunted_source(self, message_id: str) -> bytes | None:
        if not _is_id(message_id):
            return None
        async with self.database.reading() as connection:
            return await waiting.source(connection, message_id)

    async def replay(self, message_id: str) -> Done | NotDone:
        if _is_id(message_id) and await replay(self.database, self.queue_, message_id):
            return Done("The message is tried again.", message_id)
        return NotDone("This message is not shunted any more.")

    async def kept_mail(self, mail_id: str) -> KeptMail | None:
        if not _is_id(mail_id):
            return None
        query = select(outbox.c.id, outbox.c.kind, outbox.c.payload, outbox.c.created_at).where(
            outbox.c.id == mail_id, outbox.c.destination == "mail"
        )
        async with self.database.begin() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        headers, text, html = self.compose(row.id, row.kind, row.payload)
        files = tuple(document.name for document in from_payload(row.payload.get("documents")))
        return KeptMail(row.id, row.payload["to"], row.payload["subject"], row.created_at, headers, text, html, files)

    async def _contact(self, seat_id: str) -> Contact | None:
        async with self.database.begin() as connection:
            return await mirror.one(connection, Contact, storable(seat_id))


def _is_id(said: str) -> bool:
    """Whether a row may be called so; asking PostgreSQL for another one is an error there."""
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def _newest(shown: RegistrationView) -> float:
    when = shown.record.decided_at or shown.record.submitted_at or shown.record.opened_at
    return when.timestamp() if when else 0.0
