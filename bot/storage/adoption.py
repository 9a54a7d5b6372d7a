"""Which partners write, register and win since they were invited: counted over all of them in one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Adopted:
    """One partner. `invited_on` is None for one that was known before; the first of each kind counts from then on,
    where it was invited, and of all times otherwise. Days are the vendor's; `heard_on` is that of the last own message.
    """

    partner_id: str
    name: str
    tier: str
    types: tuple[str, ...]
    region: str
    invited_on: date | None
    wrote_on: date | None
    registered_on: date | None
    won_on: date | None
    heard_on: date | None
    in_slack: bool


async def adopted(connection: AsyncConnection, now: datetime, zone: str) -> tuple[Adopted, ...]:
    """Every partner as it stood at `now` (aware), by name; `zone` is the vendor's."""
    rows = (await connection.execute(_ADOPTED, {"now": now, "zone": zone})).mappings()
    return tuple(_adopted(row) for row in rows)


def _adopted(row: Mapping[Any, Any]) -> Adopted:
    return Adopted(**{**row, "types": tuple(row["types"] or ())})


# Machines' mails (bounces, absence notes) are nobody's word. What was before the invitation is no step of it.
_ADOPTED = text("""
with invited as (
    select m.id, m.doc, o.began_at
    from mirror m left join onboarding o on o.partner_id = m.id
    where m.kind = 'partner'
), wrote as (
    select i.id, min(b.received_at) filter (where i.began_at is null or b.received_at >= i.began_at) as first,
        max(b.received_at) as last
    from invited i join inbox b on b.partner_id = i.id
    where b.received_at <= :now and b.state = 'handled' and b.trust = 'proven'
        and coalesce(b.message ->> 'automatic', '') = ''
    group by i.id
), registered as (
    select i.id, min((r.doc ->> 'submitted_at')::timestamptz) as first
    from invited i join registrations r on r.partner_id = i.id
    where (r.doc ->> 'submitted_at')::timestamptz between coalesce(i.began_at, '-infinity') and :now
    group by i.id
), won as (
    select i.id, min(d.day) as first
    from invited i join (
        select partner_id,
            coalesce(doc ->> 'won_on', doc ->> 'stage_since', doc ->> 'close_date', doc ->> 'created_on')::date as day
        from mirror where kind = 'deal' and doc ->> 'stage' = 'won' and partner_id <> ''
    ) d on d.partner_id = i.id
    where d.day <= (cast(:now as timestamptz) at time zone :zone)::date
        and (i.began_at is null or d.day >= (i.began_at at time zone :zone)::date)
    group by i.id
)
select i.id as partner_id, i.doc ->> 'name' as name, i.doc ->> 'tier' as tier, i.doc ->> 'region' as region,
    array(select jsonb_array_elements_text(i.doc -> 'types')) as types,
    (i.began_at at time zone :zone)::date as invited_on, (wrote.first at time zone :zone)::date as wrote_on,
    (registered.first at time zone :zone)::date as registered_on, won.first as won_on,
    (wrote.last at time zone :zone)::date as heard_on,
    exists (select from slack_channels s where s.partner_id = i.id and s.paused = '') as in_slack
from invited i
left join wrote on wrote.id = i.id
left join registered on registered.id = i.id
left join won on won.id = i.id
order by lower(i.doc ->> 'name'), i.id
""")
