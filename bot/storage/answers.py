"""An answer on its way: the outbox row for one message, with its reply key, and the thread that will know it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox, threads
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_answers import MORE, posts, with_buttons
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
    with_post: Mapping[str, Any] = MappingProxyType({}),
) -> Outgoing:
    """Write the row for `to`, in Slack or by mail; in Slack several where the answer is long, and the first is given
    back. `kind` is REPLY to something just said, else another one. With `only_team` it is posted in Slack only while
    nobody but that team and the vendor reads the channel. `documents` go with a mail; Slack gets none. `with_post` is
    what else the Slack outlet has to know, with every post of the answer.

    A mail in a thread is answered to that thread's own key, any other to `reply_key`, or "" for our plain address.
    """
    row = partial(Outgoing, partner_id=partner_id, inbox_id=inbox_id, thread_id=thread_id)
    if to.slack_channel:
        more = dict(with_post) if only_team is None else {**with_post, "only_team": only_team}
        rows = [
            row(f"{key}:{number}" if number else key, Destination.SLACK, MORE if number else kind, payload | more,
                ordering=to.slack_channel)
            for number, payload in enumerate(posts(to, reply))
        ]  # fmt: skip
        await _in_thread(connection, rows, reply)
        if thread_id is not None:
            await threads.took_part(connection, thread_id)
    else:
        rows = [row(key, Destination.MAIL, kind, _mail_payload(to, reply, documents), ordering=to.to.lower())]
        rows[0].payload.update({"reply_key": reply_key} if reply_key else {})
        if thread_id is not None:
            ours = f"<{rows[0].id}@{mail_domain}>"
            rows[0].payload["reply_key"] = await threads.answered(connection, thread_id, to.to, ours)
    await outbox.put(connection, rows)
    return rows[0]


async def _in_thread(connection: AsyncConnection, rows: Sequence[Outgoing], reply: Reply) -> None:
    """Further posts stand below the first one; what may be pressed stands below the last."""
    for row in rows[1:]:
        if not row.payload["thread_ts"]:
            row.payload["under"] = rows[0].id
    if rows[-1].partner_id is not None:
        await with_buttons(connection, rows[-1], reply, datetime.now(UTC))


def _mail_payload(to: ReplyAddress, reply: Reply, documents: Sequence[Document]) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "to": to.to,
        "subject": to.subject,
        "in_reply_to": to.in_reply_to,
        "references": list(to.references),
        "text": reply.text,
        "layout": to_payload(reply.layout),
        "language": reply.language,
    }
    return payload | ({"documents": attached.to_payload(documents)} if documents else {})
