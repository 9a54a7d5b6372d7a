"""A message the agent sends of its own accord to a partner's thread: a decision, later a reminder."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import threads
from bot.storage.answers import NOTICE, put_answer
from bot.storage.codec import from_doc
from bot.storage.outbox import Outgoing
from bot.storage.tables import inbox
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Partner


async def put_notice(
    connection: AsyncConnection,
    key: str,
    partner: Partner,
    contact: Contact | None,
    *,
    thread_id: str | None,
    subject: str,
    mail_domain: str,
    words: Callable[[Channel], Reply | None],
) -> Outgoing | None:
    """Written to the thread where the matter began, else to the contact's address; None where neither is known."""
    to = await _last_way_back(connection, thread_id) if thread_id else None
    if to is None and contact is not None and contact.email:
        to = ReplyAddress(to=contact.email, subject=subject)
    if to is None:
        return None
    channel = Channel.SLACK if to.slack_channel else Channel.EMAIL
    reply = words(channel)
    if reply is None:
        return None
    if thread_id is None:
        thread_id = await threads.open_thread(connection, channel, subject, partner_id=partner.id)
    return await put_answer(
        connection, key, NOTICE, to, reply, mail_domain=mail_domain, thread_id=thread_id, partner_id=partner.id
    )


async def _last_way_back(connection: AsyncConnection, thread_id: str) -> ReplyAddress | None:
    """How the partner's last proven message in the thread could be answered."""
    query = (
        select(inbox.c.message)
        .where(inbox.c.thread_id == thread_id, inbox.c.trust == "proven", inbox.c.message.is_not(None))
        .order_by(inbox.c.received_at.desc())
        .limit(1)
    )
    message = await connection.scalar(query)
    way = message.get("reply_to") if message else None
    return from_doc(ReplyAddress, way) if way else None
