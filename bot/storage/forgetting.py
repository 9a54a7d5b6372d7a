"""Erases what we keep of one contact: what it wrote and was told, its name and addresses; and writes down that we did.

What the law has us keep (registrations, statements, invoices) stays, with the name replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import any_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage import emptying, forgotten, ledger, mirror, traces
from bot.storage.chain import Path
from bot.storage.sweeping import sweep
from bot.storage.tables import ledger as ledger_table
from bot.storage.traces import Traces
from crm.records import Contact

Told = Callable[[int, int], None]
_PLAIN = frozenset(
    {"outcome", "trust", "deals", "answered", "reader", "language", "answer_expected", "thread", "key", "what", "kind",
     "remote_id", "state"}
)  # fmt: skip
"""Values of rows about the person's messages that say nothing of it."""
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: rows by table, and values of the ledger."""

    rows: Mapping[str, int]
    values: int


@dataclass(frozen=True, slots=True)
class StillWaits:
    """Nothing was erased: so many entries about the person are still on their way to the CRM."""

    entries: int


async def forget(
    connection: AsyncConnection,
    contact: Contact,
    by: str,
    reason: str,
    *,
    drop_waiting: bool = False,
    told: Told | None = None,
) -> Forgotten | StillWaits:
    """In the caller's transaction: all of it or nothing; rolled back, it has only counted.

    `drop_waiting` gives up what still waits for the CRM; mails to the person that still wait are given up in any case.
    """
    if contact.partner_id:
        await mirror.version(connection, contact.partner_id, lock=True)
    found = await traces.find(connection, contact)
    waits = await emptying.waiting(connection, found)
    if waits and not drop_waiting:
        return StillWaits(waits)
    gone = await _of_ledger(connection, found)
    rows = Counter(await emptying.empty(connection, found))
    rows.update(await sweep(connection, found, told))
    why = found.without(reason, named=True, words=True)
    said = {"contact": contact.id, "reason": why, "tables": dict(sorted(rows.items()))}
    values = await ledger.erase(connection, by, gone, said)
    if contact.id:
        await forgotten.note(connection, contact.id, by)
        await mirror.bump(connection, [contact.partner_id])
    while await ledger.seal(connection):
        pass
    return Forgotten(dict(sorted(rows.items())), values)


def stranger(address: str) -> Contact:
    """Somebody who is no partner's contact, to be forgotten by the address alone."""
    return Contact("", "", "", address.strip().lower())


async def _of_ledger(connection: AsyncConnection, found: Traces) -> dict[int, list[Path]]:
    """Which values of which rows have to go."""
    c = ledger_table.c
    likes = bindparam("likes", [f"%{one}%" for one in found.everywhere], type_=ARRAY(Text))
    ours = c.partner_id.is_(None) | (c.partner_id == found.partner_id) | c.inbox_id.in_(found.messages)
    query = select(c.id, c.partner_id, c.inbox_id, c.kind, c.body).where(
        c.kind != ledger.ERASED, ours | cast(c.body, Text).ilike(any_(likes))
    )
    gone: dict[int, list[Path]] = {}
    async with connection.stream(query.order_by(c.id).execution_options(yield_per=_PAGE)) as rows:
        async for row in rows:
            own = row.inbox_id in found.messages
            home = own or row.partner_id in (None, found.partner_id)
            if lost := list(_values(row.body, found, own=own, home=home)):
                gone[row.id] = lost
    return gone


def _values(body: Mapping[str, Any], found: Traces, *, own: bool, home: bool) -> Iterator[Path]:
    """Of a row about one of the person's own messages everything that is not known to be plain."""
    for path, value in _leaves(body):
        told = own and path[0] not in _PLAIN and value not in ("", None, [], {})
        if told or found.without(value, named=home, words=home) is not value:
            yield path


def _leaves(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Values as the ledger has digests for them."""
    for name, value in body.items():
        if isinstance(value, dict) and value:
            yield from (((name, part), said) for part, said in value.items())
        else:
            yield (name,), value
