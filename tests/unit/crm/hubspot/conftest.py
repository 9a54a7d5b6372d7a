"""A database for all tests of a module, where what one leaves behind is no matter to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import URL, delete
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters.hubspot.tables import budgets
from tests.database import create_database, drop_database


@pytest.fixture(scope="module")
def shared_database(postgres_server: URL, migrated_template: str) -> Iterator[str]:
    url = create_database(postgres_server, migrated_template)
    yield url.render_as_string(hide_password=False)
    drop_database(postgres_server, url)


@pytest.fixture
async def unlimited(shared_database: str) -> AsyncIterator[AsyncEngine]:
    """The module's database, as if nobody had called HubSpot yet."""
    engine = create_async_engine(shared_database)
    async with engine.begin() as connection:
        await connection.execute(delete(budgets))
    yield engine
    await engine.dispose()
