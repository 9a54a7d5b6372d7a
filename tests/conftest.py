"""Fixtures of all tests: a PostgreSQL server for the session and a database of its own for every test."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.database import create_database, drop_database, migrate_all, running_server, template_database
from tests.recycled import Recycled

_LONGEST_NAME = 100


def pytest_sessionstart() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no search for garbage need look through it every time. And
    one in 20,000 values is enough; one in 700 takes two hundredths more time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long values are numbered: as a name they are no help, and one with the time in it differs between processes."""
    return argname if isinstance(val, str | bytes) and len(val) > _LONGEST_NAME else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> str:
    """The server, as an SQLAlchemy URL of its maintenance database."""
    return postgres_server.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_template(postgres_server: URL) -> Iterator[str]:
    """The name of a database with every table and no row, to copy from."""
    with template_database(postgres_server, "migrated", "template1", migrate_all) as name:
        yield name


@pytest.fixture(scope="session")
def demo_template(postgres_server: URL, migrated_template: str) -> Iterator[str]:
    """As after the demo's first start."""
    from tests.scenarios.seeded import first_start  # noqa: PLC0415 - all of the agent: few tests need it

    with template_database(postgres_server, "demo", migrated_template, first_start) as name:
        yield name


@pytest.fixture(scope="session")
def partners_template(postgres_server: URL, migrated_template: str) -> Iterator[str]:
    """The demo's records in the CRM and mirrored, and nothing that only a demo has."""
    from tests.scenarios.seeded import partners  # noqa: PLC0415

    with template_database(postgres_server, "partners", migrated_template, partners) as name:
        yield name


@pytest.fixture
def empty_database(postgres_server: URL) -> Iterator[str]:
    """The URL of a fresh database without any table."""
    url = create_database(postgres_server)
    yield url.render_as_string(hide_password=False)
    drop_database(postgres_server, url)


@pytest.fixture(scope="session")
def recycled(postgres_server: URL, migrated_template: str) -> Iterator[Recycled]:
    databases = Recycled(postgres_server, migrated_template)
    yield databases
    databases.close()


@pytest.fixture
def database(recycled: Recycled) -> Iterator[str]:
    """The URL of a database with every table and no row."""
    url = recycled.take()
    yield url.render_as_string(hide_password=False)
    recycled.give_back(url)


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(database)
    yield engine
    await engine.dispose()
