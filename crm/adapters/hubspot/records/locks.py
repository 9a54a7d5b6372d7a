"""One writer of a record at a time, over all workers and machines: HubSpot itself has no locks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.errors import CrmUnavailable

_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("record"), 0)))
_LONGEST_WAIT = 120.0


class Locks:
    """Held while HubSpot is read and written, so for seconds. The connections for it are a pool of their own: those
    who hold a lock need others for their work, and must not wait for the ones that wait for the lock.
    """

    def __init__(self, engine: AsyncEngine, at_once: int) -> None:
        self._pool = create_async_engine(
            engine.url, pool_size=at_once, max_overflow=0, pool_timeout=_LONGEST_WAIT, hide_parameters=True
        )
        # In this process one waits for the other without a connection.
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, *records: str) -> AsyncIterator[None]:
        """All of them, in one order whatever the order they are named in. Raises CrmUnavailable."""
        names = sorted({f"hubspot:{record}" for record in records})
        async with AsyncExitStack() as held:
            for name in names:
                await held.enter_async_context(self._here.setdefault(name, asyncio.Lock()))
            await held.enter_async_context(self._everywhere(names))
            yield

    async def aclose(self) -> None:
        await self._pool.dispose()

    @asynccontextmanager
    async def _everywhere(self, names: list[str]) -> AsyncIterator[None]:
        try:
            connection = await self._pool.connect()
        except (DBAPIError, PoolTimeout) as fault:
            raise CrmUnavailable("no connection for a lock of a HubSpot record became free in time") from fault
        try:
            try:
                for name in names:
                    await connection.execute(_LOCK, {"record": name})
            except DBAPIError as fault:
                raise CrmUnavailable(f"a HubSpot record could not be locked: {fault.orig}") from fault
            yield
        finally:
            await connection.close()
