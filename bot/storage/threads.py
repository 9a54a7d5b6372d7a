"""Threads: what the agent said and asked in each, and how a new message finds the one it belongs to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import outbox, reply_keys, thread_messages, threads
from bot.vocabulary.message import ThreadContext, ThreadKind, is_direct
from crm.records import Channel

_NEWEST = 10  # ids looked at from each end of References


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with the partner it belongs to; None while nobody proven has written in it."""

    context: ThreadContext
    partner_id: str | None
    subject: str
    in_slack: bool = False


def slack_key(place: str, partner_id: str | None) -> str:
    """The key of a Slack thread (team/channel/ts) as one partner's: whoever else writes in it has one of his own."""
    return f"{place}#{partner_id or ''}"


async def find(
    connection: AsyncConnection,
    partner_id: str | None,
    *,
    reply_key: str = "",
    message_ids: Sequence[str] = (),
    slack_place: str = "",
) -> Thread | None:
    """By reply key, by any Message-ID of the thread, or by the Slack thread; never by the subject alone.

    Knowing a key or an id is not enough: only threads of this partner are found, for None only those of nobody.
    """
    query = select(threads).where(threads.c.partner_id.is_not_distinct_from(partner_id))
    if slack_place:
        here = threads.c.slack_key == slack_key(slack_place, partner_id)
        return _thread((await connection.execute(query.where(here))).one_or_none())
    if reply_key:
        by_key = await connection.execute(_BY_KEY, {"partner": partner_id, "key": reply_key})
        if row := by_key.one_or_none():
            return _thread(row)
    ids = [*message_ids[:_NEWEST], *message_ids[-_NEWEST:]]
    if not ids:
        return None
    by_id = (
        query.join(thread_messages).where(thread_messages.c.message_id.in_(ids)).order_by(threads.c.opened_at.desc())
    )
    return _thread((await connection.execute(by_id.limit(1))).one_or_none())


async def of_our_post(
    connection: AsyncConnection, partner_id: str | None, slack_place: str, writer: str = ""
) -> Thread | None:
    """The thread of a post of ours that somebody answers for the first time; from then on it is known by its place. In
    direct messages of the `writer`'s it is the thread that went on there.
    """
    _, channel, ts = slack_place.rsplit("/", 2)
    if is_direct(channel):
        return await _of_direct_message(connection, partner_id, writer, ts)
    posted = select(outbox.c.thread_id).where(
        outbox.c.destination == literal_column("'slack'"), outbox.c.ordering == channel, outbox.c.remote_id == ts
    )
    mine = threads.c.partner_id == partner_id
    query = select(threads).where(threads.c.id.in_(posted), threads.c.slack_key.is_(None), mine)
    found = _thread((await connection.execute(query.limit(1))).one_or_none())
    if found is not None and found.context.id:
        await remember(connection, found.context.id, slack_key=slack_key(slack_place, partner_id))
    return found


async def _of_direct_message(
    connection: AsyncConnection, partner_id: str | None, writer: str, ts: str
) -> Thread | None:
    posted = select(outbox.c.thread_id).where(
        outbox.c.destination == literal_column("'slack'"), outbox.c.ordering == writer, outbox.c.remote_id == ts
    )
    query = select(threads).where(threads.c.id.in_(posted), threads.c.partner_id == partner_id)
    return _thread((await connection.execute(query.limit(1))).one_or_none())


async def owner_of(connection: AsyncConnection, keys: Sequence[str]) -> Thread | None:
    """The thread of the first known key, whoever it belongs to: for managers, never for who brought the key."""
    query = select(threads).join(reply_keys).where(reply_keys.c.key.in_(keys)).limit(1)
    return _thread((await connection.execute(query)).one_or_none())


async def get(connection: AsyncConnection, thread_id: str) -> Thread | None:
    return _thread((await connection.execute(_GET, {"thread": thread_id})).one_or_none())


async def channel_of(connection: AsyncConnection, thread_id: str | None) -> Channel | None:
    """Where the thread is; None where there is none."""
    found = await connection.scalar(select(threads.c.channel).where(threads.c.id == thread_id)) if thread_id else None
    return Channel(found) if found else None


