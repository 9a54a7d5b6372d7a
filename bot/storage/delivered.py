"""What a drain notes between two mails, in one statement: what has arrived, the ledger, and what is tried next."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger
from bot.storage.ledger import Entry


async def note(
    connection: AsyncConnection,
    destination: str,
    ends: Sequence[tuple[str, str]],
    entries: Sequence[Entry],
    following: str | None,
) -> bool:
    """Rows that were taken, as (id, the far side's id), with their ledger; whether an attempt at `following` has begun.

    It has not where that row is no longer pending. Whoever took a row is not parked any more.
    """
    said = {
        "ends": json.dumps([{"id": row_id, "remote_id": remote_id} for row_id, remote_id in ends]),
        "entries": json.dumps([ledger.values_of(entry) for entry in entries]),
        "following": following,
        "answered": destination if ends else "",
    }
    return bool(await connection.scalar(_NOTE, said))


_NOTE = text("""
    with ended as (
        update outbox
        set state = 'sent', error = '', remote_id = said.remote_id, sent_at = now(), attempts = attempts + 1
        from jsonb_to_recordset(cast(:ends as jsonb)) as said (id uuid, remote_id text)
        where outbox.id = said.id
    ), noted as (
        insert into ledger (kind, actor, partner_id, inbox_id, body, salts, digests)
        select kind, actor, partner_id, inbox_id, body, salts, digests
        from jsonb_to_recordset(cast(:entries as jsonb)) as said
            (kind text, actor text, partner_id text, inbox_id uuid, body jsonb, salts jsonb, digests jsonb)
    ), up as (
        delete from parked where dependency = :answered
    ), begun as (
        update outbox
        set unsure = unsure + 1, first_tried_at = coalesce(first_tried_at, now())
        where id = cast(:following as uuid) and state = 'pending'
        returning id
    )
    select count(*) from begun
""")
