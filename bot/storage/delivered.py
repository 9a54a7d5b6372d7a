"""What a drain notes between two mails, in one statement: what has arrived, the ledger, and what is tried next."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger
from bot.storage.database import raw
from bot.storage.ledger import Entry


async def note(
    connection: AsyncConnection,
    destination: str,
    ends: Sequence[tuple[str, str]],
    entries: Sequence[Entry],
    following: str | None,
) -> bool:
    """Rows that were taken, as (id, the far side's id), with their ledger; whether an attempt at `following` has begun.

    It has not where that row is no longer pending. Whoever took a row is not parked any more. On `connection` each
    statement stands alone.
    """
    said = {
        "ends": json.dumps([{"id": row_id, "remote_id": remote_id} for row_id, remote_id in ends]),
        "entries": json.dumps([ledger.values_of(entry) for entry in entries]),
        "following": following,
        "answered": destination if ends else "",
    }
    # Straight to the driver: this is done for every mail, and what stands before it would cost twice as much again.
    cursor = await (await raw(connection)).execute(_NOTE, said, prepare=True)
    return await cursor.fetchone() is not None


_NOTE = """
    with ended as (
        update outbox
        set state = 'sent', error = '', remote_id = said.remote_id, sent_at = now(), attempts = attempts + 1
        from jsonb_to_recordset(cast(%(ends)s as jsonb)) as said (id uuid, remote_id text)
        where outbox.id = said.id
    ), noted as (
        insert into ledger (kind, actor, partner_id, inbox_id, body, salts, digests)
        select kind, actor, partner_id, inbox_id, body, salts, digests
        from jsonb_to_recordset(cast(%(entries)s as jsonb)) as said
            (kind text, actor text, partner_id text, inbox_id uuid, body jsonb, salts jsonb, digests jsonb)
    ), up as (
        delete from parked where dependency = %(answered)s
    ), begun as (
        update outbox
        set unsure = unsure + 1, first_tried_at = coalesce(first_tried_at, now())
        where id = cast(%(following)s as uuid) and state = 'pending'
        returning id
    )
    select id from begun
"""
