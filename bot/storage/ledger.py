"""The ledger: what happened, chained by hash in batches; personal data can be erased without breaking the chain."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, Row, Select, Text, bindparam, cast, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import ledger

_LOCK = 0x4C65_6467
_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be: what kind of thing happened, who did it, and the facts of it."""

    kind: str
    actor: str
    body: dict[str, Any]
    partner_id: str | None = None
    inbox_id: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a registration: when, by whom, and the state it was left in ("" where it stayed)."""

    at: datetime
    actor: str
    kind: str
    state: str


async def append(
    connection: AsyncConnection,
    kind: str,
    actor: str,
    body: dict[str, Any],
    *,
    partner_id: str | None = None,
    inbox_id: str | None = None,
) -> None:
    """One row, see `append_all`."""
    await append_all(connection, [Entry(kind, actor, body, partner_id, inbox_id)])


async def append_all(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Rows in this order; each field of a body gets a salt of its own, and the chain will cover salted hashes only."""
    if entries:
        await connection.execute(_APPEND, [_values(entry) for entry in entries])


_APPEND = insert(ledger)


def _values(entry: Entry) -> dict[str, Any]:
    salts = {name: secrets.token_hex(8) for name in entry.body}
    return {
        "kind": entry.kind,
        "actor": entry.actor,
        "partner_id": entry.partner_id,
        "inbox_id": entry.inbox_id,
        "body": entry.body,
        "salts": salts,
        "digests": {name: _digest(salts[name], value) for name, value in entry.body.items()},
    }


def _digest(salt: str, value: Any) -> str:
    return hashlib.sha256((salt + json.dumps(value, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()


async def of_registration(connection: AsyncConnection, partner_id: str, number: str) -> tuple[Step, ...]:
    """What is known of how a partner's registration came to where it stands, oldest first; for managers."""
    record = ledger.c.body["registration"]
    query = select(ledger.c.at, ledger.c.actor, ledger.c.kind, record["state"].astext.label("state")).where(
        ledger.c.partner_id == partner_id,
        ledger.c.kind.in_(("registration", "approval")),
        or_(record["number"].astext == number, ledger.c.body["number"].astext == number),
    )
    rows = (await connection.execute(query.order_by(ledger.c.id))).all()
    return tuple(Step(row.at, row.actor, row.kind, row.state or "") for row in rows)


async def seal(connection: AsyncConnection, limit: int = 5_000) -> int:
    """Chain the rows that are not yet chained; how many. One sealer at a time.

    `position` is the place in the chain: a row that commits late with a lower id than a sealed one comes after it.
    """
    await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = select(ledger.c.position, ledger.c.chain).where(ledger.c.position.is_not(None))
    end = (await connection.execute(last.order_by(ledger.c.position.desc()).limit(1))).one_or_none()
    position, chain = (end.position, end.chain) if end else (0, _START)
    rows = await connection.execute(_links().where(ledger.c.position.is_(None)).order_by(ledger.c.id).limit(limit))
    sealed = []
    for row in rows.all():
        position, chain = position + 1, _link(chain, row)
        sealed.append({"row": row.id, "at_position": position, "value": chain})
    if sealed:
        change = update(ledger).where(ledger.c.id == bindparam("row"))
        await connection.execute(change.values(position=bindparam("at_position"), chain=bindparam("value")), sealed)
    return len(sealed)


async def first_broken(connection: AsyncConnection) -> int | None:
    """The id of the first row whose chain value or contents were changed afterwards; None when all is as it was."""
    query = (
        _links().add_columns(ledger.c.chain, ledger.c.body, ledger.c.salts)
        .where(ledger.c.position.is_not(None)).order_by(ledger.c.position)
    )  # fmt: skip
    chain = _START
    async with connection.stream(query) as rows:
        async for row in rows:
            chain = _link(chain, row)
            kept = all(row.digests.get(name) == _digest(row.salts[name], value) for name, value in row.body.items())
            if row.chain != chain or not kept:
                return int(row.id)
    return None


def _links() -> Select[Any]:
    return select(ledger.c.id, ledger.c.at, ledger.c.kind, ledger.c.actor, ledger.c.digests)


def _link(previous: str, row: Row[Any]) -> str:
    """SHA-256 over the chain so far and the row without its personal data."""
    at = row.at.astimezone(UTC).isoformat()
    said = json.dumps([previous, row.id, at, row.kind, row.actor, row.digests], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


async def erase(connection: AsyncConnection, row_id: int, fields: tuple[str, ...]) -> None:
    """Remove values and their salts; digests stay, so the chain still verifies and nothing can be guessed back."""
    names = cast(list(fields), ARRAY(Text))
    await connection.execute(
        update(ledger)
        .where(ledger.c.id == row_id)
        .values(body=ledger.c.body.op("-")(names), salts=ledger.c.salts.op("-")(names))
    )
