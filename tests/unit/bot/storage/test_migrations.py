"""The agent's migrations make what its code expects: nothing is missing, and nothing else is there."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.sql.schema import SchemaItem

from bot.storage.database import Database
from bot.storage.migrate import latest_revision, migrate, revision
from bot.storage.tables import metadata


async def test_the_migrations_make_the_tables_that_the_code_knows(storage: Database) -> None:
    async with storage.begin() as connection:
        assert await connection.run_sync(_differences) == []


async def test_the_last_migration_is_known_by_the_name_of_its_file(storage: Database) -> None:
    folder = files("bot.storage") / "migrations"
    assert latest_revision() == ScriptDirectory(str(folder)).get_current_head()
    async with storage.begin() as connection:
        assert await revision(connection) == latest_revision()


async def test_a_database_that_stands_there_waits_for_nobody(storage: Database) -> None:
    async with storage.begin() as held:
        await held.execute(text("lock table partnerline_version in share row exclusive mode"))
        await asyncio.wait_for(migrate(storage.engine), 20)


def _differences(connection: Connection) -> list[Any]:
    options = {"include_object": _ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _ours(
    thing: SchemaItem,
    name: str | None,
    kind: str,
    reflected: bool,
    other: SchemaItem | None,
) -> bool:
    """The queue and the embedded CRM share the database and have migrations of their own."""
    return kind != "table" or not reflected or name in metadata.tables
