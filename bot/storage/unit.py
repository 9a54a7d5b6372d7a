"""Everything that one handled message changes, written in one transaction (implements `bot.ports.UnitOfWork`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import AttachedFile, FactsChanged
from bot.storage import (
    absences,
    contact_offers,
    forgotten,
    handled,
    inbox,
    leads,
    ledger,
    mirror,
    outbox,
    registrations,
    threads,
)
from bot.storage import files as stored_files
from bot.storage.asked_documents import AskedDocuments
from bot.storage.caps import Answering
from bot.storage.codec import to_doc
from bot.storage.crm_writes import contact_row, deal_change_row, interaction_row, lead_row, registration_row
from bot.storage.disputing import PartnersSteps
from bot.storage.ended_questions import ClosedQuestions
from bot.storage.following import follow
from bot.storage.inbox import InboxState
from bot.storage.outbox import Outgoing
from bot.storage.queue import Queue
from bot.storage.recipients_wishes import RecipientsWishes
from bot.storage.replying import Replying
from bot.storage.timeline import Author, Talk
from bot.storage.to_managers import ToManagers
from bot.vocabulary.attached import attached_in_short
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
from bot.vocabulary.documents import Document, fitting
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Attachment, Message, ThreadContext, ThreadKind
from bot.vocabulary.reply import InConfidence, Reply
from bot.vocabulary.requests import Reading, labelled
from crm.records import Contact, Lead, LeadSource, Registration
from knowledge.program import Program


class StoredUnit:
    def __init__(
        self,
        connection: AsyncConnection,
        queue: Queue,
        program: Program,
        answering: Answering,
        message: Message,
        identity: Identity,
        thread: ThreadContext,
        reference: str,
    ) -> None:
        self._connection = connection
        self._queue = queue
        self._program = program
        self._answering = answering
        self._message = message
        self._partner_id = identity.proven_partner_id
        self._identity = identity
        self._thread = thread
        self._to_managers = ToManagers(connection, message, identity, reference)
        self._replying = Replying(connection, answering, message, identity, thread, self._to_managers)
        self._answered: Outgoing | None = None
        self._changed = False
        self._over = ClosedQuestions(connection, message, thread.id, identity.proven_partner_id)
        self._state = InboxState.HANDLED
        self._to_crm: list[Outgoing] = []
        self._notes: list[ledger.Entry] = []
        self._kept: tuple[Attachment, ...] = ()
        self._documents: tuple[Document, ...] = ()

    async def save_registration(self, registration: Registration) -> None:
        await registrations.save(
            self._connection, registration, thread_id=self._thread.id, inbox_id=self._message.inbox_id
        )
        await follow(self._connection, self._queue, self._program, registration, datetime.now(UTC))
        self._crm(registration_row(registration, self._message.inbox_id))
        self._note("registration", {"registration": to_doc(registration)})
        self._over.saved.append(registration)
        self._changed = True

    async def change_deal(self, change: ChangeDeal) -> None:
        await mirror.store(self._connection, [change.wanted])
        row = deal_change_row(change.seen, change.wanted, self._message.inbox_id)
        self._crm(replace(row, inbox_id=self._message.inbox_id))
        self._note("deal", {"was": to_doc(change.seen), "becomes": to_doc(change.wanted)})

    async def save_lead(self, lead: Lead) -> None:
        if lead.source is LeadSource.PARTNER:
            await leads.refer(self._connection, lead, self._thread.id)
        elif not await leads.accept(self._connection, lead):
            raise FactsChanged(lead.number)
        await mirror.store(self._connection, [lead])
        self._crm(lead_row(lead, self._message.inbox_id))
        self._note("lead", {"lead": to_doc(lead)})
        self._over.leads.append(lead.number)

    async def decline_lead(self, lead_number: str) -> None:
        await leads.decline(self._connection, lead_number, self._partner_id or "")
        self._note("lead_declined", {"lead": lead_number})
        self._over.leads.append(lead_number)

    async def save_contact(self, contact: Contact) -> None:
        if contact.active and await contact_offers.is_elsewhere(self._connection, contact):
            said = f"{contact.email} is a contact of another partner, or at a domain of one, so it was not opened here"
            await self._to_managers.task("notice", said)
            return
        if contact.active:
            await forgotten.known_again(self._connection, [contact.id])
        await mirror.store(self._connection, [contact])
        self._crm(contact_row(contact, self._message.inbox_id))
        self._note("contact", {"contact": to_doc(contact)})

    async def await_fields(self, registration_number: str, fields: tuple[str, ...], proposal: str = "") -> None:
        if self._thread.id is None:
            return
        await threads.remember(
            self._connection,
            self._thread.id,
            kind=ThreadKind.QUESTION.value if fields else None,
            asked=list(fields),
            subject_ref=registration_number,
            proposal=proposal,
        )
        self._changed = True

    async def record_answer(self, given: RecordAnswer) -> None:
        await self._wishes.record_answer(given)

    async def opt_out(self, contact_id: str) -> None:
        await self._wishes.opt_out(contact_id)

    async def opt_in(self, contact: Contact) -> None:
        await self._wishes.opt_in(contact)

    async def prefer(self, wish: Prefer) -> None:
        await self._wishes.prefer(wish)

    @property
    def _wishes(self) -> RecipientsWishes:
        return RecipientsWishes(self._connection, self._message, self._identity, self._thread.announcement_id)

    async def keep(self, files: Sequence[AttachedFile]) -> None:
        await stored_files.keep(self._connection, self._message.inbox_id, files)
        self._kept = tuple(file.attachment for file in files)

    async def note_absence(self, absence: NoteAbsence) -> None:
        if self._partner_id is None:
            return
        until, instead = absence.until, absence.instead
        await absences.note(
            self._connection, absence.contact_id, self._partner_id, until, instead, self._message.inbox_id,
            self._message.received_at,
        )  # fmt: skip
        said = {"contact": absence.contact_id, "until": until.isoformat() if until else "", "instead": instead}
        self._note("absence", said)

    async def hand_over(self, request: HandOver) -> None:
        attached = attached_in_short(self._kept)
        summary = f"{request.summary} [files: {attached}]" if attached else request.summary
        await self._to_managers.task(request.intent.value, summary, request.deal_number, manager=request.to)
        if self._partner_id is not None:
            await self._to_managers.hear()
        self._note("hand_over", {"intent": request.intent.value, "summary": request.summary})

    async def take_invoice(self, invoice: TakeInvoice) -> None:
        await self._to_managers.leave("submit_invoice", await self._statement_steps.take_invoice(invoice))

    async def open_dispute(self, dispute: OpenDispute) -> None:
        await self._to_managers.leave("dispute_commission", await self._statement_steps.open_dispute(dispute))

    async def withdraw_dispute(self, withdrawal: WithdrawDispute) -> None:
        await self._to_managers.leave("dispute_commission", await self._statement_steps.withdraw_dispute(withdrawal))

    @property
    def _statement_steps(self) -> PartnersSteps:
        return PartnersSteps(
            self._connection, self._queue, self._program, self._message, self._identity, self._thread.id
        )

    async def send_document(self, document: SendDocument) -> None:
        """With the answer where that is a mail, and nobody else reads it; a statement asked for in Slack goes to the
        partner's finance contact.
        """
        to = self._message.reply_to
        if self._partner_id is None or to is None or (to.outsiders and not to.slack_channel):
            return
        asked = AskedDocuments(
            self._connection, self._program, self._partner_id, self._answering.mail_domain, self._message.received_at
        )
        if to.slack_channel:
            await asked.mail(document, f"{self._replying.key}:{document.kind}:{document.subject}")
        else:
            self._documents = fitting((*self._documents, *await asked.of(document)))

    async def answer(self, reply: Reply, confided: InConfidence | None = None) -> bool:
        self._answered = await self._replying.answer(reply, confided, self._documents)
        return self._answered is not None

    async def excuse(self, reply: Reply) -> bool:
        self._answered = await self._replying.excuse(reply)
        return self._answered is not None

    async def ask_to_confirm(self, question: Reply, subject: str) -> bool:
        self._answered = await self._replying.ask_to_confirm(question, subject)
        return self._answered is not None

    async def overhear(self, outcome: str) -> None:
        self._note("overheard", {"message_id": self._message.message_id, "sender": self._message.sender.slack_user})
        await inbox.mark(
            self._connection, self._message.inbox_id, self._state, outcome=outcome,
            handled_at=datetime.now(UTC), error="",
        )  # fmt: skip

    async def hold(self, reason: str) -> None:
        self._state = InboxState.HELD
        if self._answered is None and not self._identity.paused:
            # Over the cap on answers to this address: a manager has seen what it writes, and a flood opens no tasks.
            return
        who = self._message.sender.address or self._message.sender.slack_user or "an unknown sender"
        asked = "; the address on file was asked whether it is genuine" if self._identity.may_confirm else ""
        said = f"a message from {who} was not acted on: {reason}{asked}"
        await self._to_managers.task("held", said, key=f"{self._message.inbox_id}:held")
        await contact_offers.offer(self._connection, self._message, self._identity)

    async def log(self, reading: Reading, outcome: str, deal_numbers: tuple[str, ...], reply: Reply | None) -> None:
        now = datetime.now(UTC)
        said = [labelled(request) for request in reading.requests]
        self._over.reading = reading
        if self._partner_id is not None:  # what somebody only claims to be a partner's stays off its timelines
            wished = [request["intent"] for request in said]
            author = Author(self._program.vendor.agent_address, self._answering.mail_domain)
            talk = Talk(self._message, self._identity, wished, outcome, deal_numbers, self._kept, author)
            self._to_crm += [interaction_row(row) for row in talk.rows(reply, self._answered, now, self._documents)]
        read = handled.as_read(reading, said, self._thread)
        self._note("message_in", handled.came_in(self._message, self._kept))
        self._note("reading", read)
        answered = self._answered is not None
        self._note("decision", handled.was_decided(self._identity, outcome, deal_numbers, answered=answered))
        if reply is not None:
            self._note("message_out", handled.went_out(reply, self._documents))
        if self._partner_id and self._changed:
            await mirror.bump(self._connection, [self._partner_id])
        await inbox.mark(
            self._connection,
            self._message.inbox_id,
            self._state,
            reading=read,
            outcome=outcome,
            partner_id=self._partner_id,
            contact_id=self._identity.contact.id if self._identity.contact and self._partner_id else None,
            trust=self._identity.trust.value,
            handled_at=now,
            error="",
        )

    async def flush(self) -> None:
        """What only has to be there at the end goes in two statements instead of one each."""
        await self._over.close()
        await outbox.put(self._connection, self._to_crm)
        await ledger.append_all(self._connection, self._notes)

    def _crm(self, row: Outgoing) -> None:
        self._to_crm.append(row)

    def _note(self, kind: str, body: dict[str, Any]) -> None:
        actor = self._message.channel.value
        self._notes.append(ledger.Entry(kind, actor, body, self._partner_id, self._message.inbox_id))
