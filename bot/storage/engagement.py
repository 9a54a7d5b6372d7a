"""What each partner has done, counted over all of them at once: answers, messages, registrations, won deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Done:
    """Of one partner. `heard_on` is the day on which it wrote last, or did business where no message is known; None for
    never. `ever` counts registrations and won deals of all times.
    """

    partner_id: str
    reached: int
    answered: int
    messages: int
    registrations: int
    won: int
    certified: int
    ever: int
    heard_on: date | None


@dataclass(frozen=True, slots=True)
class Spans:
    """How far back each figure looks."""

    answers: timedelta
    messages: timedelta
    registrations: timedelta
    won: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is counted: `at` is aware, and was the day `today` by the vendor's clock."""

    at: datetime
    today: date


async def done_by(
    connection: AsyncConnection, now: Moment, then: Moment, spans: Spans, zone: str
) -> tuple[tuple[Done, Done], ...]:
    """Of every partner as it stands now, and as it stood `then`, which is earlier; `zone` is the vendor's. In one look:
    what is counted lies in the same rows.
    """
    values = {"zone": zone} | _values("now", now, spans) | _values("then", then, spans)
    rows = (await connection.execute(_DONE, values)).mappings()
    return tuple((_done(row, "now"), _done(row, "then")) for row in rows)


def _values(name: str, moment: Moment, spans: Spans) -> dict[str, object]:
    return {
        f"{name}_at": moment.at,
        f"{name}_on": moment.today,
        f"{name}_answers": moment.at - spans.answers,
        f"{name}_messages": moment.at - spans.messages,
        f"{name}_registrations": moment.at - spans.registrations,
        f"{name}_won": moment.today - spans.won,
    }


def _done(row: Mapping[Any, Any], name: str) -> Done:
    return Done(
        partner_id=row["id"],
        reached=row[f"{name}_reached"] or 0,
        answered=row[f"{name}_answered"] or 0,
        messages=row[f"{name}_messages"] or 0,
        registrations=row[f"{name}_registrations"] or 0,
        won=row[f"{name}_won"] or 0,
        certified=row["certified"] or 0,
        ever=row[f"{name}_ever"],
        heard_on=row[f"{name}_heard"],
    )


# Machines' mails (bounces, absence notes) are nobody's word. A copy that the relay refused reached nobody; one that is
# read in a channel alone reached its reader with the post there.
_DONE = text("""
with wrote as (
    select partner_id,
        count(*) filter (where received_at > :now_messages) as now_messages,
        count(*) filter (where received_at > :then_messages and received_at <= :then_at) as then_messages,
        max(received_at) as now_last,
        max(received_at) filter (where received_at <= :then_at) as then_last
    from inbox
    where partner_id is not null and received_at <= :now_at and state = 'handled' and trust = 'proven'
        and coalesce(message ->> 'automatic', '') = ''
    group by partner_id
), registered as (
    select partner_id,
        count(*) filter (where at > :now_registrations) as now_lately,
        count(*) filter (where at > :then_registrations and at <= :then_at) as then_lately,
        count(*) as now_ever,
        count(*) filter (where at <= :then_at) as then_ever,
        max(at) as now_last,
        max(at) filter (where at <= :then_at) as then_last
    from (select partner_id, (doc ->> 'submitted_at')::timestamptz as at from registrations) submitted
    where at <= :now_at
    group by partner_id
), won as (
    select partner_id,
        count(*) filter (where day > :now_won) as now_lately,
        count(*) filter (where day > :then_won and day <= :then_on) as then_lately,
        count(*) as now_ever,
        count(*) filter (where day <= :then_on) as then_ever,
        max(day) as now_last,
        max(day) filter (where day <= :then_on) as then_last
    from (
        select partner_id,
            coalesce(doc ->> 'won_on', doc ->> 'stage_since', doc ->> 'close_date', doc ->> 'created_on')::date as day
        from mirror where kind = 'deal' and doc ->> 'stage' = 'won' and partner_id <> ''
    ) deals
    where day <= :now_on
    group by partner_id
), told as (
    select partner_id,
        count(*) filter (where at >= :now_answers) as now_reached,
        count(*) filter (where at between :then_answers and :then_at) as then_reached,
        count(*) filter (where at >= :now_answers and answers and answered_at <= :now_at) as now_answered,
        count(*) filter (
            where at between :then_answers and :then_at and answers and answered_at <= :then_at
        ) as then_answered
    from (
        select r.partner_id, r.answered_at, coalesce(r.queued_at, p.queued_at, r.answered_at) as at,
            r.answer <> '' or r.said && array['later', 'question', 'wrong_person', 'left', 'other'] as answers
        from announcement_recipients r
        left join outbox o on o.id = r.outbox_id
        left join announcement_posts p
            on p.announcement_id = r.announcement_id and p.partner_id = r.partner_id and r.by_slack
        where o.state is distinct from 'refused' or r.answered_at is not null
    ) copies
    where at between :then_answers and :now_at
    group by partner_id
)
select m.id, (m.doc ->> 'certified_people')::int as certified,
    now_reached, then_reached, now_answered, then_answered, now_messages, then_messages,
    registered.now_lately as now_registrations, registered.then_lately as then_registrations,
    won.now_lately as now_won, won.then_lately as then_won,
    coalesce(registered.now_ever, 0) + coalesce(won.now_ever, 0) as now_ever,
    coalesce(registered.then_ever, 0) + coalesce(won.then_ever, 0) as then_ever,
    greatest(
        (wrote.now_last at time zone :zone)::date, (registered.now_last at time zone :zone)::date, won.now_last
    ) as now_heard,
    greatest(
        (wrote.then_last at time zone :zone)::date, (registered.then_last at time zone :zone)::date, won.then_last
    ) as then_heard
from mirror m
left join wrote on wrote.partner_id = m.id
left join registered on registered.partner_id = m.id
left join won on won.partner_id = m.id
left join told on told.partner_id = m.id
where m.kind = 'partner'
order by m.id
""")
