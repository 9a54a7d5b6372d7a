"""The *handle* step of a mail that answers our question whether a held message is its sender's own.

Yes has that message read again, proven by this word alone, and handled in its own thread; no discards it. Each question
is settled once: its row is locked, whoever comes second finds it settled.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.pipeline import Agent
from bot.steps.confirm import Consent, asked_again, consent, thanks_for_no, too_late, used_already
from bot.steps.say import Listener, say
from bot.steps.understand import understand
from bot.storage import confirmations, error_mails, held, inbox, ledger, mirror, tasks
from bot.storage.answers import REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.confirmations import Answered, Question
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.queue import Queue
from bot.texts.own import worded
from bot.vocabulary.decisions import Decision
from bot.vocabulary.message import Message, ThreadContext
from crm.records import Contact, Partner, language_of

_READ_OF_IT = 2_000  # characters: enough to tell a yes from a no, a person from a machine
_MORE_THAN_YES = 12  # words of an answer beyond which a manager should read it


@dataclass(frozen=True, slots=True)
class Confirming:
    database: Database
    queue: Queue
    agent: Agent
    answering: Answering

    async def __call__(self, row: InboxRow, message: Message) -> None:
        short = replace(message, text=message.text[:_READ_OF_IT], forwarded="")
        reading = await asyncio.to_thread(understand, short, ThreadContext(), self.agent.reader)
        said = consent(message.text, reading)
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, row.id, lock=True)
            if now is None or now.state is not InboxState.READ or now.confirms is None:
                return  # another run of this job finished it meanwhile
            question = await confirmations.about(connection, now.confirms, lock=True)
            about = await inbox.fetch(connection, now.confirms, lock=True)
            if question is None or about is None:
                raise LookupError(f"message {row.id} answers a question that is not there")
            answer = _Answer(connection, self, row, message, question, about, self.agent.now())
            outcome, decision = await answer.settle(said)
            await answer.note(outcome)
            if decision is not None:
                await answer.say(decision)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer to one question, in the transaction that holds the locks on both."""

    connection: AsyncConnection
    job: Confirming
    row: InboxRow
    message: Message
    question: Question
    held: InboxRow
    now: datetime

    async def settle(self, said: Consent) -> tuple[str, Decision | None]:
        """What became of it in a word, and what is said to the owner of the address."""
        if said is Consent.MACHINE:
            return "confirmation_automatic", None
        if said is Consent.NO:
            return await self._denied()
        if self.question.outcome is not Answered.OPEN or self.held.state is not InboxState.HELD:
            return "confirmation_used", used_already()
        if self.question.expires_at <= self.now:
            return "confirmation_expired", too_late()
        if said is Consent.UNCLEAR:
            return "confirmation_unclear", asked_again()
        await self._release()
        return "confirmed", None

    async def _release(self) -> None:
        await confirmations.settle(self.connection, self.held.id, Answered.CONFIRMED, self.row.id, self.now)
        await held.read_again(self.connection, self.job.queue, self.held.id, "its sender, who confirmed it")
        if len(self.message.text.split()) > _MORE_THAN_YES and not self.message.sender.proof:
            await self._tell("confirmed the message and wrote more than that, which was not acted on", "more")

    async def _denied(self) -> tuple[str, Decision]:
        if self.question.outcome.vouches:
            await self._tell("now says that a message is not genuine that was confirmed and handled before", "late-no")
            return "confirmation_used", used_already()
        if self.question.outcome is Answered.OPEN:
            await confirmations.settle(self.connection, self.held.id, Answered.DENIED, self.row.id, self.now)
            if self.held.state is InboxState.HELD:
                await held.discard(self.connection, self.held.id, "denied_by_its_sender", "its sender, who denied it")
            await self._tell("says that a held message in that name is forged; it was discarded", "denied")
        return "confirmation_denied", thanks_for_no()

    async def _tell(self, what: str, key: str) -> None:
        partner = await mirror.one(self.connection, Partner, self.question.partner_id)
        await tasks.open_task(
            self.connection, f"{self.held.id}:{key}", "notice",
            f"{self.question.address} {what} [{self.held.reference}; answer {self.row.reference}]",
            manager_email=partner.manager_email if partner else "", partner_id=self.question.partner_id,
            contact_id=self.question.contact_id, inbox_id=self.held.id,
        )  # fmt: skip

    async def note(self, outcome: str) -> None:
        """Who answered is known by the code, so it stands with the partner."""
        partner_id = self.question.partner_id
        await inbox.mark(
            self.connection, self.row.id, InboxState.HANDLED, outcome=outcome, handled_at=self.now, error="",
            partner_id=partner_id, contact_id=self.question.contact_id,
        )  # fmt: skip
        said = {
            "message_id": self.message.message_id, "sender": self.message.sender.address, "text": self.message.text,
            "about": self.held.reference, "outcome": outcome,
        }  # fmt: skip
        await ledger.append(
            self.connection, "confirmation", self.message.channel.value, said, partner_id=partner_id,
            inbox_id=self.row.id,
        )  # fmt: skip

    async def say(self, decision: Decision) -> None:
        """In plain words without any data, to the address that was asked and nowhere else, each once in 24 hours for a
        question: a machine that thanks for every mail would else be talked to for ever.
        """
        if self.message.no_answer or self.message.reply_to is None:
            return
        said = f"{decision.log}:{self.held.id}"
        if not await error_mails.claim(self.connection, self.question.address, said, self.now):
            await self._tell("answers our question again and again without settling it", "repeats")
            return
        to = replace(self.message.reply_to, to=self.question.address)
        if await over_cap(
            self.connection,
            self.job.answering,
            to,
            thread_id=None,
            proven=bool(self.message.sender.proof),
            now=self.now,
        ):
            return
        contact = await mirror.one(self.connection, Contact, self.question.contact_id)
        partner = await mirror.one(self.connection, Partner, self.question.partner_id)
        language = language_of(contact, partner) if partner else ""
        program = self.job.agent.program()
        texts = worded(program.texts)
        if reply := say((decision,), Listener(language, self.message.channel, "", program.vendor.name, texts=texts)):
            await put_answer(
                self.connection, f"reply:{self.row.id}", REPLY, to, reply, mail_domain=self.job.answering.mail_domain,
                thread_id=None, partner_id=self.question.partner_id, inbox_id=self.row.id,
                reply_key=self.question.code,
            )  # fmt: skip
