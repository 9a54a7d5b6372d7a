"""The *handle* job: a read message goes through the pipeline; what fails by itself is shunted, and never in silence."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.pipeline import Agent, handle
from bot.steps.say import Listener, say
from bot.storage import inbox, ledger, mirror, tasks
from bot.storage.answers import REPLY, put_answer
from bot.storage.codec import from_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.outbox import Destination
from bot.storage.queue import DELIVER, Queue
from bot.storage.unit import AlreadyHandled
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.message import Message
from crm.records import Channel, Partner

log = logging.getLogger(__name__)

ATTEMPTS = 3  # a job that waits for its retry holds up its partner: few and short, then shunted


@dataclass(frozen=True, slots=True)
class HandleJob:
    database: Database
    queue: Queue
    agent: Agent
    mail_domain: str

    async def __call__(self, inbox_id: str, attempt: int) -> None:
        """`attempt` counts from 0. Raises for another attempt; at the last one the message is shunted instead."""
        async with self.database.begin() as connection:
            row = await inbox.fetch(connection, inbox_id)
        if row is None or row.state is not InboxState.READ or row.message is None:
            return
        message = from_doc(Message, row.message)
        try:
            await handle(self.agent, message, row.thread_id)
        except AlreadyHandled:
            return
        except StorageUnavailable:
            raise
        except Exception as fault:
            if attempt + 1 < ATTEMPTS:
                raise
            log.exception("message %s was shunted", row.reference)
            await self._shunt(row, message, fault)
        await self._nudge(message)

    async def _nudge(self, message: Message) -> None:
        destination = Destination.SLACK if message.channel is Channel.SLACK else Destination.MAIL
        for name in (destination, Destination.CRM):
            await self.queue.nudge(DELIVER, f"deliver:{name.value}", destination=name.value)

    async def _shunt(self, row: InboxRow, message: Message, fault: Exception) -> None:
        """Set aside, shown to the operator, answered with a reference where an answer is allowed."""
        async with self.database.begin() as connection:
            error = f"{type(fault).__name__}: {fault}"[:2_000]
            await inbox.mark(connection, row.id, InboxState.SHUNTED, error=error)
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
        partner = await mirror.one(connection, Partner, row.partner_id) if row.partner_id else None
        said = Decision((), (Outcome("trouble.colleague", {"reference": row.reference}),), "shunted")
        listener = Listener(
            partner.language if partner else "", message.channel, message.sender.name, self.agent.program.vendor.name
        )
        if reply := say((said,), listener):
            await put_answer(
                connection, f"shunted:{row.id}", REPLY, to, reply, mail_domain=self.mail_domain,
                thread_id=row.thread_id, partner_id=row.partner_id, inbox_id=row.id,
            )  # fmt: skip
