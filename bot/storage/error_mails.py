"""Error mails, such as "nothing proves who you are", go once in 24 hours to an address for each class."""

from __future__ import annotations

from datetime import datetime, timedelta

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
