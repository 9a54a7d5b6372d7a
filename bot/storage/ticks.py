"""Ticks of the clock, each done once however many nodes run a clock."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import ticks


async def claim(connection: AsyncConnection, name: str, tick: str) -> bool:
    """True for the first to ask for this tick; a second node or a late fire gets False."""
    made = insert(ticks).values(name=name, tick=tick).on_conflict_do_nothing().returning(ticks.c.name)
    return await connection.scalar(made) is not None


async def last(connection: AsyncConnection, name: str) -> str | None:
    """The latest tick done of that name."""
    query = select(ticks.c.tick).where(ticks.c.name == name).order_by(ticks.c.at.desc()).limit(1)
    found: str | None = await connection.scalar(query)
    return found
