"""How far an announcement has come, counted from its copies and from what stands in the outbox."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcing.followed import WAS_MEANT
from bot.vocabulary.announcing import AnnouncementState, Progress

_SENT = ("sent", "kept")
_WAITING = ("pending", "held")
_CANCELLED = "cancelled"


async def progress_of(
    connection: AsyncConnection, announcement_id: str, state: AnnouncementState, now: datetime
) -> Progress:
    """Of one that is kept. What an old one sent in one go counts like any other."""
    said = {"of": announcement_id, "now": now}
    copies = (await connection.execute(_COPIES, said)).one()
    rows = (await connection.execute(_ROWS, said)).all()
    people = await connection.scalar(_PEOPLE, said)
    in_state: Counter[str] = Counter()
    for row in rows:
        in_state[row.state] += row.copies
    posts = copies.unwritten_posts + sum(row.copies for row in rows if row.is_post)
    over = state is AnnouncementState.CANCELLED
    waiting = sum(in_state[name] for name in _WAITING) + (0 if over else copies.unwritten)
    times = [one for one in (copies.next_at, *(row.next_at for row in rows)) if one is not None]
    sent = sum(in_state[name] for name in _SENT)
    cancelled = in_state[_CANCELLED] + (copies.unwritten if over else 0)
    total = sum(in_state.values()) + copies.unwritten
    return Progress(
        state=state,
        total=total,
        sent=sent,
        failed=total - sent - waiting - cancelled,
        waiting=waiting,
        later=copies.later + sum(row.later for row in rows),
        next_at=min(times, default=None),
        cancelled=cancelled,
        people=people or 0,
        mails=total - posts,
        posts=posts,
    )


async def is_through(connection: AsyncConnection, announcement_id: str) -> bool:
    """Whether every copy has been written and has come to its end."""
    return not await connection.scalar(_LEFT, {"of": announcement_id})


_COPIES = text("""
    select count(*) as unwritten, count(*) filter (where is_post) as unwritten_posts,
        count(*) filter (where due_at > :now) as later,
        min(due_at) filter (where due_at > :now) as next_at
    from (
        select due_at, false as is_post from announcement_recipients
        where announcement_id = :of and by_mail and queued_at is null and outbox_id is null
        union all
        select due_at, true from announcement_posts where announcement_id = :of and queued_at is null
    ) copies
""")
_ROWS = text("""
    select state, is_post, count(*) as copies,
        count(*) filter (where state in ('pending', 'held') and not_before > :now) as later,
        min(not_before) filter (where state in ('pending', 'held') and not_before > :now) as next_at
    from (
        select outbox_id, false as is_post from announcement_recipients where announcement_id = :of
        union all
        select outbox_id, true from announcement_posts where announcement_id = :of
    ) copies join outbox on outbox.id = copies.outbox_id
    group by state, is_post
""")
_PEOPLE = text(f"""
    select count(*) from announcement_recipients r
    where announcement_id = :of and {WAS_MEANT} and left_out = ''
""")  # noqa: S608 - a constant
_LEFT = text("""
    select exists (
        select from announcement_recipients
        where announcement_id = :of and by_mail and queued_at is null
    ) or exists (
        select from announcement_posts where announcement_id = :of and queued_at is null
    ) or exists (
        select from outbox where announcement_id = :of and state in ('pending', 'held')
    )
""")
