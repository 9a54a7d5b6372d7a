"""The *statement documents* job: a statement is set, kept under its hash, and sent, each once however often it runs."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.payouts import statement_mail
from bot.storage import documents as stored
from bot.storage import ledger, lines, mirror, outbox, slack_channels, statement_documents, statements, tasks, threads
from bot.storage.answers import NOTICE, put_answer
from bot.storage.database import Database, StorageUnavailable
from bot.storage.finance_contact import finance_contact
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.statement_documents import PARTNERS
from bot.storage.statements import StatementFile
from bot.vocabulary.documents import Document, fitting
from bot.vocabulary.message import ReplyAddress, ThreadKind
from crm.records import Channel, Contact, Partner, language_of
from knowledge.commission.statement import Statement
from knowledge.program import Program
from knowledge.programs import Programs

log = logging.getLogger(__name__)

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class _Going:
    """A statement on its way out: `told` is who at the partner gets it, None where nobody can."""

    statement: Statement
    partner: Partner
    program: Program
    told: Contact | None
    language: str

    @property
    def key(self) -> str:
        """Of this revision; what was written under it is not written again."""
        return revision_key(self.statement)


def revision_key(statement: Statement) -> str:
    """What was written under it is not written again."""
    return f"statement:{statement.id}:{statement.revision}"


def sent_to_vendor(statement: Statement) -> str:
    """The key of the vendor's copy: it is written last, so that where it is the revision went out."""
    return f"{revision_key(statement)}:vendor"


