"""An adapter's newest migration is the one that Alembic would end with, and a database says how far it came."""

from __future__ import annotations

from importlib.resources import files

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters import embedded, hubspot
from crm.revisions import kept, newest

SCHEMAS = {"crm": "crm.adapters.embedded", "hubspot": "crm.adapters.hubspot"}


@pytest.mark.parametrize(("schema", "package"), SCHEMAS.items())
async def test_the_last_migration_is_known_by_the_name_of_its_file(
    engine: AsyncEngine, schema: str, package: str
) -> None:
    assert newest(package) == ScriptDirectory(str(files(package) / "migrations")).get_current_head()
    async with engine.connect() as connection:
        assert await kept(connection, schema) == newest(package)


async def test_nothing_stands_where_the_adapter_never_was(empty_database: str) -> None:
    engine = create_async_engine(empty_database)
    async with engine.connect() as connection:
        assert await kept(connection, "crm") is None
    await engine.dispose()


@pytest.mark.parametrize("adapter", [embedded, hubspot])
async def test_a_database_of_a_later_version_is_not_taken_for_this_one(engine: AsyncEngine, adapter: object) -> None:
    schema = "crm" if adapter is embedded else "hubspot"
    async with engine.begin() as connection:
        await connection.execute(text(f"UPDATE {schema}.schema_version SET version_num = '9999'"))
    with pytest.raises(Exception, match="9999"):
        await adapter.migrate(engine)  # type: ignore[attr-defined]
