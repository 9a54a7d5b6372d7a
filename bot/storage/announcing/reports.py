"""What became of an announcement, counted by the database: a report of ten thousand recipients is a few aggregates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcing import followed
from bot.storage.announcing.followed import ANSWERED, WAS_MEANT, Announced
from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Registered, Slice

REPORT = "announcement_report"
"""The kind of the timer with which whoever announced gets the report; its subject is the announcement's id."""

_EVERYBODY, _TIER, _REGION, _LANGUAGE = 7, 3, 5, 6
"""What `grouping(tier, region, language)` says of a row: a bit for each that it is not grouped by."""


async def report(
    connection: AsyncConnection, announcement_id: str, now: datetime, days: int
) -> AnnouncementReport | None:
    """None for what is no announcement, or has not gone out yet. `days` is how long after it registrations count, and
    how long before.
    """
    found = await followed.find(connection, announcement_id)
    if found is None or not found.has_begun:
        return None
    asked = {"id": found.id, "in_words": found.in_words}
    groups = (await connection.execute(_GROUPS, asked)).all()
    whole = next(row for row in groups if row.grouped == _EVERYBODY)
    span = min(timedelta(days=days), max(now - found.began_at, timedelta()))
    return AnnouncementReport(
        id=found.id,
        subject=found.subject,
        by=found.by,
        call=found.call.kind,
        began_at=found.began_at,
        taken_at=now,
        days=days,
        partners=whole.partners,
        people=_slice(whole, ""),
        mails=Copies(whole.mails, whole.delivered, whole.came_back, whole.failed, whole.waiting),
        posts=Copies(*(await connection.execute(_POSTS, {"id": found.id})).one()),
        answers=await _answers(connection, found, whole.wrote_only),
        said=await _pairs(connection, _SAID, asked),
        by_tier=_slices(groups, _TIER, "tier"),
        by_region=_slices(groups, _REGION, "region"),
        by_language=_slices(groups, _LANGUAGE, "language"),
        by_channel=_by_channel(whole, await _answered_in(connection, asked)),
        others=whole.others,
        opted_out=whole.opted_out,
        reminded=whole.reminded,
        after_reminder=whole.after_reminder,
        median=None if whole.median is None else timedelta(seconds=round(whole.median)),
        registered=await _registered(connection, found, span),
    )


async def plan(connection: AsyncConnection, days: int) -> int:
    """Timers of the report for what has gone out; how many were set."""
    return (await connection.execute(_PLAN, {"kind": REPORT, "days": days})).rowcount


async def _answers(connection: AsyncConnection, found: Announced, in_words: int) -> tuple[tuple[str, int], ...]:
    """Each possible answer, given or not, then whatever else was given."""
    given = dict(await _pairs(connection, _GIVEN, {"id": found.id}))
    possible = ["yes", "no", "maybe"] if not found.call.dates else [*map(str, found.call.dates), "no", "maybe"]
    if found.in_words:
        possible = [answer for answer in possible if answer in given]
    known = [*possible, *(answer for answer in given if answer not in possible)]
    counted = [(answer, given.get(answer, 0)) for answer in known]
    return (*counted, ("in_words", in_words)) if found.in_words else tuple(counted)


