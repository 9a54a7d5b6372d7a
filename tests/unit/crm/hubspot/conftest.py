"""A database for all tests of the adapter, in which each begins as if nobody had called HubSpot yet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.contract.hubspot_accounts import emptied
from tests.database import create_database, drop_database


@pytest.fixture(scope="session")
def shared_database(postgres_server: URL, migrated_template: str) -> Iterator[AsyncEngine]:
    url = create_database(postgres_server, migrated_template)
    yield create_async_engine(url)
    drop_database(postgres_server, url)


@pytest.fixture
async def engine(shared_database: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """With connections of its own in each test's event loop, and with the statements that are compiled already."""
    await emptied(shared_database)
    yield shared_database
    await shared_database.dispose()


@pytest.fixture
def unlimited(engine: AsyncEngine) -> AsyncEngine:
    """Nothing of what HubSpot allows is used."""
    return engine
