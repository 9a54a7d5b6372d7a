"""The connection pool, transactions, and the translation of database faults into the two that matter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.storage.postgres import Postgres


class StorageError(Exception):
    """Root of what the database can do to us."""


class StorageUnavailable(StorageError):
    """The database is away or restarting; nothing of the transaction was kept, or its fate is unknown."""


class Database:
    """One pool of connections. `begin` is a transaction; faults of the connection come out as StorageUnavailable."""

    def __init__(self, postgres: Postgres, pool_size: int = 10) -> None:
        self.postgres = postgres
        self.engine: AsyncEngine = create_async_engine(
            postgres.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=False,
            hide_parameters=True,  # what partners write does not belong into logs
            pool_recycle=1800,
            connect_args={"connect_timeout": 5},
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block and rolled back on any exception."""
        async with _translated(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """For reads that need no common moment: each statement stands alone, without the two turns of a transaction."""
        async with _translated(), self.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection without a transaction of its own, for what belongs to the connection itself."""
        async with _translated(), self.engine.connect() as connection:
            yield connection

    async def aclose(self) -> None:
        await self.engine.dispose()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, psycopg.OperationalError, PoolExhausted, OSError) as fault:
        raise StorageUnavailable(f"the database did not answer: {type(fault).__name__}") from fault
    except DBAPIError as fault:
        if not fault.connection_invalidated:
            raise
        raise StorageUnavailable(f"the database did not answer: {type(fault).__name__}") from fault


async def raw(connection: AsyncConnection) -> psycopg.AsyncConnection[object]:
    """The psycopg connection under a transaction, for jobs deferred in it."""
    pooled = await connection.get_raw_connection()
    return cast("psycopg.AsyncConnection[object]", pooled.driver_connection)
