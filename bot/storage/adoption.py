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


# Machines' mails (bounces, absence notes) are nobody's word. What was before the invitation is no step of it. Rows are
# put together by grouping, and joined by their keys alone: that stays fast where no statistics are there yet.
_ADOPTED = text("""
with facts as (
    select b.partner_id, min(b.received_at) filter (where o.began_at is null or b.received_at >= o.began_at) as wrote,
        max(b.received_at) as heard, null::timestamptz as registered, null::date as won
    from inbox b left join onboarding o on o.partner_id = b.partner_id
    where b.partner_id is not null and b.received_at <= :now and b.state = 'handled' and b.trust = 'proven'
        and coalesce(b.message ->> 'automatic', '') = ''
    group by b.partner_id
    union all
    select r.partner_id, null, null, min(r.at), null
    from (select partner_id, (doc ->> 'submitted_at')::timestamptz as at from registrations) r
    left join onboarding o on o.partner_id = r.partner_id
    where r.at between coalesce(o.began_at, '-infinity') and :now
    group by r.partner_id
    union all
    select d.partner_id, null, null, null, min(d.day)
    from (
        select partner_id,
            coalesce(doc ->> 'won_on', doc ->> 'stage_since', doc ->> 'close_date', doc ->> 'created_on')::date as day
        from mirror where kind = 'deal' and doc ->> 'stage' = 'won' and partner_id <> ''
    ) d
    left join onboarding o on o.partner_id = d.partner_id
    where d.day <= (cast(:now as timestamptz) at time zone :zone)::date
        and (o.began_at is null or d.day >= (o.began_at at time zone :zone)::date)
    group by d.partner_id
    union all
    select id, null, null, null, null from mirror where kind = 'partner'
), summed as materialized (
    select partner_id, min(wrote) as wrote, max(heard) as heard, min(registered) as registered, min(won) as won
    from facts group by partner_id
)
select s.partner_id, m.doc ->> 'name' as name, m.doc ->> 'tier' as tier, m.doc ->> 'region' as region,
    array(select jsonb_array_elements_text(m.doc -> 'types')) as types,
    (o.began_at at time zone :zone)::date as invited_on, (s.wrote at time zone :zone)::date as wrote_on,
    (s.registered at time zone :zone)::date as registered_on, s.won as won_on,
    (s.heard at time zone :zone)::date as heard_on,
    exists (select from slack_channels c where c.partner_id = s.partner_id and c.paused = '') as in_slack
from summed s
join mirror m on m.kind = 'partner' and m.id = s.partner_id
left join onboarding o on o.partner_id = s.partner_id
order by lower(m.doc ->> 'name'), s.partner_id
""")
