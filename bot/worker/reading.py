"""The *read* job: a raw message is parsed, its sender and thread are found, and its *handle* job follows."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Directory, Incoming, Inlet, InletUnavailable, RawMessage, Unreadable
from bot.steps.identify import identify
from bot.storage import inbox, ledger, tasks, threads
from bot.storage.codec import to_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.queue import HANDLE, NewJob, Queue
from bot.vocabulary.identity import Identity
from crm.records import Channel
from knowledge.program import Manager

log = logging.getLogger(__name__)

ATTEMPTS = 3  # a message that fails here holds up its conversation: few and short, then shunted


@dataclass(frozen=True, slots=True)
class ReadJob:
    database: Database
    queue: Queue
    inlets: Mapping[Channel, Inlet]
    directory: Directory
    managers: Sequence[Manager]

    async def __call__(self, inbox_id: str, attempt: int) -> None:
        """Safe to repeat: a message that is past this step is left alone. `attempt` counts from 0.

        Raises for another attempt; what fails by itself to the last is shunted.
        """
        async with self.database.begin() as connection:
            row = await inbox.fetch(connection, inbox_id)
        if row is None or row.state is not InboxState.RECEIVED:
            return
        try:
            await self._read(row)
        except (StorageUnavailable, InletUnavailable):
            raise
        except Unreadable as fault:
            await self._unreadable(row, str(fault))
        except Exception as fault:
            if attempt + 1 < ATTEMPTS:
                raise
            log.exception("message %s was shunted", row.reference)
            await self._unreadable(row, f"{type(fault).__name__}: {fault}"[:2_000].replace("\0", ""))

    async def _read(self, row: InboxRow) -> None:
        incoming = await self.inlets[row.channel].read(RawMessage(row.id, row.raw, row.envelope, row.received_at))
        identity = await identify(incoming.message, self.directory, self.managers)
        async with self.database.begin() as connection:
            await self._file(connection, row.id, incoming, identity)

    async def _file(self, connection: AsyncConnection, inbox_id: str, incoming: Incoming, identity: Identity) -> None:
        row = await inbox.fetch(connection, inbox_id, lock=True)
        if row is None or row.state is not InboxState.RECEIVED:
            return
        message = incoming.message
        known = {"message_id": message.message_id, "sender": message.sender.address or message.sender.slack_user}
        if incoming.ignore:
            await inbox.mark(connection, inbox_id, InboxState.IGNORED, outcome=incoming.ignore, **known)
            await ledger.append(
                connection, "ignored", message.channel.value, known | {"why": incoming.ignore}, inbox_id=inbox_id
            )
            return
        if incoming.dedupe_key and not await inbox.claim_key(connection, inbox_id, incoming.dedupe_key):
            await inbox.mark(connection, inbox_id, InboxState.DUPLICATE, outcome="duplicate", **known)
            return
        thread_id = await _thread_of(connection, incoming, identity)
        await threads.join(connection, thread_id, message.message_id)
        partner_id = identity.partner.id if identity.partner else None
        contact_id = identity.contact.id if identity.contact else None
        await inbox.mark(
            connection, inbox_id, InboxState.READ, message=to_doc(message), thread_id=thread_id,
            partner_id=partner_id, contact_id=contact_id, trust=identity.trust.value, **known,
        )  # fmt: skip
        lock = f"partner:{partner_id}" if partner_id else f"sender:{known['sender']}"
        await self.queue.defer(connection, [NewJob(HANDLE, lock, {"inbox_id": inbox_id})])

    async def _unreadable(self, row: InboxRow, reason: str) -> None:
        async with self.database.begin() as connection:
            await inbox.mark(connection, row.id, InboxState.SHUNTED, error=reason)
            await tasks.open_task(
                connection, f"{row.id}:unreadable", "shunted",
                f"a message could not be read: {reason} [{row.reference}]", inbox_id=row.id,
            )  # fmt: skip
            await ledger.append(connection, "shunted", row.channel.value, {"why": reason}, inbox_id=row.id)


async def _thread_of(connection: AsyncConnection, incoming: Incoming, identity: Identity) -> str:
    """The thread it belongs to. Knowing a key or an id is not enough: the thread must be the same partner's."""
    partner_id = identity.partner.id if identity.may_be_told and identity.partner else None
    found = None
    for key in incoming.reply_keys or ("",):
        found = found or await threads.find(
            connection, reply_key=key, message_ids=incoming.thread_message_ids, slack_key=incoming.slack_key
        )
    claimed = identity.partner.id if identity.partner else None
    if found is not None and found.context.id and found.partner_id == claimed:
        return found.context.id
    slack_key = incoming.slack_key if found is None else ""
    return await threads.open_thread(
        connection, incoming.message.channel, incoming.subject, partner_id=partner_id, slack_key=slack_key or None
    )
