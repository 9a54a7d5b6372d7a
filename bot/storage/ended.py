"""Partners that the CRM has no more: until it has them again nobody is served as theirs, nor told anything."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import instance, mirror
from bot.storage.tables import instance as facts

ENDED = "partner_ended:"
"""What the name of the fact begins with; the partner's id follows."""


async def note(connection: AsyncConnection, partner_id: str, at: str) -> None:
    """Whoever is deciding for the partner just now starts again."""
    await mirror.bump(connection, [partner_id])
    await instance.put(connection, ENDED + partner_id, at)


async def back(connection: AsyncConnection, partner_ids: Collection[str]) -> tuple[str, ...]:
    """The CRM has these: which of them had ended."""
    names = [ENDED + partner_id for partner_id in partner_ids]
    if not names:
        return ()
    gone = await connection.scalars(delete(facts).where(facts.c.name.in_(names)).returning(facts.c.name))
    found = sorted(name.removeprefix(ENDED) for name in gone)
    await mirror.bump(connection, found)
    return tuple(found)


async def has_ended(connection: AsyncConnection, partner_id: str) -> bool:
    return await connection.scalar(_KNOWN, {"name": ENDED + partner_id}) is not None


_KNOWN = select(facts.c.value).where(facts.c.name == bindparam("name"))