@dataclass(frozen=True, slots=True)
class StatementDocuments:
    """A revision that was overtaken or is void before it went out is not sent at all."""

    database: Database
    queue: Queue
    programs: Programs
    telling: Telling

    async def __call__(self, statement_id: str, revision: int, attempt: int = 0) -> None:
        """`attempt` counts the starts of this job from 0. Raises for another attempt; what fails to the last becomes a
        manager's task.
        """
        try:
            await self._out(statement_id, revision)
        except StorageUnavailable:
            raise
        except Exception as fault:
            if attempt + 1 < _ATTEMPTS:
                raise
            log.exception("statement %s, revision %s, was not sent", statement_id, revision)
            await self._leave_to_a_person(statement_id, revision, type(fault).__name__)

    async def _out(self, statement_id: str, revision: int) -> None:
        """Setting the pages takes no lock; what came meanwhile is seen before anything is kept or sent."""
        async with self.database.reading() as connection:
            going = await self._going(connection, statement_id, revision)
            if going is None:
                return
            sheet = await statement_documents.sheet_of(
                connection, going.program, going.statement, going.partner, going.language
            )
        files = await asyncio.to_thread(statement_documents.documents, going.statement, sheet)
        async with self.database.begin() as connection:
            await mirror.version(connection, going.partner.id, lock=True)
            now = await self._going(connection, statement_id, revision)
            if now is None:
                return
            kept = await statement_documents.keep(connection, now.statement, files)
            await self._send(connection, now, kept)
        await self.queue.deliver(*Destination)

    async def _going(self, connection: AsyncConnection, statement_id: str, revision: int) -> _Going | None:
        statement = await statements.find(connection, statement_id)
        if statement is None or statement.revision != revision or not statement.state.live:
            return None
        partner = await mirror.one(connection, Partner, statement.partner_id)
        if partner is None:
            return None
        issued: datetime = statement.issued_at or self.telling.now()
        told = await finance_contact(connection, partner)
        return _Going(statement, partner, self.programs.at(issued), told, language_of(told, partner))

    async def _send(self, connection: AsyncConnection, going: _Going, files: tuple[StatementFile, ...]) -> None:
        if await outbox.is_written(connection, sent_to_vendor(going.statement)):
            return
        documents = {file.kind: stored.of_statement(file) for file in files}
        if going.told is None:
            await self._nobody(connection, going)
        else:
            await self._mail(connection, going, going.told, [documents[kind] for kind in PARTNERS if kind in documents])
            await self._post(connection, going, going.told)
        await self._copy(connection, going, [documents[kind] for kind in ("pdf", "csv", "json") if kind in documents])
        said = {
            "statement": going.statement.number,
            "revision": going.statement.revision,
            "files": {document.name: document.sha256 for document in documents.values()},
            "to": [*([going.told.email] if going.told else []), going.program.vendor.finance_address],
        }
        await ledger.append(connection, "statement_sent", "clock", said, partner_id=going.partner.id)

    async def _mail(self, connection: AsyncConnection, going: _Going, told: Contact, documents: list[Document]) -> None:
        """In the statement's own thread, where answers to it belong, and to this contact whoever else wrote there."""
        statement = going.statement
        words = statement_mail.words_of(going.program, going.partner, going.language)
        subject = statement_mail.subject(statement, words)
        thread_id = await statements.thread_of(connection, statement.id)
        follows = ""
        if thread_id is None:
            thread_id = await threads.open_thread(
                connection, Channel.EMAIL, subject, partner_id=going.partner.id, kind=ThreadKind.STATEMENT.value,
                subject_ref=statement.number,
            )  # fmt: skip
            await statements.in_thread(connection, statement.id, thread_id)
        else:
            follows = await self._first_of(connection, thread_id)
            await threads.remember(connection, thread_id, kind=ThreadKind.STATEMENT.value, subject_ref=statement.number)
        outcomes = statement_mail.to_partner(statement, going.program, going.partner, words)
        await self.telling.mail(
            connection, f"{going.key}:partner", going.partner, told, thread_id, outcomes, subject, "statement_sent",
            fitting(documents), follows,
        )  # fmt: skip

    async def _first_of(self, connection: AsyncConnection, thread_id: str) -> str:
        """The Message-ID of the mail of ours that opened the thread."""
        row_id = await outbox.first_of_thread(connection, thread_id)
        return f"<{row_id}@{self.telling.mail_domain}>" if row_id else ""

    async def _post(self, connection: AsyncConnection, going: _Going, told: Contact) -> None:
        """That it went out, in the partner's channel: no sum, whoever reads there."""
        channel = await slack_channels.of_partner(connection, going.partner.id)
        if channel is None or channel.paused:
            return
        words = statement_mail.words_of(going.program, going.partner, going.partner.language)
        to_finance = told.id == going.partner.finance_contact_id
        thread_id = await threads.open_thread(
            connection, Channel.SLACK, statement_mail.subject(going.statement, words), partner_id=going.partner.id,
            kind=ThreadKind.STATEMENT.value, subject_ref=going.statement.number,
        )  # fmt: skip
        await self.telling.post(
            connection, f"{going.key}:slack", going.partner, channel, thread_id,
            statement_mail.in_channel(going.statement, words, to_finance=to_finance), "statement_announced",
            others_may_read=True,
        )  # fmt: skip

    async def _copy(self, connection: AsyncConnection, going: _Going, documents: list[Document]) -> Outgoing:
        """To the vendor's finance, in a mail that belongs to no thread of the partner's."""
        sent = fitting(documents)
        on_it = [stated.line for stated in await lines.of_statement(connection, going.statement.id)]
        reply = statement_mail.copy(going.statement, going.program, going.partner, going.told, on_it, sent, documents)
        to = ReplyAddress(
            to=going.program.vendor.finance_address,
            subject=statement_mail.copy_subject(going.statement, going.partner),
        )
        return await put_answer(
            connection, sent_to_vendor(going.statement), NOTICE, to, reply, mail_domain=self.telling.mail_domain,
            thread_id=None, partner_id=going.partner.id, documents=sent,
        )  # fmt: skip

    async def _nobody(self, connection: AsyncConnection, going: _Going) -> None:
        partner, number = going.partner, going.statement.number
        await tasks.open_task(
            connection, f"{going.key}:untold", "notice",
            f"nobody at {partner.name} could be sent the statement {number}: name a contact with a mail in the CRM",
            manager_email=partner.manager_email, partner_id=partner.id,
        )  # fmt: skip

    async def _leave_to_a_person(self, statement_id: str, revision: int, fault: str) -> None:
        async with self.database.begin() as connection:
            going = await self._going(connection, statement_id, revision)
            if going is None:
                return
            number, name = going.statement.number, going.partner.name
            said = f"the statement {number} of {name} could not be sent ({fault}; the log says more). "
            said += f'Once that is mended: partnerline statements send {number} --partner "{name}"'
            await tasks.open_task(
                connection, f"{going.key}:unsent", "notice", said,
                manager_email=going.partner.manager_email, partner_id=going.partner.id,
            )  # fmt: skip
