"""Leads as the agent works on them: numbers of new ones, and each change on its way to the CRM."""

from __future__ import annotations

import secrets

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.desk_tables import lead_offers

_NUMBERS = 8


async def decline(connection: AsyncConnection, number: str, partner_id: str) -> bool:
    """The partner does not want the lead that is offered to it; False where it is not, or not any more."""
    mine = (lead_offers.c.lead_number == number) & (lead_offers.c.partner_id == partner_id)
    done = await connection.execute(
        update(lead_offers).where(mine, lead_offers.c.state == "open").values(state="declined")
    )
    return done.rowcount == 1


def fresh_numbers(count: int = _NUMBERS) -> tuple[str, ...]:
    """`L-` and eight random digits, so that none tells how many there are and two are hardly ever the same."""
    return tuple(f"L-{10_000_000 + secrets.randbelow(90_000_000)}" for _ in range(count))
