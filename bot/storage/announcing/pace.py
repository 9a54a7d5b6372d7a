"""The pace of bulk mail: from which moment on the next one may go to each mail domain, kept for all workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, DateTime, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Pace:
    """How many mails of announcements a minute may go to one domain."""

    per_minute: int

    @property
    def step(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute


async def take(
    connection: AsyncConnection, pace: Pace, domains: Iterable[str], now: datetime
) -> Mapping[str, datetime]:
    """From when on as many mails may go to each domain as it is named here, one step apart; they are taken by this.

    Domains are locked in one order, so that nobody waits for anybody in a ring.
    """
    counted = Counter(domains)
    if not counted:
        return {}
    names = sorted(counted)
    ends = [now + counted[name] * pace.step for name in names]
    rows = await connection.execute(_TAKE, {"domains": names, "ends": ends, "now": now})
    return {row.domain: row.next_at - counted[row.domain] * pace.step for row in rows}


async def forget_old(connection: AsyncConnection) -> None:
    """What lies a day behind holds nobody back."""
    await connection.execute(text("delete from domain_pace where next_at < now() - interval '1 day'"))


async def held_copies(connection: AsyncConnection, announcement_id: str) -> Sequence[tuple[str, str, str]]:
    """(outbox row, domain, partner) of each copy that is held, in the order they were written; in Slack without a
    domain.
    """
    rows = await connection.execute(_HELD, {"of": announcement_id})
    return [(row.id, row.domain, row.partner_id or "") for row in rows]


async def plan_anew(connection: AsyncConnection, times: Mapping[str, datetime]) -> None:
    """Outbox rows, each with the moment before which it does not go, together with the line that tells of it."""
    if times:
        await connection.execute(_PLAN, {"rows": list(times), "times": list(times.values())})


_TAKE = text("""
    insert into domain_pace as kept (domain, next_at)
    select domain, ends from unnest(:domains, :ends) as taken (domain, ends) order by domain
    on conflict (domain) do update
    set next_at = greatest(kept.next_at, :now) + (excluded.next_at - :now)
    returning domain, next_at
""").bindparams(
    bindparam("domains", type_=ARRAY(Text)),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
    bindparam("now", type_=DateTime(timezone=True)),
)
_HELD = text("""
    select id::text, partner_id, case destination when 'mail' then split_part(ordering, '@', 2) else '' end as domain
    from outbox where announcement_id = :of and state = 'held' order by seq
""")
_PLAN = text("""
    with changed as (
        update outbox set not_before = said.at from unnest(:rows, :times) as said (id, at)
        where outbox.id = said.id::uuid returning outbox.key, said.at
    )
    update outbox set not_before = changed.at from changed
    where outbox.key = 'crm:log_interaction:' || changed.key and outbox.state in ('pending', 'held')
""").bindparams(bindparam("rows", type_=ARRAY(Text)), bindparam("times", type_=ARRAY(DateTime(timezone=True))))
