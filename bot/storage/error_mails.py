"""Error mails, such as "nothing proves who you are", go once in 24 hours to an address for each class."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import mail_tables

NOT_VERIFIED, SHUNTED, UNREADABLE = "not_verified", "shunted", "unreadable"

_PAUSE = timedelta(hours=24)
_mails = mail_tables.error_mails


async def claim(connection: AsyncConnection, address: str, error_class: str, now: datetime) -> bool:
    """Whether this error may be told now; it counts as told with the caller's transaction. Two at once: one may."""
    made = insert(_mails).values(address=address.lower(), error_class=error_class, sent_at=now)
    told = made.on_conflict_do_update(
        index_elements=["address", "error_class"],
        set_={"sent_at": made.excluded.sent_at},
        where=_mails.c.sent_at <= now - _PAUSE,
    )
    return await connection.scalar(told.returning(_mails.c.address)) is not None


async def told_within_a_day(connection: AsyncConnection, error_class: str, now: datetime) -> int:
    """How many addresses were told this error in the last 24 hours; who asks next waits for this transaction to end."""
    await connection.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"errors:{error_class}"})
    told = select(func.count()).where(_mails.c.error_class == error_class, _mails.c.sent_at > now - _PAUSE)
    return int(await connection.scalar(told) or 0)
