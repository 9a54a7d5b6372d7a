"""The copies of an announcement: who gets it, by mail or in a channel, when each may go, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, Text, any_, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcement_posts, announcement_recipients
from bot.storage.bulk import insert_all

_AT_ONCE = 1_000  # rows of one statement
_r, _p = announcement_recipients.c, announcement_posts.c


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """Somebody whom an announcement reaches. `language` is that of the text, `due_at` when his copy may go (aware)."""

    contact_id: str
    partner_id: str
    address: str
    language: str
    by_mail: bool
    by_slack: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PostRow:
    """A channel in which an announcement is posted."""

    team_id: str
    channel_id: str
    partner_id: str
    language: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class QueuedCopy:
    """What was written for a recipient: the thread of his mail, and its row in the outbox."""

    contact_id: str
    thread_id: str
    outbox_id: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people it reached, and at how many partners."""

    people: int
    partners: int


async def plan(
    connection: AsyncConnection, announcement_id: str, recipients: Sequence[RecipientRow], posts: Sequence[PostRow]
) -> None:
    """Written once: who is there already stays as he is."""
    of: Mapping[str, Any] = {"announcement_id": announcement_id}
    for start in range(0, len(recipients), _AT_ONCE):
        some = recipients[start : start + _AT_ONCE]
        rows = [{**of, **{name: getattr(row, name) for name in _ROW}} for row in some]
        await insert_all(connection, announcement_recipients, rows)
    await insert_all(connection, announcement_posts, [{**of, **asdict(row)} for row in posts])


async def due_mails(
    connection: AsyncConnection, announcement_id: str, now: datetime, limit: int
) -> tuple[RecipientRow, ...]:
    """The next who are to be written to, held to the end of the transaction."""
    query = select(*(announcement_recipients.c[name] for name in _ROW)).where(
        _r.announcement_id == announcement_id, _r.by_mail, _r.queued_at.is_(None), _r.due_at <= now
    )
    query = query.order_by(_r.due_at, _r.contact_id).limit(limit).with_for_update(skip_locked=True)
    return tuple(RecipientRow(**row._asdict()) for row in await connection.execute(query))


async def due_posts(
    connection: AsyncConnection, announcement_id: str, now: datetime, limit: int
) -> tuple[PostRow, ...]:
    query = select(_p.team_id, _p.channel_id, _p.partner_id, _p.language, _p.due_at).where(
        _p.announcement_id == announcement_id, _p.queued_at.is_(None), _p.due_at <= now
    )
    query = query.order_by(_p.due_at, _p.channel_id).limit(limit).with_for_update(skip_locked=True)
    return tuple(PostRow(**row._asdict()) for row in await connection.execute(query))


async def mails_queued(
    connection: AsyncConnection, announcement_id: str, copies: Sequence[QueuedCopy], now: datetime
) -> None:
    if copies:
        said = {
            "of": announcement_id, "now": now,
            "contacts": [copy.contact_id for copy in copies],
            "threads": [copy.thread_id for copy in copies],
            "rows": [copy.outbox_id for copy in copies],
        }  # fmt: skip
        await connection.execute(_QUEUED, said)


async def post_queued(
    connection: AsyncConnection, announcement_id: str, channel_id: str, thread_id: str, outbox_id: str, now: datetime
) -> None:
    this = (_p.announcement_id == announcement_id) & (_p.channel_id == channel_id)
    values = {"thread_id": thread_id, "outbox_id": outbox_id, "queued_at": now}
    await connection.execute(update(announcement_posts).where(this).values(values))


async def leave_out(connection: AsyncConnection, announcement_id: str, why: Mapping[str, str], now: datetime) -> None:
    """Recipients (contact -> why, in words) who are not written to after all."""
    if why:
        said = {"of": announcement_id, "now": now, "contacts": list(why), "why": list(why.values())}
        await connection.execute(_LEAVE_OUT, said)


