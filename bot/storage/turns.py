"""Turns: one process at a time, on any machine, for as long as it holds its connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from bot.storage.database import Database


@asynccontextmanager
async def turn(database: Database, name: str) -> AsyncIterator[bool]:
    """True inside when nobody else has the turn of that name; it ends with the block, or with the process.

    The lock belongs to a connection, not to a transaction, so that none stays open meanwhile. A block that ends
    otherwise than well takes the connection with it: in the pool it would hold the turn for ever.
    """
    async with database.reading() as connection:
        try:
            mine = bool(await connection.scalar(_TAKE, {"name": name}))
            yield mine
            if mine:
                await connection.scalar(_LEAVE, {"name": name})
        except BaseException:
            await connection.invalidate()
            raise


_TAKE = text("select pg_try_advisory_lock(hashtext(:name))")
_LEAVE = text("select pg_advisory_unlock(hashtext(:name))")
