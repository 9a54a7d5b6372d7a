"""The copies of an announcement that have not gone: held, released, or cancelled for good."""

from __future__ import annotations

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox.rows import ON_TIMELINE, OutboxState


async def hold_of(connection: AsyncConnection, announcement_id: str) -> int:
    """Nothing more of the announcement goes, and no timeline tells of it; how many copies are held. An attempt that has
    begun comes to its end.
    """
    return int(await connection.scalar(_HOLD, {"of": announcement_id}) or 0)


async def release_of(connection: AsyncConnection, announcement_id: str) -> int:
    """What is held of the announcement is pending again, not before the time it has; how many copies."""
    return int(await connection.scalar(_RELEASE, {"of": announcement_id}) or 0)


async def cancel_of(connection: AsyncConnection, announcement_id: str) -> int:
    """What has not gone of the announcement never will; how many copies."""
    return int(await connection.scalar(_CANCEL, {"of": announcement_id}) or 0)


def _changing(those: str, to: OutboxState, lines: str) -> TextClause:
    """Copies of an announcement and the lines on timelines that tell of them, which are known by the copies' keys."""
    return text(f"""
        with changed as (
            update outbox set state = '{to.value}' where announcement_id = :of and {those} returning key
        ), lines as (
            update outbox set state = '{to.value}' from changed
            where outbox.key = 'crm:{ON_TIMELINE}:' || changed.key and outbox.state in ({lines})
        )
        select count(*) from changed
    """)  # noqa: S608 - of words that stand here


_HOLD = _changing("state = 'pending' and unsure = 0", OutboxState.HELD, "'pending'")
_RELEASE = _changing("state = 'held'", OutboxState.PENDING, "'held'")
_CANCEL = _changing("(state = 'held' or state = 'pending' and unsure = 0)", OutboxState.CANCELLED, "'pending', 'held'")
