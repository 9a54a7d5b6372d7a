"""A post that was edited or deleted: what was not handled yet is replaced, the rest is weighed or only noted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.pipeline import Agent, handle
from bot.ports import Files
from bot.steps.identify import identify
from bot.storage import changed_posts, inbox, ledger, slack_threads
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.vocabulary.changed import BETWEEN_PEOPLE, DELETED, DELETED_FIRST, EDITED_FIRST, EDITED_NOTED
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ThreadContext
from crm.records import Channel

_OPEN = (InboxState.RECEIVED.value, InboxState.READ.value, InboxState.PARKED.value)
_ACTED = (InboxState.HANDLED.value, InboxState.HELD.value, InboxState.SHUNTED.value)


async def filed(connection: AsyncConnection, row: InboxRow, message: Message, thread_id: str | None) -> Message | None:
    """The message as it goes on: as a new one (`amends` ""), or as a change of one that was handled, which it then
    names. None where it ends here, and is marked so.
    """
    if message.channel is not Channel.SLACK or message.click is not None or thread_id is None:
        return message
    if not message.amends:
        if not await changed_posts.changed_since(connection, thread_id, message.message_id):
            return message
        await _ends(connection, row, message, EDITED_FIRST)
        return None
    if message.deleted:
        await _unread(connection, message)
    before = await changed_posts.earlier_form(connection, thread_id, message.amends, row.id)
    if before is not None and before.state in _OPEN:
        outcome = DELETED_FIRST if message.deleted else EDITED_FIRST
        await inbox.mark(connection, before.id, InboxState.IGNORED, outcome=outcome)
    elif before is not None and before.state in _ACTED and before.outcome != BETWEEN_PEOPLE:
        return replace(message, amends=before.message_id)
    if message.deleted:
        await _ends(connection, row, message, DELETED)
        return None
    return replace(message, amends="")


async def _ends(connection: AsyncConnection, row: InboxRow, message: Message, outcome: str) -> None:
    known = {"message_id": message.message_id, "sender": message.sender.slack_user}
    await inbox.mark(connection, row.id, InboxState.IGNORED, outcome=outcome, **known)
    await ledger.append(connection, "ignored", message.channel.value, known | {"why": outcome}, inbox_id=row.id)


async def _unread(connection: AsyncConnection, message: Message) -> None:
    """What somebody took back is no longer part of what we read in the thread."""
    channel, _, ts = message.amends.partition(":")
    to = message.reply_to
    await slack_threads.forget_post(connection, channel, to.slack_thread_ts if to else ts, ts)


@dataclass(frozen=True, slots=True)
class ChangedPosts:
    """Sees to the changes of messages that were handled."""

    database: Database
    agent: Agent

    async def __call__(self, row: InboxRow, message: Message, files: Files | None) -> None:
        """A partner's is weighed. A manager's order is not given a second time; of a stranger's nothing was done."""
        identity = await identify(message, self.agent.directory, self.agent.program().managers)
        if identity.proven_partner_id is None or identity.manager is not None:
            nobody, here = Identity(Trust.UNKNOWN), ThreadContext(id=row.thread_id)
            async with self.agent.units.open(message, nobody, here, 0) as unit:
                await unit.overhear(DELETED if message.deleted else EDITED_NOTED)
            return
        async with self.database.reading() as connection:
            before = await changed_posts.as_handled(connection, row.thread_id, message.amends, message.received_at)
        await handle(self.agent, message, row.thread_id, files, before)
