"""A partner as a person names it on a command line."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from crm.records import Partner


async def partner_named(connection: AsyncConnection, name: str) -> Partner | None:
    """By id, or by name in any case."""
    wanted = name.strip().casefold()
    partners = await mirror.everyone(connection, Partner)
    return next((p for p in partners if wanted in (p.id.casefold(), p.name.casefold())), None)
