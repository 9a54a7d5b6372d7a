"""Whether the ledger is as it was written: rows in their places, values as their digests say, none gone unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import chain as chained
from bot.storage import ledger as rows_of
from bot.storage.chain import Path
from bot.storage.ledger import ERASED, Head
from bot.storage.tables import ledger

_AT_ONCE = 2_000
_BACK = timedelta(hours=1)  # a row that says to be older than that against one before it was dated back
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_ANCHOR = re.compile(r"(\d{1,18}):([0-9a-f]{16,64})")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the ledger is not as it was written; `row_id` 0 where rows at the end are gone."""

    row_id: int
    position: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many rows were looked at, and the head they end in. `erased` are values that were removed by
    a command that says so in the ledger; `dated_back` rows that say to be much older than those before them.
    """

    rows: int
    head: Head
    unsealed: int
    erased: int
    dated_back: tuple[int, ...]
    broken: Broken | None


def anchor(said: str) -> Head:
    """A head as it was kept elsewhere: `position:hash`, of the hash its first 16 signs at least. ValueError."""
    found = _ANCHOR.fullmatch(said.strip().lower())
    if found is None:
        raise ValueError(f"{said!r} is no anchor: it is a position, a colon and the hash, as `ledger head` prints them")
    return Head(int(found[1]), found[2])


@dataclass(slots=True)
class _Walk:
    """Goes along the chain; `said` are the values that rows of the ledger say were erased."""

    anchors: dict[int, str]
    head: Head
    newest: datetime = _LONG_AGO
    rows: int = 0
    gone: dict[tuple[int, Path], int] = field(default_factory=dict)
    said: set[tuple[int, Path]] = field(default_factory=set)
    dated_back: list[int] = field(default_factory=list)

    def take(self, row: Row[Any]) -> Broken | None:
        self.rows += 1
        place = self.head.position + 1
        if row.position != place:
            return Broken(row.id, row.position, f"the rows at positions {place} to {row.position - 1} are missing")
        expected = rows_of.link_of(self.head.chain, place, row)
        if row.chain != expected:
            return Broken(row.id, place, "it was changed, or stands where another one stood")
        if place in self.anchors and not expected.startswith(self.anchors[place]):
            return Broken(row.id, place, "the chain up to here is not the one that the anchor was taken of")
        absent = chained.missing(row.body, row.salts, row.digests)
        if absent is None:
            return Broken(row.id, place, "what it says is not what was written")
        self.gone.update({(row.id, path): place for path in absent})
        self.head = Head(place, expected)
        if row.at + _BACK < self.newest:
            self.dated_back.append(row.id)
        self.newest = max(self.newest, row.at)
        self.hear(row.kind, row.body)
        return None

    def hear(self, kind: str, body: Mapping[str, Any]) -> None:
        """What a row says was erased."""
        if kind != ERASED:
            return
        for group in body.get("rows", ()):
            self.said.update((row_id, tuple(path)) for path in group["values"] for row_id in group["ids"])

    def end(self) -> Broken | None:
        """What only shows when all was seen."""
        unsaid = sorted((place, row_id, path) for (row_id, path), place in self.gone.items() - self._proven())
        if unsaid:
            place, row_id, path = unsaid[0]
            return Broken(row_id, place, f"its {' '.join(path)} was removed, and no erasure in the ledger says so")
        beyond = max(self.anchors, default=0)
        if beyond > self.head.position:
            lost = f"the rows after position {self.head.position} are gone: the anchor knows {beyond}"
            return Broken(0, self.head.position, lost)
        return None

    def _proven(self) -> set[tuple[tuple[int, Path], int]]:
        return {(what, place) for what, place in self.gone.items() if what in self.said}


async def verify(
    connection: AsyncConnection,
    anchors: Sequence[Head] = (),
    told: Callable[[int, int], None] | None = None,
    *,
    newest: int | None = None,
) -> Verified:
    """Look at every sealed row, or at the newest so many of them: then what was erased earlier cannot be judged.

    `told` hears how many of how many are done.
    """
    end = await rows_of.head(connection)
    first = max(end.position - newest, 0) if newest is not None else 0
    walk = _Walk({one.position: one.chain for one in anchors if one.position > first}, await _before(connection, first))
    c = ledger.c
    query = rows_of.links().add_columns(c.position, c.chain, c.body, c.salts).where(c.position > first)
    broken: Broken | None = None
    async with connection.stream(query.order_by(c.position).execution_options(yield_per=_AT_ONCE)) as rows:
        async for page in rows.partitions():
            broken = next((fault for row in page if (fault := walk.take(row))), None)
            if told is not None:
                told(walk.rows, max(end.position - first, walk.rows))
            if broken is not None:
                break
    if broken is None:
        await _read_unsealed(connection, walk)
        broken = walk.end()
    return Verified(
        walk.rows, walk.head, await rows_of.unsealed(connection), len(walk.gone), tuple(walk.dated_back), broken
    )


async def _before(connection: AsyncConnection, position: int) -> Head:
    if position == 0:
        return Head(0, chained.START)
    kept = await connection.scalar(select(ledger.c.chain).where(ledger.c.position == position))
    return Head(position, kept or "")


async def _read_unsealed(connection: AsyncConnection, walk: _Walk) -> None:
    """An erasure that is not sealed yet counts: the next sealing has it."""
    waiting = select(ledger.c.kind, ledger.c.body).where(ledger.c.position.is_(None), ledger.c.kind == ERASED)
    for row in (await connection.execute(waiting)).all():
        walk.hear(row.kind, row.body)
