"""Attempts at rows and how they ended: begun, known to have sent nothing, put off, or at their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ARRAY, Text, cast, func, update
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox.rows import OutboxState
from bot.storage.tables import outbox


async def begin(connection: AsyncConnection, row_ids: Sequence[str]) -> set[str]:
    """Attempts are about to start: until the end of one is noted, it may or may not have got through.

    Those that have begun; a row that is pending no more, held or cancelled meanwhile, has not.
    """
    begun = await connection.scalars(
        update(outbox)
        .where(outbox.c.id.in_(row_ids), outbox.c.state == OutboxState.PENDING.value)
        .values(unsure=outbox.c.unsure + 1, first_tried_at=func.coalesce(outbox.c.first_tried_at, func.now()))
        .returning(outbox.c.id)
    )
    return set(begun)


async def not_sent(connection: AsyncConnection, row_id: str) -> None:
    """An attempt that began is known to have sent nothing."""
    await connection.execute(
        update(outbox).where(outbox.c.id == row_id).values(unsure=func.greatest(outbox.c.unsure - 1, 0))
    )


async def settle(
    connection: AsyncConnection, row_id: str, state: OutboxState, *, error: str = "", remote_id: str = ""
) -> None:
    """The row has reached its end."""
    values = {"state": state.value, "error": error[:2_000], "remote_id": remote_id, "sent_at": func.now()}
    await connection.execute(
        update(outbox).where(outbox.c.id == row_id).values(**values, attempts=outbox.c.attempts + 1)
    )


async def settle_many(connection: AsyncConnection, ends: Sequence[tuple[str, str]], state: OutboxState) -> None:
    """Rows that have reached the same good end, as (id, the far side's id), in one statement."""
    if not ends:
        return
    said = func.unnest(
        cast([row_id for row_id, _ in ends], ARRAY(UUID(as_uuid=False))), cast([r for _, r in ends], ARRAY(Text))
    )
    table = said.table_valued("id", "remote_id").render_derived()
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == table.c.id)
        .values(
            state=state.value, error="", remote_id=table.c.remote_id, sent_at=func.now(), attempts=outbox.c.attempts + 1
        )
    )


async def postpone(
    connection: AsyncConnection, row_id: str, seconds: float, error: str, *, counts: bool = True
) -> None:
    """Not this time: the row is due again after `seconds`. `counts` False where that is no failed attempt."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(
            not_before=func.now() + timedelta(seconds=seconds),
            error=error[:2_000],
            attempts=outbox.c.attempts + int(counts),
        )
    )
