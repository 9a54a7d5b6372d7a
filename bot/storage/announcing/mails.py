"""The mails of one portion with what makes each answerable: a thread, a reply key, its Message-ID, a way to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import opt_out_links
from bot.storage.bulk import insert_all
from bot.storage.outbox import Outgoing
from bot.storage.tables import outbox, reply_keys, thread_messages, threads
from bot.vocabulary.message import ThreadKind
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class NewMail:
    """One recipient's. `row` is the mail itself, `line` what the timeline says of it; `token` stands in the link by
    which he leaves the list.
    """

    contact_id: str
    address: str
    thread_id: str
    subject: str
    reply_key: str
    token: str
    row: Outgoing
    line: Outgoing


async def write_all(
    connection: AsyncConnection, announcement_id: str, mails: Sequence[NewMail], mail_domain: str
) -> None:
    """All of them, in a few statements."""
    await insert_all(connection, threads, [_thread(announcement_id, mail) for mail in mails])
    keys = [{"key": mail.reply_key, "thread_id": mail.thread_id, "address": mail.address} for mail in mails]
    await insert_all(connection, reply_keys, keys)
    ids = [{"message_id": f"<{mail.row.id}@{mail_domain}>", "thread_id": mail.thread_id} for mail in mails]
    await insert_all(connection, thread_messages, ids)
    links = [
        {"token": mail.token, "contact_id": mail.contact_id, "partner_id": mail.row.partner_id,
         "announcement_id": announcement_id}
        for mail in mails
    ]  # fmt: skip
    await insert_all(connection, opt_out_links, links)
    await insert_all(connection, outbox, [_values(mail.row) for mail in mails])
    await insert_all(connection, outbox, [_values(mail.line) for mail in mails])


def _thread(announcement_id: str, mail: NewMail) -> dict[str, Any]:
    return {
        "id": mail.thread_id, "channel": Channel.EMAIL.value, "subject": mail.subject[:255],
        "partner_id": mail.row.partner_id, "kind": ThreadKind.ANNOUNCEMENT.value, "announcement_id": announcement_id,
        "agent_took_part": True,
    }  # fmt: skip


def _values(row: Outgoing) -> dict[str, Any]:
    return {"id": row.id} | {field.name: getattr(row, field.name) for field in fields(Outgoing)}