async def skip_post(
    connection: AsyncConnection, announcement_id: str, channel_id: str, why: str, now: datetime
) -> None:
    """Nothing is posted in this channel after all."""
    this = (_p.announcement_id == announcement_id) & (_p.channel_id == channel_id)
    await connection.execute(update(announcement_posts).where(this).values(queued_at=now, left_out=why))


async def postpone(connection: AsyncConnection, announcement_id: str, due: Mapping[str, datetime]) -> None:
    """What has not been written yet for these partners may go at another time (aware)."""
    if due:
        said = {"of": announcement_id, "partners": list(due), "times": list(due.values())}
        await connection.execute(_POSTPONE_MAILS, said)
        await connection.execute(_POSTPONE_POSTS, said)


async def overdue_partners(connection: AsyncConnection, announcement_id: str, now: datetime) -> list[str]:
    """Whose copies might have gone by now and are not written yet."""
    return list(await connection.scalars(_OVERDUE, {"of": announcement_id, "now": now}))


async def by_mail_instead(connection: AsyncConnection, announcement_id: str, partner_id: str) -> None:
    """Those of the partner who would have read it in a channel get a mail."""
    readers = (_r.announcement_id == announcement_id) & (_r.partner_id == partner_id) & _r.by_slack
    mailed = update(announcement_recipients).where(readers, _r.outbox_id.is_(None))
    await connection.execute(mailed.values(by_mail=True, by_slack=False))
    await connection.execute(update(announcement_recipients).where(readers).values(by_slack=False))


async def counts(connection: AsyncConnection, announcement_id: str) -> Counts:
    """Without those who were left out after all."""
    query = select(func.count(), func.count(_r.partner_id.distinct()))
    people, partners = (
        await connection.execute(query.where(_r.announcement_id == announcement_id, _r.left_out == ""))
    ).one()
    return Counts(people, partners)


async def contacts(connection: AsyncConnection, announcement_id: str, wanted: Collection[str]) -> set[str]:
    """Which of these contacts it reaches."""
    query = select(_r.contact_id).where(
        _r.announcement_id == announcement_id, _r.contact_id == any_(bindparam("ids", list(wanted), ARRAY(Text)))
    )
    return set(await connection.scalars(query))


_ROW = ("contact_id", "partner_id", "address", "language", "by_mail", "by_slack", "due_at")
_TEXTS = {name: bindparam(name, type_=ARRAY(Text)) for name in ("contacts", "threads", "rows", "why", "partners")}
_QUEUED = text("""
    update announcement_recipients r set thread_id = s.thread::uuid, outbox_id = s.row::uuid, queued_at = :now
    from unnest(:contacts, :threads, :rows) as s (contact, thread, row)
    where r.announcement_id = :of and r.contact_id = s.contact
""").bindparams(_TEXTS["contacts"], _TEXTS["threads"], _TEXTS["rows"])
_LEAVE_OUT = text("""
    update announcement_recipients r set left_out = s.why, queued_at = :now
    from unnest(:contacts, :why) as s (contact, why)
    where r.announcement_id = :of and r.contact_id = s.contact
""").bindparams(_TEXTS["contacts"], _TEXTS["why"])
_TIMES = bindparam("times", type_=ARRAY(DateTime(timezone=True)))
_POSTPONE_MAILS, _POSTPONE_POSTS = (
    text(f"""
        update {table} r set due_at = s.due from unnest(:partners, :times) as s (partner, due)
        where r.announcement_id = :of and r.partner_id = s.partner and r.queued_at is null
    """).bindparams(_TEXTS["partners"], _TIMES)  # noqa: S608 - names of ours
    for table in ("announcement_recipients", "announcement_posts")
)
_OVERDUE = text("""
    select partner_id from announcement_recipients
    where announcement_id = :of and by_mail and queued_at is null and due_at < :now
    union
    select partner_id from announcement_posts where announcement_id = :of and queued_at is null and due_at < :now
""")
