"""The rows that are about one contact and nobody else, table by table: what becomes of each when it is forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage import files
from bot.storage.traces import MARK, Traces

_HIS_RECORDS = """(
    (kind = 'save_contact' and payload -> 'record' ->> 'id' = :contact)
    or (kind = 'opt_out' and payload ->> 'contact_id' = :contact)
    or (kind in ('log_interaction', 'log_again') and payload -> 'record' ->> 'contact_id' = :contact)
)"""
_STILL = """
select count(*) from outbox where state = 'pending' and destination = 'crm' and {his_records}
"""
# In this order: the inbox last, since by its rows the others know what the person wrote.
_STATEMENTS = """
update outbox set state = 'refused', error = 'given up: the contact was forgotten'
where state in ('pending', 'held') and (lower(payload ->> 'to') = any(:addresses) or {his_records});

update outbox set payload = jsonb_build_object('erased', true), raw = null, ordering = :mark,
    state = case when destination = 'crm' and state <> 'sent' then 'overtaken' else state end
where lower(payload ->> 'to') = any(:addresses) or {his_records}
    or (destination <> 'crm' and inbox_id::text = any(:messages));

delete from slack_threads_read
where partner_id in (select partner_id from mirror where kind = 'contact' and id = :contact);

update tasks set summary = :mark, closed_at = coalesce(closed_at, now()),
    closed_by = case when closed_at is null then 'erased' else closed_by end
where contact_id = :contact or inbox_id::text = any(:messages);

delete from message_files
where inbox_id::text = any(:messages) and sha256 not in (select sha256 from partner_invoices);

delete from thread_messages
where message_id in (select message_id from inbox where id::text = any(:messages));

update threads set subject = '', proposal = '' where id::text = any(:threads);

delete from reply_keys where lower(address) = any(:addresses);

update threads set subject = ''
where id in (select thread_id from announcement_recipients where contact_id = :contact);

update announcement_recipients set address = '' where contact_id = :contact;

update announcement_recipients set contact_id = 'erased:' || gen_random_uuid()
where contact_id in (select 'slack:' || who from unnest(:slack_users) who);

delete from opt_out_links where contact_id = :contact;

delete from contact_preferences where contact_id = :contact;

delete from confirmations
where contact_id = :contact or address = any(:addresses) or held_id::text = any(:messages);

delete from contact_offers where lower(address) = any(:addresses) or inbox_id::text = any(:messages);

delete from bounces where contact_id = :contact or address = any(:addresses);

delete from undeliverable where contact_id = :contact or address = any(:addresses);

delete from absences where contact_id = :contact;

delete from error_mails where address = any(:addresses);

delete from mirror where kind = 'contact' and id = :contact;

update inbox set raw = ''
where thread_id::text = any(:threads) and raw <> '' and id::text <> all(:messages)
    and state in ('handled', 'duplicate', 'ignored');

update inbox set raw = '', envelope = '{{}}', message = null, reading = null, sender = '', message_id = '',
    dedupe_key = null, error = '',
    state = case when state in ('handled', 'duplicate', 'ignored') then state else 'ignored' end
where id::text = any(:messages)
"""


async def waiting(connection: AsyncConnection, found: Traces) -> int:
    """How many entries about the person are still on their way to the CRM."""
    return await connection.scalar(*_call(_STILL, found)) or 0


async def empty(connection: AsyncConnection, found: Traces) -> dict[str, int]:
    """How many rows of each table were emptied or are gone; what still waits to be sent to the person is given up."""
    counts: dict[str, int] = {}
    for statement in _STATEMENTS.split(";"):
        done = await connection.execute(*_call(statement, found))
        name = statement.replace("delete from", "update").split()[1]
        counts[name] = counts.get(name, 0) + done.rowcount
    counts["files"] = await files.sweep(connection)
    return {name: count for name, count in counts.items() if count}


def _call(statement: str, found: Traces) -> tuple[Any, dict[str, Any]]:
    """The statement and what it asks for."""
    written = statement.format(his_records=_HIS_RECORDS)
    lists: dict[str, list[str]] = {
        "addresses": sorted(address for address in found.addresses if address),
        "messages": list(found.messages),
        "threads": list(found.threads),
        "slack_users": sorted(user for user in found.slack_users if user),
    }
    asked = {name: value for name, value in lists.items() if f":{name}" in written}
    words = {"contact": found.contact_id, "mark": MARK}
    made = text(written).bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in asked))
    return made, asked | {name: value for name, value in words.items() if f":{name}" in written}