async def open_thread(
    connection: AsyncConnection, channel: Channel, subject: str, *, partner_id: str | None, **values: Any
) -> str:
    """A new thread's id; for a Slack thread that exists already, the id of that one."""
    thread_id = str(values.pop("id", None) or uuid4())
    made = insert(threads).values(
        id=thread_id, channel=channel.value, subject=subject[:255], partner_id=partner_id, **values
    )
    await connection.execute(made.on_conflict_do_nothing(index_elements=["slack_key"]))
    if slack_key := values.get("slack_key"):
        found = await connection.scalar(select(threads.c.id).where(threads.c.slack_key == slack_key))
        return str(found)
    return thread_id


async def join(connection: AsyncConnection, thread_id: str, message_id: str) -> None:
    """Remember a Message-ID, ours or theirs, as one of this thread."""
    if message_id:
        await connection.execute(_JOIN, {"thread_id": thread_id, "message_id": message_id})


async def join_unknown(connection: AsyncConnection, thread_id: str, message_id: str) -> None:
    """Remember a Message-ID that a mail of this thread answers, unless it is known to stand in another one."""
    known = select(thread_messages.c.thread_id).where(thread_messages.c.message_id == message_id).limit(1)
    if message_id and await connection.scalar(known) is None:
        await join(connection, thread_id, message_id)


async def remember(connection: AsyncConnection, thread_id: str, **values: Any) -> None:
    """Store what the agent now knows of the thread (kind, asked, subject_ref, partner_id, agent_took_part)."""
    await connection.execute(update(threads).where(threads.c.id == thread_id).values(**values))


async def reply_key(connection: AsyncConnection, thread_id: str, address: str) -> str:
    """The key of this person in this thread: 128 random bits, drawn once."""
    drawn = {"key": secrets.token_hex(16), "thread_id": thread_id, "address": address}
    return str(await connection.scalar(_KEEP_KEY, drawn))


async def answered(connection: AsyncConnection, thread_id: str, address: str, message_id: str) -> str:
    """A mail of ours in the thread, known by its Message-ID from now on: the key of whom it goes to, see `reply_key`,
    and the agent takes part in the thread; in one statement.
    """
    drawn = {"key": secrets.token_hex(16), "thread": thread_id, "address": address, "message": message_id}
    return str(await connection.scalar(_ANSWERED, drawn))


async def took_part(connection: AsyncConnection, thread_id: str) -> None:
    """The agent has said something in the thread."""
    await connection.execute(_TOOK_PART, {"thread": thread_id})


# Every message asks these: made once, they are not put together anew each time.
_GET = select(threads).where(threads.c.id == bindparam("thread"))
_BY_KEY = (
    select(threads)
    .join(reply_keys)
    .where(reply_keys.c.key == bindparam("key"), threads.c.partner_id.is_not_distinct_from(bindparam("partner")))
)
_JOIN = insert(thread_messages).on_conflict_do_nothing()
_KEY = insert(reply_keys)
_KEEP_KEY = _KEY.on_conflict_do_update(
    index_elements=["thread_id", "address"], set_={"address": _KEY.excluded.address}
).returning(reply_keys.c.key)
_ANSWERED = text("""
    with joined as (
        insert into thread_messages (message_id, thread_id) values (:message, cast(:thread as uuid))
        on conflict do nothing
    ), taking_part as (
        update threads set agent_took_part = true where id = cast(:thread as uuid) and not agent_took_part
    )
    insert into reply_keys (key, thread_id, address) values (:key, cast(:thread as uuid), :address)
    on conflict (thread_id, address) do update set address = excluded.address
    returning key
""")
_TOOK_PART = (
    update(threads)
    .where(threads.c.id == bindparam("thread"), threads.c.agent_took_part.is_(False))
    .values(agent_took_part=True)
)


def _thread(row: Row[Any] | None) -> Thread | None:
    if row is None:
        return None
    context = ThreadContext(
        id=row.id,
        kind=ThreadKind(row.kind) if row.kind else None,
        asked=tuple(row.asked),
        subject_ref=row.subject_ref,
        announcement_id=row.announcement_id,
        agent_took_part=row.agent_took_part,
        proposal=row.proposal,
    )
    return Thread(context, row.partner_id, row.subject, row.slack_key is not None)