async def _pairs(connection: AsyncConnection, query: Any, asked: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((row[0], row[1]) for row in (await connection.execute(query, asked)).all())


async def _answered_in(connection: AsyncConnection, asked: dict[str, Any]) -> dict[str, Row[Any]]:
    return {row.answered_in: row for row in (await connection.execute(_ANSWERED_IN, asked)).all()}


async def _registered(connection: AsyncConnection, found: Announced, span: timedelta) -> Registered:
    asked = {"id": found.id, "start": found.began_at, "since": found.began_at - span, "until": found.began_at + span}
    row = (await connection.execute(_REGISTERED, asked)).one()
    return Registered(span, row.before, row.after, row.partners_before, row.partners_after)


def _slices(groups: Sequence[Row[Any]], grouped: int, name: str) -> tuple[Slice, ...]:
    """The largest first."""
    found = [_slice(row, getattr(row, name)) for row in groups if row.grouped == grouped and row.recipients]
    return tuple(sorted(found, key=lambda one: (-one.recipients, one.label)))


def _slice(row: Row[Any], label: str) -> Slice:
    return Slice(
        label, row.recipients, row.answered, row.yes, row.no, row.maybe, row.chosen, row.in_words
    )  # fmt: skip


def _by_channel(whole: Row[Any], answered: dict[str, Row[Any]]) -> tuple[Slice, ...]:
    """Who was to get it there, and who answered there; some get it in both places and answer in one."""
    made = []
    for label, recipients, place in (("mail", whole.mails, "email"), ("Slack", whole.by_slack, "slack")):
        row = answered.get(place)
        counts = (row.answered, row.yes, row.no, row.maybe, row.chosen, row.in_words) if row else (0,) * 6
        made.append(Slice(label, recipients, *counts))
    return tuple(made)


_COUNTS = """
    count(*) filter (where answered) answered,
    count(*) filter (where answer = 'yes') yes,
    count(*) filter (where answer = 'no') no,
    count(*) filter (where answer = 'maybe') maybe,
    count(*) filter (where answer not in ('', 'yes', 'no', 'maybe')) chosen,
    count(*) filter (where answered and answer = '') in_words
"""
_RECIPIENTS = f"""
with one as (
    select r.answer, r.answered_at, r.answered_in, r.opted_out, r.reminded_at, r.partner_id, r.by_mail, r.by_slack,
        {WAS_MEANT} and r.left_out = '' is_recipient, not {WAS_MEANT} is_other,
        {ANSWERED} answered,
        coalesce(p.doc ->> 'tier', '') tier, coalesce(p.doc ->> 'region', '') region, r.language,
        coalesce(o.sent_at, r.queued_at, a.began_at, a.send_at, a.created_at) reached_at,
        coalesce(o.state, '') state,
        exists (select from bounces b where b.outbox_id = r.outbox_id) came_back
    from announcement_recipients r
    join announcements a on a.id = r.announcement_id
    left join outbox o on o.id = r.outbox_id
    left join mirror p on p.kind = 'partner' and p.id = r.partner_id
    where r.announcement_id = :id
)"""  # noqa: S608 - values are bound
_GROUPS = text(f"""{_RECIPIENTS}, kept as (select * from one where is_recipient)
select grouping(tier, region, language) grouped, tier, region, language, count(*) recipients, {_COUNTS},
    count(distinct partner_id) partners,
    count(*) filter (where by_mail) mails,
    count(*) filter (where by_slack) by_slack,
    count(*) filter (where by_mail and state in ('sent', 'kept') and not came_back) delivered,
    count(*) filter (where by_mail and came_back) came_back,
    count(*) filter (where by_mail and state not in ('sent', 'kept', 'pending', 'held', '') and not came_back) failed,
    count(*) filter (where by_mail and state in ('pending', 'held', '') and not came_back) waiting,
    count(*) filter (where opted_out) opted_out,
    count(*) filter (where reminded_at is not null) reminded,
    count(*) filter (where answered and answered_at > reminded_at) after_reminder,
    percentile_cont(0.5) within group (order by extract(epoch from answered_at - reached_at)::float)
        filter (where answered and answered_at >= reached_at) median,
    (select count(*) from one where answered and is_other) others,
    (select count(*) from one where answered and answer = '') wrote_only
from kept group by grouping sets ((), (tier), (region), (language))""")  # noqa: S608 - values are bound
_ANSWERED_IN = text(f"""{_RECIPIENTS}
select answered_in, {_COUNTS} from one where is_recipient and answered group by answered_in""")  # noqa: S608
_GIVEN = text("""
select answer, count(*) from announcement_recipients
where announcement_id = :id and answer <> '' group by answer order by answer""")
_SAID = text("""
select split_part(one.word, ':', 1) word, count(distinct r.contact_id)
from announcement_recipients r, unnest(r.said) one (word)
where r.announcement_id = :id and not (:in_words and one.word = 'other') group by 1 order by 2 desc, 1""")
_POSTS = text("""
select count(*), count(*) filter (where o.state in ('sent', 'kept')), 0,
    count(*) filter (where o.state not in ('sent', 'kept', 'pending', 'held')),
    count(*) filter (where coalesce(o.state, 'pending') in ('pending', 'held'))
from announcement_posts p left join outbox o on o.id = p.outbox_id
where p.announcement_id = :id""")
_REGISTERED = text("""
with reached as (
    select r.partner_id from announcement_recipients r join outbox o on o.id = r.outbox_id
    where r.announcement_id = :id and o.state in ('sent', 'kept')
        and not exists (select from bounces b where b.outbox_id = r.outbox_id)
    union
    select p.partner_id from announcement_posts p join outbox o on o.id = p.outbox_id
    where p.announcement_id = :id and o.state in ('sent', 'kept')
), handed_in as (
    select partner_id, (doc ->> 'submitted_at')::timestamptz at from registrations
    where doc ->> 'submitted_at' is not null and partner_id in (select partner_id from reached)
)
select count(*) filter (where at < :start) before, count(*) filter (where at >= :start) after,
    count(distinct partner_id) filter (where at < :start) partners_before,
    count(distinct partner_id) filter (where at >= :start) partners_after
from handed_in where at >= :since and at < :until""")
_PLAN = text("""
insert into timers (key, kind, subject, due_at, payload)
select concat_ws(':', cast(:kind as text), id), :kind, id::text, ended_at + make_interval(days => :days), '{}'::jsonb
from announcements where state = 'sent' and ended_at is not null
    and not exists (select from timers t where t.subject = announcements.id::text and t.kind = :kind)
on conflict (key) do nothing""")
