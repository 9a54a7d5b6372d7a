"""What managers have a task about: new partners and people who are not welcomed by themselves, and why."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tasks
from crm.records import Partner
from knowledge.program import Manager

MOST = 20
"""People who are welcomed at one partner: a list of a thousand is no team."""


async def held_back(connection: AsyncConnection, count: int, now: datetime) -> None:
    came = "1 new partner came" if count == 1 else f"{count} new partners came"
    said = (
        f"{came} at once or within a day of many others, so none of them is welcomed by itself; "
        "`partnerline onboarding start --held-back` welcomes them, or name those who are to be"
    )
    await tasks.open_task(connection, f"onboarding:held_back:{now.isoformat()}", "notice", said)


async def nobody(connection: AsyncConnection, key: str, partner: Partner, manager: Manager | None) -> None:
    said = (
        f"{partner.name} is new and has no contact that can be written to, so nobody is welcomed: enter one with "
        "an e-mail address in the CRM, and the welcome follows by itself"
    )
    await _opened(connection, key, said, partner, manager)


async def left_out(
    connection: AsyncConnection, key: str, partner: Partner, manager: Manager | None, count: int
) -> None:
    said = (
        f"{count} of the contacts of {partner.name} {'was' if count == 1 else 'were'} not welcomed: not more than "
        f"{MOST} are at one partner, and nobody whose address was welcomed at another"
    )
    await _opened(connection, key, said, partner, manager)


async def _opened(connection: AsyncConnection, key: str, said: str, partner: Partner, manager: Manager | None) -> None:
    open_task = partial(tasks.open_task, connection, key, "notice", said)
    await open_task(partner_id=partner.id, manager_email=manager.email if manager else "")
