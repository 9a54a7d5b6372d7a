"""One partner's part of the ledger as a file that proves itself: its rows whole, of those between only their hashes.

docs/ledger.md describes the format for who checks it without this code.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import chain, ledger
from bot.storage.ledger import Head
from bot.storage.tables import ledger as ledger_table

Told = Callable[[int, int], None]
FORMATS = ("jsonl", "csv")
_VERSION = 1
_AT_ONCE = 2_000
_COLUMNS = (
    "position", "chain", "row_hash", "id", "at", "kind", "actor", "partner_id", "inbox_id", "digests", "salts", "body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What is exported: from the partner's first row to its last, and the chain's values before and at the end."""

    partner_id: str
    before: Head
    end: Head
    rows: int


async def part_of(connection: AsyncConnection, partner_id: str) -> Part | None:
    """None where the partner has no sealed row."""
    c = ledger_table.c
    mine = (c.partner_id == partner_id) & c.position.is_not(None)
    first, last, rows = (
        await connection.execute(select(func.min(c.position), func.max(c.position), func.count()).where(mine))
    ).one()
    if not rows:
        return None
    query = select(c.position, c.chain).where(c.position.in_([first - 1, last]))
    found = {row.position: row.chain for row in (await connection.execute(query)).all()}
    before = Head(first - 1, found.get(first - 1, chain.START))
    return Part(partner_id, before, Head(last, found[last]), rows)


async def lines(
    connection: AsyncConnection, part: Part, file_format: str, now: datetime, told: Told
) -> AsyncIterator[bytes]:
    """The file, piece by piece; of JSON Lines the last line has the SHA-256 of all before it."""
    made = hashlib.sha256()
    async for line in _lines(connection, part, file_format, now, told):
        made.update(line)
        yield line
    if file_format == "jsonl":
        yield _json({"sha256": made.hexdigest()})


async def _lines(
    connection: AsyncConnection, part: Part, file_format: str, now: datetime, told: Told
) -> AsyncIterator[bytes]:
    as_csv = file_format == "csv"
    yield _csv(_COLUMNS) if as_csv else _json(_about(part, now))
    c = ledger_table.c
    query = (
        ledger.links()
        .add_columns(c.position, c.chain, c.salts, c.body)
        .where(c.position > part.before.position, c.position <= part.end.position)
        .order_by(c.position)
    )
    done, total = 0, part.end.position - part.before.position
    async with connection.stream(query.execution_options(yield_per=_AT_ONCE)) as rows:
        async for page in rows.partitions():
            for row in page:
                told_of = _own(row) if row.partner_id == part.partner_id else _other(row)
                yield _csv(_cells(told_of)) if as_csv else _json(told_of)
            done += len(page)
            told(done, total)


def _about(part: Part, now: datetime) -> dict[str, Any]:
    return {
        "partnerline_ledger": _VERSION,
        "partner_id": part.partner_id,
        "exported_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "rows": part.rows,
        "before": {"position": part.before.position, "chain": part.before.chain},
        "end": {"position": part.end.position, "chain": part.end.chain},
    }


def _own(row: Row[Any]) -> dict[str, Any]:
    return {
        "position": row.position,
        "chain": row.chain,
        "id": row.id,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": row.kind,
        "actor": row.actor,
        "partner_id": row.partner_id,
        "inbox_id": row.inbox_id,
        "digests": row.digests,
        "salts": row.salts,
        "body": row.body,
    }


def _other(row: Row[Any]) -> dict[str, Any]:
    """Somebody else's: its hash alone keeps the chain whole."""
    return {"position": row.position, "chain": row.chain, "row_hash": ledger.hash_of(row)}


def _cells(said: Mapping[str, Any]) -> list[str]:
    return [_cell(said.get(name)) for name in _COLUMNS]


def _cell(value: Any) -> str:
    return "" if value is None else chain.canonical(value) if isinstance(value, dict) else str(value)


def _json(said: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(said, ensure_ascii=False)}\n".encode()


def _csv(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
