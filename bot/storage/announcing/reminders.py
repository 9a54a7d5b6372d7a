"""Who is reminded of an announcement, decided by the database as things stand; and the rounds in which it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import preferences
from bot.storage.announcement_tables import announcement_posts, announcement_recipients, announcements
from bot.storage.announcing.followed import ANSWERED, WAS_MEANT, Announced
from bot.storage.desk_tables import timers
from bot.storage.tables import reply_keys, thread_messages
from bot.vocabulary.announcing import Route
from crm.records import Channel, ContactRight

REMINDER, PORTION = "announcement_reminder", "announcement_reminder_portion"
"""Kinds of timers: a round of reminders, and a part of one. The subject of both is the announcement's id."""

DUE = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is reminded. `address` is the one of now, and the first copy's; `first_id` the outbox row of that
    copy, `first` what it said.
    """

    contact_id: str
    partner_id: str
    address: str
    thread_id: str
    language: str
    first_id: str
    first: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """A post that is reminded of: `ts` is Slack's name for it."""

    channel_id: str
    partner_id: str
    thread_id: str | None
    language: str
    ts: str


async def counts(connection: AsyncConnection, found: Announced, now: datetime, today: date) -> dict[str, int]:
    """How many recipients are reminded by mail (DUE), and how many are not, by why."""
    rows = await connection.execute(_COUNTS, _asked(found, now, today, found.began_at))
    return {row.why: row.people for row in rows.all()}


async def readers(
    connection: AsyncConnection, found: Announced, round_began: datetime, now: datetime, today: date, limit: int
) -> list[Reader]:
    """The next of those who are reminded in this round, locked; nobody twice in it."""
    rows = await connection.execute(_READERS, _asked(found, now, today, round_began) | {"limit": limit})
    return [Reader(**row._asdict()) for row in rows.all()]


async def posts(connection: AsyncConnection, found: Announced, round_began: datetime, limit: int) -> list[Post]:
    """The next posts of partners of which nobody has answered, locked."""
    asked = {"id": found.id, "in_words": found.in_words, "round_began": round_began, "limit": limit}
    return [Post(**row._asdict()) for row in (await connection.execute(_POSTS, asked)).all()]


async def count_posts(connection: AsyncConnection, found: Announced) -> int:
    asked = {"id": found.id, "in_words": found.in_words, "round_began": None, "limit": None}
    return len((await connection.execute(_POSTS, asked)).all())


