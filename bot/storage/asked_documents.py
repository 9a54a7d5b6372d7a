"""Documents that a partner asks for, made or found for the answer: its own statements, and pages on its own plans."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.documents.lettering import on_one_line
from bot.documents.plan_page import NoPlanError, plan_page, plan_pdf
from bot.steps.say import Listener, heading, say
from bot.storage import documents as stored
from bot.storage import mirror, statement_documents, statements, threads
from bot.storage.answers import NOTICE, put_answer
from bot.storage.finance_contact import finance_contact
from bot.storage.outbox import Outgoing
from bot.storage.statement_documents import PARTNERS
from bot.texts.own import worded
from bot.vocabulary.decisions import Decision, DocumentKind, Outcome, SendDocument
from bot.vocabulary.documents import Document, fitting
from bot.vocabulary.message import ReplyAddress, ThreadKind
from crm.records import Channel, Partner, PartnerType, language_of
from knowledge.business_days import vendors_day
from knowledge.commission.statement import Statement
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class AskedDocuments:
    """Of one partner, in the transaction of its message, in which its version is locked."""

    connection: AsyncConnection
    program: Program
    partner_id: str
    mail_domain: str
    now: datetime

    async def of(self, command: SendDocument) -> tuple[Document, ...]:
        """What goes with an answer by mail; () where the partner has no such thing."""
        partner = await mirror.one(self.connection, Partner, self.partner_id)
        if partner is None:
            return ()
        if command.kind is DocumentKind.PLAN:
            return await self._plan(partner, command)
        statement = await self._own(command.subject)
        return () if statement is None else await self._statement(partner, statement, command.language)

    async def mail(self, command: SendDocument, key: str) -> Outgoing | None:
        """For an answer that is no mail: a statement goes to the partner's finance contact, in the statement's thread.

        None where there is nothing to send or nobody to send it to. A plan is told where it was asked for.
        """
        partner = await mirror.one(self.connection, Partner, self.partner_id)
        statement = await self._own(command.subject) if command.kind is DocumentKind.STATEMENT else None
        if partner is None or statement is None:
            return None
        told = await finance_contact(self.connection, partner)
        if told is None:
            return None
        files = await self._statement(partner, statement, language_of(told, partner))
        listener = Listener(
            language_of(told, partner), Channel.EMAIL, told.name, self.program.vendor.name, partner.country,
            partner.time_zone, worded(self.program.texts),
        )  # fmt: skip
        outcome = Outcome("statement_mail.asked", {"number": statement.number})
        reply = say((Decision((), (outcome,), "statement_sent"),), listener)
        if reply is None:
            return None
        to = ReplyAddress(
            to=told.email, subject=f"{heading('statement_mail.asked_subject', listener)} {statement.number}"
        )
        return await put_answer(
            self.connection, key, NOTICE, to, reply, mail_domain=self.mail_domain,
            thread_id=await self._thread(statement, to.subject), partner_id=partner.id, documents=fitting(files),
        )  # fmt: skip

    async def _own(self, statement_id: str) -> Statement | None:
        """Of this partner and nobody else, whatever was asked for."""
        statement = await statements.find(self.connection, statement_id)
        return statement if statement is not None and statement.partner_id == self.partner_id else None

    async def _statement(self, partner: Partner, statement: Statement, language: str) -> tuple[Document, ...]:
        files = await statement_documents.latest(self.connection, self.program, statement, partner, language)
        documents = {file.kind: stored.of_statement(file) for file in files}
        return tuple(documents[kind] for kind in PARTNERS if kind in documents)

    async def _plan(self, partner: Partner, command: SendDocument) -> tuple[Document, ...]:
        types = (PartnerType(command.subject),) if command.subject else partner.types
        today = vendors_day(self.now, self.program.vendor)
        asked = (self.program, types, partner.tier, command.language, today, partner.country, partner.plan)
        try:
            title = plan_page(*asked).title
            content = await asyncio.to_thread(plan_pdf, *asked)
        except NoPlanError:
            return ()
        return (await stored.keep_page(self.connection, f"{on_one_line(title)}.pdf", content),)

    async def _thread(self, statement: Statement, subject: str) -> str:
        known = await statements.thread_of(self.connection, statement.id)
        if known is not None:
            return known
        opened = await threads.open_thread(
            self.connection, Channel.EMAIL, subject, partner_id=self.partner_id, kind=ThreadKind.STATEMENT.value,
            subject_ref=statement.number,
        )  # fmt: skip
        await statements.in_thread(self.connection, statement.id, opened)
        return opened
