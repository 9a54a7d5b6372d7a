"""A message the agent sends of its own accord to a partner, such as a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ended, mirror, slack_channels, tasks, threads, undeliverable
from bot.storage.answers import NOTICE, put_answer
from bot.storage.codec import from_doc
from bot.storage.in_confidence import Confided
from bot.storage.outbox import Outgoing
from bot.storage.slack_channels import SlackChannel
from bot.storage.tables import inbox
from bot.vocabulary.documents import Document
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import InConfidence, Reply
from crm.records import Channel, Contact, Partner


@dataclass(frozen=True, slots=True)
class _Way:
    """Where to write, whom that reaches (None for a channel), and in which of our threads; None for a new one.

    `team` is the partner's, in Slack, and `otherwise` who gets a mail where it cannot be posted there.
    """

    to: ReplyAddress
    contact: Contact | None
    thread_id: str | None
    team: str = ""
    otherwise: Contact | None = None


async def put_notice(
    connection: AsyncConnection,
    key: str,
    partner: Partner,
    contact: Contact | None,
    *,
    thread_id: str | None,
    subject: str,
    mail_domain: str,
    words: Callable[[Channel, Contact | None], Reply | None],
    documents: Sequence[Document] = (),
    may: Callable[[Contact], bool] | None = None,
) -> Outgoing | None:
    """Written to the thread where the matter began, else to `contact`, else to the partner's main contact. By mail the
    `documents` go with it. With `may` only those are told who may know, whoever else has written in the thread. It is
    posted in Slack only while nobody but the partner and the vendor reads there; else it goes to the contact by mail.

    All of them as they stand now: much may have changed since the thread was last written in, and who takes no mail
    is passed over. Where nobody is left a person gets a task, and None is returned.
    """
    way = await _way(connection, partner, contact, thread_id, subject, may)
    if way is None:
        await tasks.open_task(
            connection, f"{key}:untold", "notice", f"nobody at {partner.name} could be told: {subject}",
            manager_email=partner.manager_email, partner_id=partner.id,
        )  # fmt: skip
        return None
    channel = Channel.SLACK if way.to.slack_channel else Channel.EMAIL
    reply = words(channel, way.contact)
    if reply is None:
        return None
    known = way.thread_id or await threads.open_thread(connection, channel, subject, partner_id=partner.id)
    mail = words(Channel.EMAIL, way.otherwise) if way.to.slack_channel else None
    return await put_answer(
        connection, key, NOTICE, way.to, reply, mail_domain=mail_domain, thread_id=known, partner_id=partner.id,
        documents=documents, only_team=way.team,
        with_post=_by_mail_else(way, key, reply, mail, partner, subject, mail_domain) if mail else {},
    )  # fmt: skip


def _by_mail_else(
    way: _Way,
    key: str,
    reply: Reply,
    mail: Reply,
    partner: Partner,
    subject: str,
    mail_domain: str,
) -> Mapping[str, Any]:
    """What a post needs to become a mail once it is refused; nothing of that is said in the channel."""
    nothing = Reply("", reply.language)
    said = InConfidence(reply, mail, subject, nothing, nothing, nothing)
    contact_id = way.otherwise.id if way.otherwise else None
    task = f"nobody at {partner.name} could be told: {subject}"
    return Confided(
        key, replace(way.to, slack_user=""), said, partner.id, contact_id, way.thread_id, None, mail_domain, task
    ).with_post


async def _way(
    connection: AsyncConnection,
    partner: Partner,
    contact: Contact | None,
    thread_id: str | None,
    subject: str,
    may: Callable[[Contact], bool] | None,
) -> _Way | None:
    if await ended.has_ended(connection, partner.id):
        return None
    last = await _last_way_back(connection, thread_id) if thread_id else None
    known = [c for c in await mirror.of_partner(connection, Contact, partner.id) if c.active and c.email]
    dead = await undeliverable.of_addresses(connection, [c.email for c in known])
    contacts = [c for c in known if c.email.lower() not in dead and (may is None or may(c))]
    if last is not None and not last.outsiders:
        channel = await _still_theirs(connection, last.slack_channel, partner) if last.slack_channel else None
        if channel is not None:
            named = next((c for c in contacts if contact and c.id == contact.id), None)
            main = next((c for c in contacts if c.main), None)
            return _Way(last, named, thread_id, channel.partner_team_id, named or main)
        if last.to and (writer := next((c for c in contacts if c.email.lower() == last.to.lower()), None)):
            return _Way(last, writer, thread_id)
    told = next((c for c in contacts if contact and c.id == contact.id), next((c for c in contacts if c.main), None))
    if told is None:
        return None
    same_thread = last is None or bool(last.to)
    return _Way(ReplyAddress(to=told.email, subject=subject), told, thread_id if same_thread else None)


async def _still_theirs(connection: AsyncConnection, channel_id: str, partner: Partner) -> SlackChannel | None:
    mapped = await slack_channels.find(connection, channel_id)
    theirs = mapped is not None and mapped.partner_id == partner.id and not mapped.paused
    return mapped if theirs else None


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
