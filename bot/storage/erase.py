"""Removes everything of ours from a database that others may share: our tables and the queue."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.queue import live_workers
from bot.storage.tables import metadata

_VERSION = "partnerline_version"

# The queue names everything it makes after itself.
_QUEUE = """
do $$
declare thing record;
begin
    for thing in select c.oid::regclass as name from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname like 'procrastinate\\_%'
    loop execute format('drop table if exists %s cascade', thing.name); end loop;
    for thing in select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = current_schema()::regnamespace and p.proname like 'procrastinate\\_%'
    loop execute format('drop function if exists %s cascade', thing.name); end loop;
    for thing in select t.oid::regtype as name from pg_type t
        where t.typnamespace = current_schema()::regnamespace and t.typtype in ('e', 'c')
        and t.typname like 'procrastinate\\_%'
    loop execute format('drop type if exists %s cascade', thing.name); end loop;
end $$
"""


async def in_use(connection: AsyncConnection) -> bool:
    """Whether a worker is alive on this database, which `serve` always has."""
    known = await connection.scalar(text("select to_regclass('procrastinate_workers')"))
    return known is not None and await live_workers(connection) > 0


async def erase_tables(connection: AsyncConnection) -> None:
    """In the caller's transaction: all of it or nothing. Gives up after some seconds where a table is in use."""
    await connection.execute(text("set local lock_timeout = '5s'"))
    for name in (*metadata.tables, _VERSION):
        await connection.execute(text(f'drop table if exists "{name}" cascade'))
    await connection.execute(text("drop function if exists ledger_append_only()"))
    await connection.execute(text(_QUEUE))
