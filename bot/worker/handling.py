"""The *handle* job: a read message goes through the pipeline; what fails by itself is shunted, and never in silence."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.pressed import PartnerPresses
from bot.managers.messages import ManagerMessages
from bot.pipeline import Agent, handle
from bot.ports import Files, FileSource, FoundFiles, InletUnavailable, RawMessage
from bot.steps.say import Listener, say
from bot.storage import error_mails, inbox, ledger, mirror, tasks
from bot.storage.answers import REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.codec import from_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.outbox import Destination
from bot.storage.queue import HANDLE, NewJob, Queue
from bot.storage.units import AlreadyHandled
from bot.texts.own import worded
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.message import Attachment, Message
from bot.worker.changed_posts import ChangedPosts
from bot.worker.confirming import Confirming
from bot.worker.failing import ATTEMPTS, NeverFinishedError, ends_sometime, failures, in_words
from bot.worker.seen import Seen
from crm.records import Channel, Partner

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _FilesOf:
    """Implements `bot.ports.Files` for one message of a channel that has a source of files."""

    source: FileSource
    raw: RawMessage
    named: tuple[Attachment, ...]

    async def load(self) -> FoundFiles:
        return await self.source.files(self.raw, self.named)


@dataclass(frozen=True, slots=True)
class HandleJob:
    database: Database
    queue: Queue
    agent: Agent
    answering: Answering
    managers: ManagerMessages
    presses: PartnerPresses
    sources: Mapping[Channel, FileSource] = field(default_factory=dict)
    seen: Seen | None = None

    async def __call__(self, inbox_id: str, attempt: int) -> None:
        """Raises for another attempt; what fails by itself to the last is shunted. `attempt` counts every start from
        0, also those that a dying process or a restarting database cut short.
        """
        async with self.database.reading() as connection:
            row = await inbox.fetch(connection, inbox_id)
        if row is None or row.state is not InboxState.READ or row.message is None:
            return
        message = from_doc(Message, row.message)
        try:
            ends_sometime(attempt)
            await self._see_to(row, message)
        except AlreadyHandled:
            return
        except StorageUnavailable:
            raise
        except InletUnavailable as fault:
            await self._later(row, fault)
            return
        except Exception as fault:
            if not isinstance(fault, NeverFinishedError) and await failures(self.database, inbox_id, fault) < ATTEMPTS:
                raise
            log.exception("message %s was shunted", row.reference)
            await self._shunt(row, message, fault)
        if self.seen is not None:
            await self.seen.done(message)
        await self._nudge(row, message)

    async def _see_to(self, row: InboxRow, message: Message) -> None:
        if row.confirms:
            await Confirming(self.database, self.queue, self.agent, self.answering)(row, message)
        elif self.presses.concerns(message) and await self.presses.take(row, message):
            return
        elif message.click is not None and message.click.is_of_answer:
            await handle(self.agent, message, row.thread_id)
            await self.presses.settle(row, message)
        elif message.amends:
            await ChangedPosts(self.database, self.agent)(row, message, self._files(row, message))
        elif not await self.managers.take(row, message):
            await handle(self.agent, message, row.thread_id, self._files(row, message))

    def _files(self, row: InboxRow, message: Message) -> Files | None:
        """None where there is nothing to take out of the message."""
        source = self.sources.get(row.channel)
        if source is None or not any(file.kind or not file.looked_at for file in message.attachments):
            return None
        return _FilesOf(source, RawMessage(row.id, row.raw, row.envelope, row.received_at), message.attachments)

    async def _later(self, row: InboxRow, fault: InletUnavailable) -> None:
        """Its files cannot be read just now, which is no fault of the message's: it comes again, however often."""
        log.warning("message %s waits for its files: %s", row.reference, fault)
        async with self.database.begin() as connection:
            job = NewJob(HANDLE, f"handle:{row.id}", {"inbox_id": row.id}, wait=ceil(fault.retry_after))
            await self.queue.defer(connection, [job])

    async def _nudge(self, row: InboxRow, message: Message) -> None:
        places = [Destination.SLACK if message.channel is Channel.SLACK else Destination.MAIL, Destination.CRM]
        if message.channel is Channel.EMAIL and row.thread_id is not None:
            places.append(Destination.SLACK)  # it may answer what was asked there too, with buttons
        await self.queue.deliver(*places)
        if message.sender.slack_home:
            await self.queue.refresh_homes()

    async def _shunt(self, row: InboxRow, message: Message, fault: Exception) -> None:
        """Set aside, shown to the operator, answered with a reference where an answer is allowed."""
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, row.id, lock=True)
            if now is None or now.state is not InboxState.READ:
                return  # another run of this job finished it meanwhile
            await inbox.mark(connection, row.id, InboxState.SHUNTED, error=in_words(fault))
            await tasks.open_task(
                connection, f"{row.id}:shunted", "shunted",
                f"a message failed and waits to be replayed [{row.reference}]",
                partner_id=row.partner_id, inbox_id=row.id,
            )  # fmt: skip
            await ledger.append(
                connection, "shunted", message.channel.value, {"reference": row.reference},
                partner_id=row.partner_id, inbox_id=row.id,
            )  # fmt: skip
            await self._apologise(connection, row, message)

    async def _apologise(self, connection: AsyncConnection, row: InboxRow, message: Message) -> None:
        """The partner's own words are what could not be handled, so its language is the one on file."""
        to = message.reply_to
        if message.automatic or message.no_answer or not message.addressed or not message.sender.proof or to is None:
            return
        now = self.agent.now()
        if await over_cap(connection, self.answering, to, thread_id=row.thread_id, proven=True, now=now):
            return
        if to.to and not await error_mails.claim(connection, to.to, error_mails.SHUNTED, now):
            return
        partner = await mirror.one(connection, Partner, row.partner_id) if row.partner_id else None
        said = Decision((), (Outcome("trouble.colleague", {"reference": row.reference}),), "shunted")
        program = self.agent.program()
        listener = Listener(
            partner.language if partner else "", message.channel, message.sender.name, program.vendor.name,
            texts=worded(program.texts),
        )  # fmt: skip
        if reply := say((said,), listener):
            await put_answer(
                connection, f"shunted:{row.id}", REPLY, to, reply, mail_domain=self.answering.mail_domain,
                thread_id=row.thread_id, partner_id=row.partner_id, inbox_id=row.id,
            )  # fmt: skip
