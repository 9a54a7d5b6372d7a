"""The *handle* job: a read message goes through the pipeline; what fails by itself is shunted, and never in silence."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.pipeline import Agent, handle
from bot.steps.say import Listener, say
from bot.storage import inbox, ledger, outbox, tasks, threads
from bot.storage.codec import from_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import DELIVER, Queue
from bot.storage.unit import AlreadyHandled
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.message import Message
from bot.vocabulary.reply import Reply
from crm.records import Channel

log = logging.getLogger(__name__)

ATTEMPTS = 3  # a job that waits for its retry holds up its partner: few and short, then shunted


@dataclass(frozen=True, slots=True)
class HandleJob:
    database: Database
    queue: Queue
    agent: Agent

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
            reply = self._apology(row, message)
            if reply is not None and message.reply_to is not None:
                await outbox.put(connection, [_apology_row(row, message, reply)])
                if row.thread_id:
                    await threads.remember(connection, row.thread_id, agent_took_part=True)

    def _apology(self, row: InboxRow, message: Message) -> Reply | None:
        if message.automatic or not message.addressed or not message.sender.proof:
            return None
        vendor = self.agent.program.vendor.name
        said = Decision((), (Outcome("trouble.colleague", {"reference": row.reference}),), "shunted")
        return say((said,), Listener("", message.channel, message.sender.name, vendor))


def _apology_row(row: InboxRow, message: Message, reply: Reply) -> Outgoing:
    to = message.reply_to
    if to is None:
        raise ValueError("a message without a way back cannot be answered")
    if message.channel is Channel.SLACK:
        payload: dict[str, object] = {"channel": to.slack_channel, "thread_ts": to.slack_thread_ts, "text": reply.text}
        destination = Destination.SLACK
    else:
        payload = {
            "to": to.to, "subject": to.subject, "in_reply_to": to.in_reply_to, "references": list(to.references),
            "text": reply.text, "language": reply.language,
        }  # fmt: skip
        destination = Destination.MAIL
    return Outgoing(
        f"shunted:{row.id}", destination, "reply", payload,
        partner_id=row.partner_id, inbox_id=row.id, thread_id=row.thread_id,
    )  # fmt: skip
