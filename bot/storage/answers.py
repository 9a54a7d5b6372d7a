"""An answer on its way: the outbox row for one message, with its reply key, and the thread that will know it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox, threads
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary import documents as attached
from bot.vocabulary.documents import Document
from bot.vocabulary.layout import to_payload
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import Reply

REPLY, NOTICE, CONFIRMATION = "reply", "notice", "confirmation"


async def put_answer(
    connection: AsyncConnection,
    key: str,
    kind: str,
    to: ReplyAddress,
    reply: Reply,
    *,
    mail_domain: str,
    thread_id: str | None,
    partner_id: str | None,
    inbox_id: str | None = None,
    reply_key: str = "",
    only_team: str | None = None,
    documents: Sequence[Document] = (),
) -> Outgoing:
    """Write the row for `to`, in Slack or by mail; `kind` is REPLY to something just said, else another one. With
    `only_team` it is posted in Slack only while nobody but that team and the vendor reads the channel. `documents` go
    with a mail; Slack gets none.

    A mail in a thread is answered to that thread's own key, any other to `reply_key`, or "" for our plain address.
    """
    slack = bool(to.slack_channel)
    payload = _slack_payload(to, reply) if slack else _mail_payload(to, reply)
    row = Outgoing(
        key=key,
        destination=Destination.SLACK if slack else Destination.MAIL,
        kind=kind,
        payload=payload,
        ordering=to.slack_channel or to.to.lower(),
        partner_id=partner_id,
        inbox_id=inbox_id,
        thread_id=thread_id,
    )
    if only_team is not None and slack:
        payload["only_team"] = only_team
    if reply_key and not slack:
        payload["reply_key"] = reply_key
    if documents and not slack:
        payload["documents"] = attached.to_payload(documents)
    if thread_id is not None:
        await threads.remember(connection, thread_id, agent_took_part=True)
        if not slack:
            payload["reply_key"] = await threads.reply_key(connection, thread_id, to.to)
            await threads.join(connection, thread_id, f"<{row.id}@{mail_domain}>")
    await outbox.put(connection, [row])
    return row


def _slack_payload(to: ReplyAddress, reply: Reply) -> dict[str, Any]:
    return {"channel": to.slack_channel, "thread_ts": to.slack_thread_ts, "text": reply.text}


def _mail_payload(to: ReplyAddress, reply: Reply) -> dict[str, Any]:
    return {
        "to": to.to,
        "subject": to.subject,
        "in_reply_to": to.in_reply_to,
        "references": list(to.references),
        "text": reply.text,
        "layout": to_payload(reply.layout),
        "language": reply.language,
    }
