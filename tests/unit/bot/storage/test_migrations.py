"""The agent's migrations make what its code expects: nothing is missing, and nothing else is there."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.sql.schema import SchemaItem

from bot.storage.database import Database
from bot.storage.tables import metadata


async def test_the_migrations_make_the_tables_that_the_code_knows(storage: Database) -> None:
    async with storage.begin() as connection:
        assert await connection.run_sync(_differences) == []


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
