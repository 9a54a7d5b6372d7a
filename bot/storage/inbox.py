"""Incoming messages: accepted raw with their job in one commit shared by many, then read, then handled."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ARRAY, BindParameter, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.storage.database import Database
from bot.storage.queue import READ, NewJob, Queue
from bot.storage.tables import inbox
from crm.records import Channel

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, and no letters that are read as digits


class InboxState(StrEnum):
    """received -> read -> handled; beside: held, parked, shunted, duplicate, ignored."""

    RECEIVED = "received"
    READ = "read"
    HANDLED = "handled"
    HELD = "held"
    PARKED = "parked"
    SHUNTED = "shunted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


def new_reference() -> str:
    """What a person can read out on the telephone: M- and eight letters or digits."""
    return "M-" + "".join(_ALPHABET[byte % 32] for byte in secrets.token_bytes(8))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw message at the edge.

    `lock` keeps messages of one conversation in order; `dedupe_key` is None where it is not yet known.
    """

    channel: Channel
    raw: bytes
    envelope: dict[str, Any]
    received_at: datetime
    lock: str
    dedupe_key: str | None = None
    id: str = field(default_factory=lambda: str(uuid4()))
    reference: str = field(default_factory=new_reference)


@dataclass(frozen=True, slots=True)
class InboxRow:
    id: str
    channel: Channel
    state: InboxState
    received_at: datetime
    envelope: dict[str, Any]
    raw: bytes
    reference: str
    message: dict[str, Any] | None
    partner_id: str | None
    thread_id: str | None
    outcome: str
    error: str
    confirms: str | None


class Inbox:
    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Commit the messages and their *read* jobs together; a known `dedupe_key` is accepted again as nothing new."""
        async with self._database.begin() as connection:
            fresh = set(await connection.scalars(_INSERT, _columns(arrivals)))
            await self._queue.defer(
                connection,
                [NewJob(READ, f"read:{a.lock}", {"inbox_id": a.id}) for a in arrivals if a.id in fresh],
            )


def _columns(arrivals: Sequence[Arrival]) -> dict[str, list[Any]]:
    """What `_INSERT` takes: a list for each column."""
    return {
        "ids": [a.id for a in arrivals],
        "channels": [a.channel.value for a in arrivals],
        "raws": [a.raw for a in arrivals],
        "envelopes": [{**a.envelope, "lock": a.lock} for a in arrivals],
        "times": [a.received_at for a in arrivals],
        "keys": [a.dedupe_key for a in arrivals],
        "references": [a.reference for a in arrivals],
    }


def _list_of(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=ARRAY(kind))


_INSERTED = ("id", "channel", "raw", "envelope", "received_at", "dedupe_key", "reference")
# One statement whatever the number of rows, so that it is compiled and planned once and not for each commit.
_GIVEN = func.unnest(
    _list_of("ids", inbox.c.id.type), _list_of("channels", inbox.c.channel.type), _list_of("raws", inbox.c.raw.type),
    _list_of("envelopes", inbox.c.envelope.type), _list_of("times", inbox.c.received_at.type),
    _list_of("keys", inbox.c.dedupe_key.type), _list_of("references", inbox.c.reference.type),
).table_valued(*_INSERTED).render_derived()  # fmt: skip
_INSERT = (
    insert(inbox)
    .from_select(_INSERTED, select(*_GIVEN.c))
    .on_conflict_do_nothing(index_elements=["dedupe_key"], index_where=text("dedupe_key is not null"))
    .returning(inbox.c.id)
)


async def fetch(connection: AsyncConnection, inbox_id: str, *, lock: bool = False) -> InboxRow | None:
    """The row, locked against other workers when `lock` is set."""
    row = (await connection.execute(_FETCH_LOCKED if lock else _FETCH, {"id": inbox_id})).one_or_none()
    if row is None:
        return None
    values = row._asdict()
    return InboxRow(**{**values, "channel": Channel(values["channel"]), "state": InboxState(values["state"])})


# Every message asks this three times and more: made once, it is not put together and compiled anew each time.
_FETCH = select(
    inbox.c.id, inbox.c.channel, inbox.c.state, inbox.c.received_at, inbox.c.envelope, inbox.c.raw,
    inbox.c.reference, inbox.c.message, inbox.c.partner_id, inbox.c.thread_id, inbox.c.outcome, inbox.c.error,
    inbox.c.confirms,
).where(inbox.c.id == bindparam("id"))  # fmt: skip
_FETCH_LOCKED = _FETCH.with_for_update()


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a message, and in which thread."""

    contact_id: str | None
    thread_id: str | None


async def origin(connection: AsyncConnection, inbox_id: str) -> Origin | None:
    query = select(inbox.c.contact_id, inbox.c.thread_id).where(inbox.c.id == inbox_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Origin(row.contact_id, row.thread_id)


async def mark(connection: AsyncConnection, inbox_id: str, state: InboxState, **values: Any) -> None:
    """Move a message to a state, with whatever else is now known of it."""
    await connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(state=state.value, **values))


async def claim_key(connection: AsyncConnection, inbox_id: str, key: str, *, proven: bool) -> bool:
    """Give a mail its duplicate key; False when another message already has it.

    The same mail may come by a way that proves its sender after one that does not, or a stranger may send a copy of it
    first: the proven copy counts, however far the other one has come.
    """
    if await _take_key(connection, inbox_id, key):
        return True
    if not proven:
        return False
    await connection.execute(_GIVE_UP_KEY, {"key": key, "mine": inbox_id})
    return await _take_key(connection, inbox_id, key)


async def _take_key(connection: AsyncConnection, inbox_id: str, key: str) -> bool:
    try:
        async with connection.begin_nested():
            await connection.execute(_TAKE_KEY, {"key": key, "mine": inbox_id})
    except IntegrityError:
        return False
    return True


_GIVE_UP_KEY = (
    update(inbox)
    .where(
        inbox.c.dedupe_key == bindparam("key"), inbox.c.trust != "proven", inbox.c.id != bindparam("mine"),
        # An answer to a question of ours counts without a proof, and has counted.
        inbox.c.confirms.is_(None),
    )
    .values(dedupe_key=None, state=InboxState.DUPLICATE.value)
)  # fmt: skip
_TAKE_KEY = update(inbox).where(inbox.c.id == bindparam("mine")).values(dedupe_key=bindparam("key"))


async def same_id(connection: AsyncConnection, inbox_id: str, message_id: str) -> str | None:
    """The reference of an earlier message that is another one under the same Message-ID; None where there is none."""
    if not message_id:
        return None
    found: str | None = await connection.scalar(_SAME_ID, {"message_id": message_id, "mine": inbox_id})
    return found


_NO_MESSAGE = (InboxState.DUPLICATE.value, InboxState.IGNORED.value)
_SAME_ID = (
    select(inbox.c.reference)
    .where(
        inbox.c.message_id == bindparam("message_id"), inbox.c.id != bindparam("mine"),
        inbox.c.state.not_in(_NO_MESSAGE),
    )
    .order_by(inbox.c.received_at)
    .limit(1)
)  # fmt: skip


async def failed(connection: AsyncConnection, inbox_id: str, error: str) -> int:
    """Count a failure that is the message's own; how many there are now."""
    counted = update(inbox).where(inbox.c.id == inbox_id).values(failures=inbox.c.failures + 1, error=error)
    return int(await connection.scalar(counted.returning(inbox.c.failures)) or 0)