async def keys(connection: AsyncConnection, wanted: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The reply key of each thread's person: those drawn before, else the given ones. `wanted` is by thread: the
    address, and a key that was drawn by chance.
    """
    rows = [{"key": key, "thread_id": thread, "address": address} for thread, (address, key) in wanted.items()]
    if not rows:
        return {}
    made = insert(reply_keys).values(rows)
    kept = made.on_conflict_do_update(
        index_elements=["thread_id", "address"], set_={"address": made.excluded.address}
    ).returning(reply_keys.c.thread_id, reply_keys.c.key)
    return {row.thread_id: row.key for row in (await connection.execute(kept)).all()}


async def join(connection: AsyncConnection, ids: Mapping[str, str]) -> None:
    """Message-IDs, each with its thread."""
    rows = [{"message_id": message_id, "thread_id": thread_id} for message_id, thread_id in ids.items()]
    if rows:
        await connection.execute(insert(thread_messages).on_conflict_do_nothing(), rows)


async def note_readers(connection: AsyncConnection, announcement_id: str, people: Sequence[str], at: datetime) -> None:
    c = announcement_recipients.c
    those = (c.announcement_id == announcement_id) & c.contact_id.in_(people)
    await connection.execute(update(announcement_recipients).where(those).values(reminded_at=at))


async def note_posts(connection: AsyncConnection, announcement_id: str, noted: Sequence[Post], at: datetime) -> None:
    """With whoever is reached by nothing but the post."""
    c, r = announcement_posts.c, announcement_recipients.c
    places = (c.announcement_id == announcement_id) & c.channel_id.in_([post.channel_id for post in noted])
    await connection.execute(update(announcement_posts).where(places).values(reminded_at=at))
    there = (r.by_slack & ~r.by_mail) | _PREFERS_SLACK
    people = (r.announcement_id == announcement_id) & r.due_at.is_not(None) & there & (r.answer == "")
    theirs = people & r.partner_id.in_([post.partner_id for post in noted])
    await connection.execute(update(announcement_recipients).where(theirs).values(reminded_at=at))


async def rounds(connection: AsyncConnection, announcement_id: str) -> tuple[int, str]:
    """How many rounds have begun, and the key of the timer of one that has not, "" for none."""
    c = timers.c
    query = select(c.key, c.done_at).where(c.subject == announcement_id, c.kind == REMINDER).order_by(c.key)
    rows = (await connection.execute(query)).all()
    return sum(row.done_at is not None for row in rows), next((row.key for row in rows if row.done_at is None), "")


async def is_under_way(connection: AsyncConnection, announcement_id: str) -> bool:
    """Whether parts of a round are still to be written."""
    c = timers.c
    query = select(c.key).where(c.subject == announcement_id, c.kind == PORTION, c.done_at.is_(None))
    return await connection.scalar(query.limit(1)) is not None


async def note_round(connection: AsyncConnection, announcement_id: str, at: datetime) -> None:
    mine = announcements.c.id == announcement_id
    await connection.execute(update(announcements).where(mine).values(reminded_at=at))


async def plan(connection: AsyncConnection) -> int:
    """Timers of the first reminder for what has gone out and is to be reminded of; how many were set."""
    return (await connection.execute(_PLAN, {"kind": REMINDER})).rowcount


def _asked(found: Announced, now: datetime, today: date, round_began: datetime) -> dict[str, Any]:
    return {"id": found.id, "in_words": found.in_words, "now": now, "today": today, "round_began": round_began}


def _prefers(place: str) -> str:
    """Whether the contact of a row `r` of the recipients said so by now, or answers there, as in `preferences`."""
    always = ", ".join([f"'{place}'"] * preferences.LEARNED_FROM)
    return f"""exists (select from contact_preferences f where f.contact_id = r.contact_id
        and (f.route = '{_ROUTE_TO[place]}' or f.route = '' and f.answered_last = array[{always}]))"""


_ROUTE_TO = {Channel.SLACK.value: Route.SLACK.value, Channel.EMAIL.value: Route.MAIL.value}
_BY_POST = f"""({_prefers(Channel.SLACK.value)} and exists (select from announcement_posts p
    join outbox there on there.id = p.outbox_id and there.state = 'sent' and there.remote_id <> ''
    join slack_channels s on s.channel_id = p.channel_id and s.partner_id = p.partner_id and s.paused = ''
    where p.announcement_id = r.announcement_id and p.partner_id = r.partner_id))"""
"""Whether whoever got a mail is reminded below the post of his partner instead."""
_PREFERS_SLACK = literal_column(
    _prefers(Channel.SLACK.value).replace("r.contact_id", "announcement_recipients.contact_id"), Boolean
)

# In this order: the first that holds is why somebody is not reminded.
_WHY = f"""
case
    when {ANSWERED} then 'answered'
    when r.opted_out or 'unsubscribed' = any(r.said) or (c.doc ->> 'opted_out')::boolean
        or c.doc ->> 'email' <> '' and exists (select from mirror elsewhere where elsewhere.kind = 'contact'
            and elsewhere.key = c.key and (elsewhere.doc ->> 'opted_out')::boolean) then 'opted out'
    when r.said && array['wrong_person', 'left'] or c.id is null or c.partner_id <> r.partner_id
        or not (c.doc ->> 'active')::boolean or ended.name is not null then 'not there any more'
    when not ((c.doc ->> 'main')::boolean or c.doc -> 'rights' @> '["{ContactRight.SEE_DEALS}"]') and exists (
        select from announcements a where a.id = r.announcement_id and a.composed ->> 'texts' like '%{{open_deals}}%')
        then 'without the right to see deals'
    when 'later' = any(r.said) and r.answered_at > :now - interval '3 days' or exists (select from unnest(r.said) said
        where said like 'later:%' and substr(said, 7) > cast(cast(:today as date) as text)) then 'wants to answer later'
    when exists (select from absences b where b.contact_id = r.contact_id
        and (b.until >= :today or b.until is null and b.noted_at > :now - interval '7 days')) then 'away'
    when r.left_out <> '' then r.left_out
    when not r.by_mail or {_BY_POST} then 'gets it in Slack alone'
    when lower(o.payload ->> 'to') <> lower(c.doc ->> 'email') then 'has another address now'
    when coalesce(o.state, 'pending') in ('pending', 'held') then 'has not got it yet'
    when o.state not in ('sent', 'kept', 'unknown') or coalesce(c.doc ->> 'email', '') = ''
        or exists (select from bounces b where b.outbox_id = o.id)
        or exists (select from undeliverable u where u.address = lower(c.doc ->> 'email')) then 'takes no mail'
    else ''
end"""  # noqa: S608 - values are bound
_FROM = f"""
from announcement_recipients r
left join mirror c on c.kind = 'contact' and c.id = r.contact_id
left join outbox o on o.id = r.outbox_id
left join instance ended on ended.name = 'partner_ended:' || r.partner_id
where r.announcement_id = :id and {WAS_MEANT}"""
_COUNTS = text(f"select why, count(*) people from (select {_WHY} why {_FROM}) said group by why")  # noqa: S608
_READERS = text(f"""
select r.contact_id, r.partner_id, c.doc ->> 'email' address, r.thread_id::text thread_id, r.language,
    o.id::text first_id, o.payload first
{_FROM} and r.answer = '' and r.thread_id is not null and (r.reminded_at is null or r.reminded_at < :round_began)
    and {_WHY} = ''
order by r.contact_id limit :limit for update of r""")
_POSTS = text(f"""
select p.channel_id, p.partner_id, p.thread_id::text thread_id, p.language, o.remote_id ts
from announcement_posts p join outbox o on o.id = p.outbox_id and o.state = 'sent' and o.remote_id <> ''
where p.announcement_id = :id
    and (cast(:round_began as timestamptz) is null or p.reminded_at is null or p.reminded_at < :round_began)
    and not exists (select from announcement_recipients r
        where r.announcement_id = p.announcement_id and r.partner_id = p.partner_id and {ANSWERED})
    and exists (select from announcement_recipients r
        join mirror c on c.kind = 'contact' and c.id = r.contact_id and c.partner_id = r.partner_id
        where r.announcement_id = p.announcement_id and r.partner_id = p.partner_id and {WAS_MEANT}
            and (r.by_slack and not (r.by_mail and {_prefers(Channel.EMAIL.value)}) or {_prefers(Channel.SLACK.value)})
            and (c.doc ->> 'active')::boolean and not (c.doc ->> 'opted_out')::boolean and not r.opted_out)
order by p.channel_id limit :limit for update of p""")  # noqa: S608 - values are bound
_PLAN = text("""
insert into timers (key, kind, subject, due_at, payload)
select concat_ws(':', cast(:kind as text), id, 1), :kind, id::text,
    ended_at + make_interval(days => (composed ->> 'remind_after')::int), '{}'::jsonb
from announcements
where state = 'sent' and ended_at is not null and composed ->> 'remind_after' is not null
    and composed -> 'call' ->> 'kind' <> 'none'
    and not exists (select from timers t where t.subject = announcements.id::text and t.kind = :kind)
on conflict (key) do nothing""")
