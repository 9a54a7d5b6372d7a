"""Contacts that were erased: unknown here, whatever the CRM says of them, until a person opens them anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import forgotten


async def note(connection: AsyncConnection, contact_id: str, by: str) -> None:
    await connection.execute(insert(forgotten).values(contact_id=contact_id, by=by).on_conflict_do_nothing())


async def is_forgotten(connection: AsyncConnection, contact_id: str) -> bool:
    return await connection.scalar(select(forgotten.c.at).where(forgotten.c.contact_id == contact_id)) is not None


async def known_again(connection: AsyncConnection, contact_ids: Sequence[str]) -> None:
    """A person opened these contacts anew: what the CRM says of them counts again."""
    await connection.execute(delete(forgotten).where(forgotten.c.contact_id.in_(contact_ids)))


async def ids(connection: AsyncConnection) -> frozenset[str]:
    """Every contact that was erased and not opened anew."""
    return frozenset(await connection.scalars(select(forgotten.c.contact_id)))
