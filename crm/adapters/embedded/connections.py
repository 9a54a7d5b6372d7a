"""Connections to the embedded CRM's database, at the isolation its promises rest on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.embedded.faults import translated


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """READ COMMITTED whatever the engine's own level: each statement must see what was committed before it."""
    with translated():
        async with engine.connect() as connection:
            yield await connection.execution_options(isolation_level="READ COMMITTED")


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Commits at the end. A fault before the commit means that nothing was written, one during it that nobody knows."""
    async with connected(engine) as connection:
        with translated():
            yield connection
        with translated(committing=True):
            await connection.commit()
