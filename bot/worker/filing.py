"""Where a message that was just read belongs: its thread, the question it answers, and what a manager should know."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Incoming
from bot.storage import confirmations, inbox, ledger, mirror, tasks, threads
from bot.storage.inbox import InboxRow
from bot.storage.threads import Thread
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message
from crm.records import Channel, Partner


async def confirms(connection: AsyncConnection, incoming: Incoming) -> str | None:
    """The held message that this one says yes or no to. A machine's mail says neither, though its address does."""
    message = incoming.message
    if message.automatic:
        return None
    return await confirmations.asked_by(
        connection, message.sender.address, incoming.reply_keys, incoming.thread_message_ids
    )


async def flag_same_id(connection: AsyncConnection, row: InboxRow, message: Message, identity: Identity) -> None:
    """Another mail under the Message-ID of an earlier one is kept and flagged; strangers open no tasks by it."""
    if message.channel is not Channel.EMAIL:
        return
    earlier = await inbox.same_id(connection, row.id, message.message_id)
    if earlier is None:
        return
    said = {"message_id": message.message_id, "sender": message.sender.address, "earlier": earlier}
    await ledger.append(connection, "same_message_id", message.channel.value, said, inbox_id=row.id)
    if partner := identity.partner if identity.trust is Trust.PROVEN else None:
        await tasks.open_task(
            connection, f"{row.id}:same-id", "notice",
            f"a mail from {message.sender.address} came under the Message-ID of an earlier one ({earlier}) and says "
            f"something else; both were handled [{row.reference}]",
            manager_email=partner.manager_email, partner_id=partner.id, inbox_id=row.id,
        )  # fmt: skip


async def thread_of(connection: AsyncConnection, incoming: Incoming, identity: Identity) -> str:
    """The thread it belongs to among those of its proven partner, else a new one.

    Our keys before the ids that a mail refers to: a key was given to one person in one thread, ids are quoted about.
    A new thread knows the id that its mail answers as well, so that the answered mail finds it when it comes later.
    """
    message = incoming.message
    partner_id = identity.proven_partner_id
    found = (
        await _of_button(connection, incoming, partner_id)
        or await _by_key(connection, incoming, identity)
        or await threads.find(connection, partner_id, message_ids=_ids(incoming), slack_place=incoming.slack_key)
    )
    if found is None and incoming.slack_key and partner_id is not None:
        found = await threads.of_our_post(connection, partner_id, incoming.slack_key, message.sender.slack_user)
    if found is not None and found.context.id:
        return found.context.id
    place = threads.slack_key(incoming.slack_key, partner_id) if incoming.slack_key else None
    thread_id = await threads.open_thread(
        connection, message.channel, incoming.subject, partner_id=partner_id, slack_key=place
    )
    if partner_id is not None:
        for answered in incoming.thread_message_ids[:1]:
            await threads.join_unknown(connection, thread_id, answered)
    return thread_id


def _ids(incoming: Incoming) -> tuple[str, ...]:
    return tuple(i for i in (*incoming.thread_message_ids, incoming.message.message_id) if i)


async def _of_button(connection: AsyncConnection, incoming: Incoming, partner_id: str | None) -> Thread | None:
    """The thread of the button that was pressed, where it is the presser's."""
    found = await threads.get(connection, incoming.thread_id) if incoming.thread_id and partner_id else None
    return found if found is not None and found.partner_id == partner_id else None


async def _by_key(connection: AsyncConnection, incoming: Incoming, identity: Identity) -> Thread | None:
    for key in incoming.reply_keys:
        if found := await threads.find(connection, identity.proven_partner_id, reply_key=key):
            return found
    if incoming.reply_keys:
        await _tell_of_foreign_key(connection, incoming, identity)
    return None


async def _tell_of_foreign_key(connection: AsyncConnection, incoming: Incoming, identity: Identity) -> None:
    """Who answers in the thread of a partner that he does not belong to gets nothing of it, and its manager is told:
    it may be a colleague nobody has entered yet. Once a day for a thread, however many try.
    """
    foreign = await threads.owner_of(connection, incoming.reply_keys)
    claimed = identity.partner.id if identity.partner else None
    if foreign is None or foreign.partner_id in (None, claimed):
        return
    message = incoming.message
    partner = await mirror.one(connection, Partner, str(foreign.partner_id))
    await tasks.open_task(
        connection, f"foreign-key:{foreign.context.id}:{message.received_at.date()}", "notice",
        f"{message.sender.address or 'somebody'} answered in a thread with {partner.name if partner else 'a partner'} "
        "and is none of its contacts; nothing of the thread was shown",
        manager_email=partner.manager_email if partner else "", partner_id=foreign.partner_id,
        inbox_id=message.inbox_id,
    )  # fmt: skip
