"""The embedded CRM's migrations: repeatable, safe to run at once, and in step with the tables in the code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters.embedded import EmbeddedCrm, migrate
from crm.adapters.embedded.tables import metadata
from crm.errors import CrmUnavailable
from tests.contract.records import PARTNER


@pytest.fixture
async def empty(empty_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(empty_database)
    yield engine
    await engine.dispose()


async def test_migrating_again_changes_nothing_and_keeps_what_is_there(empty: AsyncEngine) -> None:
    await migrate(empty)
    await EmbeddedCrm(empty).save_partner(PARTNER)
    await migrate(empty)
    assert await EmbeddedCrm(empty).partner(PARTNER.id) == PARTNER


async def test_many_may_migrate_at_once(empty: AsyncEngine) -> None:
    await asyncio.gather(*(migrate(empty) for _ in range(5)))
    await EmbeddedCrm(empty).save_partner(PARTNER)


async def test_everything_stands_in_the_schema_crm(empty: AsyncEngine) -> None:
    await migrate(empty)
    async with empty.connect() as connection:
        public = await connection.run_sync(lambda sync: inspect(sync).get_table_names("public"))
        version = (await connection.execute(text("SELECT version_num FROM crm.schema_version"))).all()
    assert public == []
    assert len(version) == 1


async def test_the_code_and_the_database_know_the_same_columns(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


def _differences(connection: Connection) -> list[object]:
    def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind in ("table", "column") and name != "schema_version"

    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == "crm",
        "include_object": ours,
        "compare_type": True,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_a_server_that_is_away_is_said_so(empty: AsyncEngine) -> None:
    engine = create_async_engine(empty.url.set(database="no_such_database"))
    with pytest.raises(CrmUnavailable):
        await migrate(engine)
    await engine.dispose()
