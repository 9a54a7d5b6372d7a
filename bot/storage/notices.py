"""A message the agent sends of its own accord to a partner's thread: a decision, later a reminder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import threads
from bot.storage.outbox import Destination, Outgoing
from bot.storage.tables import inbox
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, Partner


async def notice_rows(
    connection: AsyncConnection,
    *,
    key: str,
    partner: Partner,
    contact: Contact | None,
    thread_id: str | None,
    subject: str,
    mail_domain: str,
    words: Callable[[Channel], Reply | None],
) -> list[Outgoing]:
    """Outbox rows for the thread where the matter began, else for the contact's address; none when neither is known."""
    way = await _last_way_back(connection, thread_id) if thread_id else None
    if way is not None and way.get("slack_channel"):
        reply = words(Channel.SLACK)
        payload = {"channel": way["slack_channel"], "thread_ts": way["slack_thread_ts"]}
        return [] if reply is None else [_row(key, Destination.SLACK, payload, reply, partner, thread_id)]
    to = str(way["to"]) if way else (contact.email if contact else "")
    reply = words(Channel.EMAIL)
    if not to or reply is None:
        return []
    if thread_id is None:
        thread_id = await threads.open_thread(connection, Channel.EMAIL, subject, partner_id=partner.id)
    payload = {
        "to": to,
        "subject": way["subject"] if way else subject,
        "in_reply_to": way["in_reply_to"] if way else "",
        "references": way["references"] if way else [],
        "reply_key": await threads.reply_key(connection, thread_id, to),
        "language": reply.language,
    }
    row = _row(key, Destination.MAIL, payload, reply, partner, thread_id)
    await threads.join(connection, thread_id, f"<{row.id}@{mail_domain}>")
    return [row]


async def _last_way_back(connection: AsyncConnection, thread_id: str) -> dict[str, Any] | None:
    """How the partner's last proven message in the thread could be answered."""
    query = (
        select(inbox.c.message)
        .where(inbox.c.thread_id == thread_id, inbox.c.trust == "proven", inbox.c.message.is_not(None))
        .order_by(inbox.c.received_at.desc())
        .limit(1)
    )
    message = await connection.scalar(query)
    way: dict[str, Any] | None = message.get("reply_to") if message else None
    return way


def _row(
    key: str, destination: Destination, payload: dict[str, Any], reply: Reply, partner: Partner, thread_id: str | None
) -> Outgoing:
    return Outgoing(
        key, destination, "notice", {**payload, "text": reply.text}, partner_id=partner.id, thread_id=thread_id
    )
