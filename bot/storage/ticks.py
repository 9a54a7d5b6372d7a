"""Ticks of the clock, each done once however many nodes run a clock."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import ticks


async def claim(connection: AsyncConnection, name: str, tick: str) -> bool:
    """True for the first to ask for this tick; a second node or a late fire gets False."""
    made = insert(ticks).values(name=name, tick=tick).on_conflict_do_nothing().returning(ticks.c.name)
    return await connection.scalar(made) is not None
