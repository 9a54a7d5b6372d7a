"""Small facts about this installation: its tokens and secrets, drawn once and kept."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import instance


async def get(connection: AsyncConnection, name: str) -> str | None:
    found: str | None = await connection.scalar(select(instance.c.value).where(instance.c.name == name))
    return found


async def put(connection: AsyncConnection, name: str, value: str) -> None:
    made = insert(instance).values(name=name, value=value)
    await connection.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def move(connection: AsyncConnection, name: str, value: str) -> bool:
    """Move on to a value that sorts behind the one that is kept, or is the first; False where somebody else did it.

    The fact stays locked to the end of the transaction.
    """
    made = insert(instance).values(name=name, value=value)
    moved = made.on_conflict_do_update(index_elements=["name"], set_={"value": value}, where=instance.c.value < value)
    return await connection.scalar(moved.returning(instance.c.name)) is not None


async def hold(connection: AsyncConnection, name: str, first: str) -> str | None:
    """The value, which is `first` where there was none, locked to the end of the transaction; None where somebody else
    has it in hand.
    """
    made = insert(instance).values(name=name, value=first)
    await connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    mine = select(instance.c.value).where(instance.c.name == name).with_for_update(skip_locked=True)
    found: str | None = await connection.scalar(mine)
    return found


async def drop(connection: AsyncConnection, name: str) -> None:
    await connection.execute(delete(instance).where(instance.c.name == name))


async def drawn(connection: AsyncConnection, name: str) -> str:
    """A secret of 32 random bytes that stays the same from the first start on."""
    made = insert(instance).values(name=name, value=secrets.token_urlsafe(32))
    await connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    return str(await get(connection, name))
