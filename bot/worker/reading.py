"""The *read* job: a raw message is parsed, its sender and thread are found, and its *handle* job follows."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import CAME_BACK, Directory, Incoming, Inlet, InletUnavailable, RawMessage, Unreadable
from bot.steps.identify import identify
from bot.storage import confirmations, inbox, ledger, parked_reads, threads
from bot.storage.codec import storable, to_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.outbox import Destination
from bot.storage.queue import HANDLE, READ, NewJob, Queue
from bot.storage.undeliverable import is_our_mail
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message
from bot.worker import changed_posts, filing
from bot.worker.failing import ATTEMPTS, NeverFinishedError, ends_sometime, failures, in_words
from bot.worker.returned import file_report, proves_delivery
from bot.worker.seen import Seen
from bot.worker.undecided import read_later
from bot.worker.unreadable import Head, SetsAside
from crm.records import Channel
from knowledge.program import Manager

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadJob:
    database: Database
    queue: Queue
    inlets: Mapping[Channel, Inlet]
    directory: Directory
    managers: Sequence[Manager]
    sets_aside: SetsAside
    seen: Seen | None = None

    async def __call__(self, inbox_id: str, attempt: int) -> None:
        """Safe to repeat: a message that is past this step is left alone. `attempt` counts every start from 0.

        Raises for another attempt; what fails by itself to the last is shunted.
        """
        async with self.database.begin() as connection:
            row = await inbox.fetch(connection, inbox_id, lock=True)
            if row is None or row.state is not InboxState.RECEIVED:
                return
            outlook = await parked_reads.outlook(connection, row)
            if outlook.wait:
                await parked_reads.set_aside(connection, row)
                return
        try:
            ends_sometime(attempt)
            await self._read(row, was_away=outlook.was_away)
        except StorageUnavailable:
            raise
        except InletUnavailable as fault:
            await self._park(row, fault)
        except Unreadable as fault:
            await self._unreadable(row, str(fault), fault.head)
        except Exception as fault:
            if not isinstance(fault, NeverFinishedError) and await failures(self.database, inbox_id, fault) < ATTEMPTS:
                raise
            log.exception("message %s was shunted", row.reference)
            await self._unreadable(row, in_words(fault))

    async def _read(self, row: InboxRow, *, was_away: bool) -> None:
        read = await self.inlets[row.channel].read(RawMessage(row.id, row.raw, row.envelope, row.received_at))
        if row.message is not None:
            read = await self._as_confirmed(row.id, read)
        if read.undecided and not read.ignore and await self._later(row, read.undecided):
            return
        incoming = storable(read)
        identity = await identify(incoming.message, self.directory, self.managers)
        async with self.database.begin() as connection:
            if was_away:
                await parked_reads.back(connection, row.channel)
            await self._file(connection, row.id, incoming, identity)
        if self.seen is not None and row.channel is Channel.SLACK:
            await self.queue.deliver(Destination.SLACK)

    async def _file(self, connection: AsyncConnection, inbox_id: str, incoming: Incoming, identity: Identity) -> None:
        row = await inbox.fetch(connection, inbox_id, lock=True)
        if row is None or row.state is not InboxState.RECEIVED:
            return
        message = incoming.message
        if not incoming.ignore and await is_our_mail(connection, message.message_id):
            incoming = replace(incoming, ignore=CAME_BACK)
        known = {"message_id": message.message_id, "sender": message.sender.address or message.sender.slack_user}
        if incoming.ignore:
            await inbox.mark(connection, inbox_id, InboxState.IGNORED, outcome=incoming.ignore, **known)
            await ledger.append(
                connection, "ignored", message.channel.value, known | {"why": incoming.ignore}, inbox_id=inbox_id
            )
            return
        proven = identity.trust is Trust.PROVEN
        if incoming.dedupe_key and not await inbox.claim_key(connection, inbox_id, incoming.dedupe_key, proven=proven):
            await inbox.mark(connection, inbox_id, InboxState.DUPLICATE, outcome="duplicate", **known)
            return
        if await file_report(connection, row, incoming):
            return
        if proven and message.sender.address:
            await proves_delivery(connection, message.sender.address, row.received_at)
        if row.message is None:
            await filing.flag_same_id(connection, row, message, identity)
        # What a sender only claims puts nothing into that partner's threads, and never waits in its line.
        partner_id = identity.proven_partner_id
        contact_id = identity.contact.id if partner_id and identity.contact else None
        confirms = await filing.confirms(connection, incoming)
        thread_id = None if confirms else await filing.thread_of(connection, incoming, identity)
        goes_on = await changed_posts.filed(connection, row, message, thread_id)
        if goes_on is None:
            return
        message = goes_on
        if thread_id is not None:
            await threads.join(connection, thread_id, message.message_id)
        await inbox.mark(
            connection, inbox_id, InboxState.READ, message=to_doc(message), thread_id=thread_id, confirms=confirms,
            partner_id=partner_id, contact_id=contact_id, trust=identity.trust.value, error="", failures=0, **known,
        )  # fmt: skip
        lock = f"partner:{partner_id}" if partner_id else f"sender:{known['sender'] or row.envelope.get('peer', '')}"
        await self.queue.defer(connection, [NewJob(HANDLE, lock, {"inbox_id": inbox_id})])
        await self._show(connection, message, identity, thread_id)

    async def _show(
        self, connection: AsyncConnection, message: Message, identity: Identity, thread_id: str | None
    ) -> None:
        if self.seen is not None:
            await self.seen.taken(connection, message, identity, thread_id)

    async def _as_confirmed(self, inbox_id: str, read: Incoming) -> Incoming:
        """A message that is read again, proven by its sender's word or a manager's; answered at the address on file.

        As things stand now: who is no longer that contact of that partner is as unproven as before.
        """
        async with self.database.reading() as connection:
            question = await confirmations.about(connection, inbox_id)
        message = read.message
        if question is None or not question.outcome.vouches or message.sender.address != question.address:
            return read
        known = await self.directory.by_address(question.address)
        if known is None or (known[0].id, known[1].id) != (question.partner_id, question.contact_id):
            return read
        to = replace(message.reply_to, to=question.address) if message.reply_to else None
        sender = replace(message.sender, proof=question.outcome.value)
        return replace(read, message=replace(message, sender=sender, reply_to=to), undecided="")

    async def _later(self, row: InboxRow, reason: str) -> bool:
        async with self.database.begin() as connection:
            later = await read_later(connection, self.queue, row.id, reason)
        log.warning("message %s %s: %s", row.reference, "is read later" if later else "counts as not proven", reason)
        return later

    async def _park(self, row: InboxRow, fault: InletUnavailable) -> None:
        """No fault of the message's: it waits without a job until the clock gives it one again."""
        if fault.only_this:
            await self._come_again(row, ceil(fault.retry_after))
            return
        log.warning("%s is parked: %s", parked_reads.dependency(row.channel), fault)
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, row.id, lock=True)
            if now is not None and now.state is InboxState.RECEIVED:
                await parked_reads.away(connection, now, fault.retry_after, str(fault))

    async def _come_again(self, row: InboxRow, seconds: int) -> None:
        """A lock of its own: what anybody may write on an envelope must not hold up that sender's other messages."""
        async with self.database.begin() as connection:
            job = NewJob(READ, f"read:{row.id}", {"inbox_id": row.id}, wait=seconds)
            await self.queue.defer(connection, [job])

    async def _unreadable(self, row: InboxRow, reason: str, read: Incoming | None = None) -> None:
        head = None
        if read is not None:
            incoming = storable(read)
            head = Head(incoming, await identify(incoming.message, self.directory, self.managers))
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, row.id, lock=True)
            if now is None or now.state is not InboxState.RECEIVED:
                return  # another run of this job finished it meanwhile
            await self.sets_aside(connection, row, reason, head)
        await self.queue.deliver(Destination.MAIL)
