"""Goes through every text of the database and takes out what points to one person, whatever table it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage.traces import Traces

_SCHEMAS = ("crm", "hubspot")  # besides our own
_APART = frozenset({"ledger", "forgotten"})
"""The ledger is erased by values that its digests stand for; whom nobody may bring back is known by an id alone."""
_TALK = frozenset(
    {"inbox", "outbox", "tasks", "threads", "timers", "briefs", "bounces", "contact_offers", "confirmations",
     "absences", "undeliverable", "interactions", "procrastinate_jobs", "procrastinate_events"}
)  # fmt: skip
"""Where what somebody wrote may stand as it was written. Elsewhere are records: they lose name and address only."""
_PEOPLE = frozenset({"mirror", "objects"})
"""Contacts stand there among other records; others may be called the same."""
_DONE = ("handled", "duplicate", "ignored")
_PAGE = 500


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    """text, text[], jsonb or bytea"""
    unique: bool


@dataclass(frozen=True, slots=True)
class _Table:
    schema: str
    name: str
    columns: tuple[_Column, ...]
    owned: bool

    @property
    def quoted(self) -> str:
        return f'"{self.schema}"."{self.name}"'


async def sweep(
    connection: AsyncConnection, traces: Traces, told: Callable[[int, int], None] | None = None
) -> Counter[str]:
    """How many rows were changed, by table. In the caller's transaction; `told` hears of each table that is done."""
    tables = await _tables(connection)
    changed: Counter[str] = Counter()
    for done, table in enumerate(tables, start=1):
        if count := await _Sweep(connection, traces, table)():
            changed[table.name if table.schema not in _SCHEMAS else f"{table.schema}.{table.name}"] += count
        if told is not None:
            told(done, len(tables))
    return changed


@dataclass(frozen=True, slots=True)
class _Sweep:
    connection: AsyncConnection
    traces: Traces
    table: _Table

    async def __call__(self) -> int:
        count = 0
        async with self.connection.stream(text(self._query()), self._asked()) as rows:
            async for page in rows.partitions(_PAGE):
                for row in page:
                    if change := self._changed(row._mapping):  # noqa: SLF001 - the row as names and values
                        await self._write(row.place, change)
                        count += 1
        return count

    @property
    def _talk(self) -> bool:
        return self.table.name in _TALK and bool(self.traces.written)

    def _query(self) -> str:
        """Rows that hold what points to the person; where people talk, all that are the partner's or nobody's."""
        where = [f'"{c.name}"::text ilike any(:likes)' for c in self.table.columns if c.kind != "bytea"]
        where += [f"encode(\"{c.name}\", 'escape') ilike any(:likes)" for c in self.table.columns if c.kind == "bytea"]
        if self._talk:
            where.append("partner_id is null or partner_id in ('', :partner)" if self.table.owned else "true")
        owner = "partner_id" if self.table.owned else "null::text"
        names = ", ".join(f'"{column.name}"' for column in self.table.columns)
        return (
            f"select ctid::text as place, {owner} as owner, {names} from {self.table.quoted}"  # noqa: S608 - from the catalogue
            f" where {' or '.join(where)}"
        )

    def _asked(self) -> dict[str, Any]:
        said = (*self.traces.everywhere, *self.traces.at_home)
        likes = [f"%{_like(form)}%" for one in said for form in {one, _as_json(one)}]
        return {"likes": likes} | ({"partner": self.traces.partner_id} if self._talk and self.table.owned else {})

    def _changed(self, row: Any) -> dict[str, Any]:
        home = row["owner"] in (None, "", self.traces.partner_id)
        named = home and not self._of_people(row)
        change: dict[str, Any] = {}
        for column in self.table.columns:
            if column.kind == "bytea" or row[column.name] is None:
                continue
            new = self.traces.without(row[column.name], named=named, words=self._talk and home)
            if new is not row[column.name]:
                change[column.name] = f"{new} {token_hex(4)}" if column.unique and column.kind == "text" else new
        raws = [column.name for column in self.table.columns if column.kind == "bytea" and row[column.name]]
        if self.table.name == "inbox" and row["state"] not in _DONE:
            raws = []  # somebody else's message that is still to be read, or read again
        if change or any(self._holds(bytes(row[name])) for name in raws):
            # The mail as it went over the wire says the same again, in whatever coding.
            change |= dict.fromkeys(raws, b"")
        return change

    def _of_people(self, row: Any) -> bool:
        return self.table.name == "contacts" or (self.table.name in _PEOPLE and row["kind"] == "contact")

    def _holds(self, raw: bytes) -> bool:
        said = raw.decode("utf-8", "replace")
        return self.traces.without(said, named=True, words=False) is not said

    async def _write(self, place: str, change: dict[str, Any]) -> None:
        kinds = {column.name: column.kind for column in self.table.columns}
        sets = ", ".join(f'"{name}" = :{_parameter(name)}' for name in change)
        update = text(f"update {self.table.quoted} set {sets} where ctid = cast(:place as tid)")  # noqa: S608 - as above
        for name in change:
            if kinds[name] == "jsonb":
                update = update.bindparams(bindparam(_parameter(name), type_=JSONB))
            elif kinds[name] == "text[]":
                update = update.bindparams(bindparam(_parameter(name), type_=ARRAY(Text)))
        values = {_parameter(name): value for name, value in change.items()}
        await self.connection.execute(update, values | {"place": place})


def _parameter(name: str) -> str:
    return f"new_{name}"


def _like(said: str) -> str:
    return said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _as_json(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"')


async def _tables(connection: AsyncConnection) -> Sequence[_Table]:
    found: dict[tuple[str, str], list[Any]] = {}
    for row in (await connection.execute(_COLUMNS)).all():
        found.setdefault((row.schema, row.table_name), []).append(row)
    return [
        _Table(
            schema,
            name,
            tuple(
                _Column(row.column_name, _KINDS[row.kind], row.is_unique)
                for row in columns
                if row.kind in _KINDS and not _kept(name, row.column_name)
            ),
            any(row.column_name == "partner_id" for row in columns),
        )
        for (schema, name), columns in found.items()
        if name not in _APART and any(row.kind in _KINDS and not _kept(name, row.column_name) for row in columns)
    ]


def _kept(table: str, column: str) -> bool:
    """Contents that are kept by duty or stand for themselves by their hash: files, statements, pages of ours."""
    return column == "content" or (table == "ticks")


_KINDS = {"text": "text", "varchar": "text", "_text": "text[]", "jsonb": "jsonb", "json": "jsonb", "bytea": "bytea"}
_COLUMNS = text(
    """
    select n.nspname as schema, c.relname as table_name, a.attname as column_name, t.typname as kind,
        exists (
            select 1 from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey)
        ) as is_unique
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and n.nspname in (current_schema(), 'crm', 'hubspot')
        and c.relname not in ('partnerline_version', 'schema_version', 'alembic_version')
    order by n.nspname, c.relname, a.attnum
    """
)
