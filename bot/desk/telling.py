"""Telling a partner of something that was decided or fell due: in its thread, on the CRM's timeline, in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intents.offers import answerable
from bot.steps.say import Listener, say
from bot.storage import ended_questions, ledger, mirror, outbox, threads
from bot.storage.answers import NOTICE, put_answer
from bot.storage.crm_writes import interaction_row
from bot.storage.notices import put_notice
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_answers import note_question
from bot.storage.slack_answers import said as said_in_slack
from bot.storage.slack_channels import SlackChannel
from bot.storage.timeline import Author, as_it_went, in_short
from bot.texts.own import worded
from bot.vocabulary.decisions import AwaitFields, Decision, Outcome
from bot.vocabulary.documents import Document, named
from bot.vocabulary.message import ReplyAddress, ThreadKind
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Direction, Interaction, Partner, language_of
from knowledge.program import Program

_UNTOLD = "nobody could be told: the manager has a task"


@dataclass(frozen=True, slots=True)
class Telling:
    """Writes in the caller's transaction; the caller has the outbox delivered after it (`Queue.deliver`)."""

    program: Program
    mail_domain: str
    now: Callable[[], datetime]

    async def tell(
        self,
        connection: AsyncConnection,
        key: str,
        partner: Partner,
        contact_id: str | None,
        thread_id: str | None,
        outcomes: tuple[Outcome, ...],
        subject: str,
        deal_numbers: tuple[str, ...],
        outcome_word: str,
        await_: AwaitFields | None = None,
        documents: Sequence[Document] = (),
        may: Callable[[Contact], bool] | None = None,
    ) -> None:
        """Once per `key`, to whoever may be told now: in the thread `thread_id`, or a new one of that `subject`. With
        `may` nobody is told who may not know.

        `outcome_word` says on the timeline what it came to. With `await_` the thread waits for that answer. By mail the
        `documents` go with it.
        """
        decision = Decision((), answerable(outcomes, await_), outcome_word, deal_numbers)
        contact = await mirror.one(connection, Contact, contact_id) if contact_id else None
        sent = await put_notice(
            connection,
            key,
            partner,
            contact,
            thread_id=thread_id,
            subject=subject,
            mail_domain=self.mail_domain,
            words=lambda channel, reader: self._words(decision, partner, reader, channel),
            documents=documents,
            may=may,
        )
        if sent is not None and sent.thread_id is not None and await_ is not None:
            await _wait_for(connection, sent.thread_id, await_)
            await note_question(connection, sent.thread_id, sent.id)
            await ended_questions.close_in_thread(connection, sent.thread_id, key)
        await self._enter(connection, self._interaction(key, partner, contact_id, decision, sent, documents))

    async def mail(
        self,
        connection: AsyncConnection,
        key: str,
        partner: Partner,
        contact: Contact,
        thread_id: str,
        outcomes: tuple[Outcome, ...],
        subject: str,
        outcome_word: str,
        documents: Sequence[Document] = (),
        follows: str = "",
    ) -> Outgoing:
        """Once per `key`, by mail and to this contact alone, whoever else has written in the thread. `follows` is the
        Message-ID of the mail of ours that it comes after there.
        """
        decision = Decision((), outcomes, outcome_word)
        reply = self._words(decision, partner, contact, Channel.EMAIL)
        if reply is None:
            raise ValueError("a mail has something to say")
        to = ReplyAddress(
            to=contact.email, subject=subject, in_reply_to=follows, references=(follows,) if follows else ()
        )
        sent = await put_answer(
            connection, key, NOTICE, to, reply, mail_domain=self.mail_domain, thread_id=thread_id,
            partner_id=partner.id, documents=documents,
        )  # fmt: skip
        await self._enter(connection, self._interaction(key, partner, contact.id, decision, sent, documents))
        return sent

    async def post(
        self,
        connection: AsyncConnection,
        key: str,
        partner: Partner,
        channel: SlackChannel,
        thread_id: str,
        outcomes: tuple[Outcome, ...],
        outcome_word: str,
        under: str = "",
        *,
        others_may_read: bool = False,
    ) -> None:
        """Once per `key`, as a post in a channel of the partner's, below the post `under` or as a new one; answers to
        it belong to our thread.

        It is not posted where others read the channel as well, and then a manager learns of that; unless it says
        nothing that they may not know.
        """
        decision = Decision((), outcomes, outcome_word)
        reply = self._words(decision, partner, None, Channel.SLACK)
        if reply is None:
            return
        sent = await put_answer(
            connection, key, NOTICE, ReplyAddress(slack_channel=channel.channel_id, slack_thread_ts=under), reply,
            mail_domain=self.mail_domain, thread_id=thread_id, partner_id=partner.id,
            only_team=None if others_may_read else channel.partner_team_id,
        )  # fmt: skip
        await outbox.put(connection, [interaction_row(self._interaction(key, partner, None, decision, sent))])

    async def _enter(self, connection: AsyncConnection, told: Interaction) -> None:
        """On the CRM's timeline and in the ledger."""
        await outbox.put(connection, [interaction_row(told)])
        said = {"key": told.key, "text": told.body, "about": list(told.deal_numbers), "outcome": told.outcome}
        await ledger.append(connection, "message_out", told.channel.value, said, partner_id=told.partner_id)

    def _words(self, decision: Decision, partner: Partner, reader: Contact | None, channel: Channel) -> Reply | None:
        name = reader.name if reader else ""
        language = language_of(reader, partner)
        vendor, texts = self.program.vendor.name, worded(self.program.texts)
        return say((decision,), Listener(language, channel, name, vendor, partner.country, partner.time_zone, texts))

    def _interaction(
        self,
        key: str,
        partner: Partner,
        contact_id: str | None,
        decision: Decision,
        sent: Outgoing | None,
        documents: Sequence[Document] = (),
    ) -> Interaction:
        said = said_in_slack(sent.payload) if sent else _UNTOLD
        in_slack = sent is not None and sent.destination is Destination.SLACK
        attached = "" if sent is None or in_slack else named(documents)
        body = f"{said}\n\n{attached}" if attached else said
        told = Interaction(
            key=key,
            partner_id=partner.id,
            contact_id=contact_id,
            deal_numbers=decision.deal_numbers,
            channel=Channel.SLACK if in_slack else Channel.EMAIL,
            direction=Direction.OUT,
            at=self.now(),
            summary=in_short(said),
            message_id=key,
            outcome=decision.log,
            body=body,
        )
        author = Author(self.program.vendor.agent_address, self.mail_domain)
        return as_it_went(told, sent, author, documents) if sent else told


async def _wait_for(connection: AsyncConnection, thread_id: str, awaited: AwaitFields) -> None:
    await threads.remember(
        connection,
        thread_id,
        kind=ThreadKind.QUESTION.value if awaited.fields else None,
        asked=list(awaited.fields),
        subject_ref=awaited.registration_number,
        proposal=awaited.proposal,
    )
