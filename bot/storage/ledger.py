"""The ledger: what happened, chained by hash in batches; personal data can be erased without breaking the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, Select, Text, bindparam, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import chain as chained
from bot.storage.chain import Path
from bot.storage.tables import ledger

_LOCK = 0x4C65_6467
ERASED = "erased"
"""The kind of the rows that say which values of which rows were removed: nothing may be missing without one."""


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
        await connection.execute(_APPEND, [values_of(entry) for entry in entries])


_APPEND = insert(ledger)


def values_of(entry: Entry) -> dict[str, Any]:
    """The columns of a row, with a salt of its own for each field."""
    body = chained.keepable(entry.body)
    salts, digests = chained.salted(body)
    return {
        "kind": entry.kind,
        "actor": entry.actor,
        "partner_id": entry.partner_id,
        "inbox_id": entry.inbox_id,
        "body": body,
        "salts": salts,
        "digests": digests,
    }


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
    end = await head(connection)
    rows = await connection.execute(links().where(ledger.c.position.is_(None)).order_by(ledger.c.id).limit(limit))
    sealed: list[tuple[int, Head]] = []
    for row in rows.all():
        end = Head(end.position + 1, link_of(end.chain, end.position + 1, row))
        sealed.append((row.id, end))
    if sealed:
        said = {
            "rows": [row_id for row_id, _ in sealed],
            "positions": [at.position for _, at in sealed],
            "chains": [at.chain for _, at in sealed],
        }
        await connection.execute(_SEAL, said)
    return len(sealed)


_SEAL = text(
    "update ledger set position = said.position, chain = said.chain"
    " from unnest(:rows, :positions, :chains) as said (id, position, chain) where ledger.id = said.id"
).bindparams(
    bindparam("rows", type_=ARRAY(BigInteger)),
    bindparam("positions", type_=ARRAY(BigInteger)),
    bindparam("chains", type_=ARRAY(Text)),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: who keeps it elsewhere can later prove that everything up to it is as it was."""

    position: int
    chain: str

    def __str__(self) -> str:
        return f"{self.position}:{self.chain}"


async def head(connection: AsyncConnection) -> Head:
    """Position 0 where nothing is sealed yet."""
    query = select(ledger.c.position, ledger.c.chain).where(ledger.c.position.is_not(None))
    end = (await connection.execute(query.order_by(ledger.c.position.desc()).limit(1))).one_or_none()
    return Head(end.position, end.chain) if end else Head(0, chained.START)


async def unsealed(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.count()).select_from(ledger).where(ledger.c.position.is_(None))) or 0


def links() -> Select[Any]:
    """What the chain covers of each row."""
    c = ledger.c
    return select(c.id, c.at, c.kind, c.actor, c.partner_id, c.inbox_id, c.digests)


def hash_of(row: Row[Any]) -> str:
    """Of a row that has the columns of `links`."""
    return chained.row_hash(row.id, row.at, row.kind, row.actor, row.partner_id, row.inbox_id, row.digests)


def link_of(previous: str, position: int, row: Row[Any]) -> str:
    """The chain's value at a row that has the columns of `links`."""
    return chained.link(previous, position, hash_of(row))


async def erase(
    connection: AsyncConnection, actor: str, gone: Mapping[int, Sequence[Path]], said: Mapping[str, Any]
) -> int:
    """Remove values of rows with their salts, and write down that it was done: the digests stay, so the chain still
    verifies, and nothing can be guessed back. How many values went.

    `said` stands beside it in the row that proves it: why, and whose they were.
    """
    query = select(ledger.c.id, ledger.c.body, ledger.c.salts).where(ledger.c.id.in_(sorted(gone)))
    rows = (await connection.execute(query.with_for_update())).all()
    left = [
        {
            "row": row.id,
            "left": chained.without(row.body, list(gone[row.id])),
            "salts_left": chained.without(row.salts, list(gone[row.id])),
        }
        for row in rows
    ]
    if left:
        await connection.execute(text("select set_config('partnerline.erasing', 'on', true)"))
        change = update(ledger).where(ledger.c.id == bindparam("row"))
        await connection.execute(change.values(body=bindparam("left"), salts=bindparam("salts_left")), left)
        await connection.execute(text("select set_config('partnerline.erasing', 'off', true)"))
    await append(connection, ERASED, actor, {**said, "rows": _grouped({row.id: gone[row.id] for row in rows})})
    return sum(len(gone[row.id]) for row in rows)


def _grouped(gone: Mapping[int, Sequence[Path]]) -> list[dict[str, Any]]:
    """Rows that lost the same values, told together."""
    groups: dict[tuple[Path, ...], list[int]] = {}
    for row_id, paths in sorted(gone.items()):
        groups.setdefault(tuple(sorted(paths)), []).append(row_id)
    return [{"values": [list(path) for path in paths], "ids": ids} for paths, ids in groups.items()]
