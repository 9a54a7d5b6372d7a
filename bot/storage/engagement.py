"""What each partner has done, counted over all of them at once: answers, messages, registrations, won deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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


async def done_by(connection: AsyncConnection, at: datetime, today: date, spans: Spans, zone: str) -> tuple[Done, ...]:
    """Of every partner, as it stood `at` that moment (aware), which was the day `today` in the vendor's `zone`."""
    values = {
        "at": at, "today": today, "zone": zone, "answers_from": at - spans.answers,
        "messages_from": at - spans.messages, "registrations_from": at - spans.registrations,
        "won_from": today - spans.won,
    }  # fmt: skip
    return tuple(Done(*row) for row in await connection.execute(_DONE, values))


# Machines' mails (bounces, absence notes) are nobody's word. A copy that the relay refused reached nobody; one that is
# read in a channel alone reached its reader with the post there.
_DONE = text("""
with wrote as (
    select partner_id, count(*) filter (where received_at > :messages_from) as messages, max(received_at) as last_at
    from inbox
    where partner_id is not null and received_at <= :at and state = 'handled' and trust = 'proven'
        and coalesce(message ->> 'automatic', '') = ''
    group by partner_id
), registered as (
    select partner_id, count(*) as ever,
        count(*) filter (where (doc ->> 'submitted_at')::timestamptz > :registrations_from) as lately,
        max((doc ->> 'submitted_at')::timestamptz) as last_at
    from registrations
    where doc ->> 'submitted_at' is not null and (doc ->> 'submitted_at')::timestamptz <= :at
    group by partner_id
), won as (
    select partner_id, count(*) as ever, count(*) filter (where day > :won_from) as lately, max(day) as last_on
    from (
        select partner_id,
            coalesce(doc ->> 'won_on', doc ->> 'stage_since', doc ->> 'close_date', doc ->> 'created_on')::date as day
        from mirror where kind = 'deal' and doc ->> 'stage' = 'won' and partner_id <> ''
    ) deals
    where day <= :today
    group by partner_id
), told as (
    select r.partner_id, count(*) as reached,
        count(*) filter (
            where r.answered_at <= :at
            and (r.answer <> '' or r.said && array['later', 'question', 'wrong_person', 'left', 'other'])
        ) as answered
    from announcement_recipients r
    join announcements a on a.id = r.announcement_id
    left join outbox o on o.id = r.outbox_id
    left join announcement_posts p
        on p.announcement_id = r.announcement_id and p.partner_id = r.partner_id and r.by_slack
    where coalesce(r.queued_at, p.queued_at, r.answered_at) between :answers_from and :at
        and (o.state is distinct from 'refused' or r.answered_at is not null)
    group by r.partner_id
)
select m.id, coalesce(told.reached, 0), coalesce(told.answered, 0), coalesce(wrote.messages, 0),
    coalesce(registered.lately, 0), coalesce(won.lately, 0), coalesce((m.doc ->> 'certified_people')::int, 0),
    coalesce(registered.ever, 0) + coalesce(won.ever, 0),
    greatest(
        (wrote.last_at at time zone :zone)::date, (registered.last_at at time zone :zone)::date, won.last_on
    )
from mirror m
left join wrote on wrote.partner_id = m.id
left join registered on registered.partner_id = m.id
left join won on won.partner_id = m.id
left join told on told.partner_id = m.id
where m.kind = 'partner'
order by m.id
""")
