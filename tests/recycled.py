"""A database for one test after the other: what a test wrote is taken out, which costs a fraction of making a new one.

Where more than rows changed (tables, settings, who may connect), or anything goes wrong, it is dropped and made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL

from tests.database import create_database, drop_database, libpq

_OURS = "(select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')"
_SHAPE: LiteralString = f"""
select (select sum(hashtext(relname::text || oid::text)::bigint) from pg_class where relnamespace in {_OURS}),
       (select sum(hashtext(concat(attname, attrelid, atttypid, attnotnull, atthasdef))::bigint) from pg_attribute
        where attrelid >= 16384),
       (select sum(hashtext(conname::text || oid::text || conrelid::text)::bigint) from pg_constraint),
       (select sum(hashtext(proname::text || oid::text || prosrc)::bigint) from pg_proc where pronamespace in {_OURS}),
       (select sum(hashtext(tgname::text || oid::text || tgrelid::text || tgenabled::text)::bigint) from pg_trigger),
       (select count(*) from pg_db_role_setting s where s.setdatabase = d.oid),
       d.datacl::text, d.datconnlimit, d.datallowconn
from pg_database d where d.datname = current_database()
"""
_WRITTEN: LiteralString = f"""
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relnamespace in {_OURS} and pg_relation_size(c.oid) > 0
"""
_DRAWN: LiteralString = "select schemaname, sequencename from pg_sequences where last_value is not null"
_OTHERS: LiteralString = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""

_Name = tuple[str, str]


@dataclass(frozen=True)
class _Fresh:
    """A database as it was made: its shape, and what stands in those of its tables that are not empty."""

    shape: tuple[object, ...]
    kept: dict[_Name, object]


class Recycled:
    """One spare database of a test process."""

    def __init__(self, server: URL, template: str) -> None:
        self._server = server
        self._template = template
        self._fresh: _Fresh | None = None
        self._spare: URL | None = None

    def take(self) -> URL:
        url, self._spare = self._spare, None
        if url is not None:
            return url
        url = create_database(self._server, self._template)
        if self._fresh is None:
            with _connected(url) as connection:
                self._fresh = _looked_at(connection)
        return url

    def give_back(self, url: URL) -> None:
        if self._spare is None and self._emptied(url):
            self._spare = url
        else:
            drop_database(self._server, url)

    def close(self) -> None:
        if self._spare is not None:
            drop_database(self._server, self._spare)

    def _emptied(self, url: URL) -> bool:
        try:
            with _connected(url) as connection:
                return self._fresh is not None and _empty(connection, self._fresh)
        except psycopg.Error:
            return False


def _connected(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(libpq(url), autocommit=True, options="-c lock_timeout=2s -c statement_timeout=20s")


def _looked_at(connection: psycopg.Connection[tuple[object, ...]]) -> _Fresh:
    return _Fresh(_shape(connection), _contents(connection, _names(connection, _WRITTEN)))


def _empty(connection: psycopg.Connection[tuple[object, ...]], fresh: _Fresh) -> bool:
    connection.execute(_OTHERS)
    if _shape(connection) != fresh.shape or _contents(connection, fresh.kept) != fresh.kept:
        return False
    connection.execute("set session_replication_role = replica")  # the ledger lets nobody empty it
    if written := [name for name in _names(connection, _WRITTEN) if name not in fresh.kept]:
        tables = sql.SQL(", ").join(sql.Identifier(*name) for name in written)
        connection.execute(sql.SQL("truncate {} restart identity cascade").format(tables))
    for name in _names(connection, _DRAWN):
        connection.execute(sql.SQL("alter sequence {} restart").format(sql.Identifier(*name)))
    return True


def _shape(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[object, ...]:
    found = connection.execute(_SHAPE).fetchone()
    assert found is not None
    return found


def _contents(connection: psycopg.Connection[tuple[object, ...]], tables: Iterable[_Name]) -> dict[_Name, object]:
    said = sql.SQL("select string_agg(kept::text, ' ' order by kept::text) from {} kept")
    return {name: connection.execute(said.format(sql.Identifier(*name))).fetchone() for name in tables}


def _names(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> list[_Name]:
    return [(str(schema), str(name)) for schema, name in connection.execute(query)]
