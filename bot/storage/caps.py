"""How many automatic answers may go to one place: an end to loops between machines, and to flooding by a spoofer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, bindparam, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, outbox
from bot.vocabulary.message import ReplyAddress

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answering:
    """How the agent answers: the domain of its Message-IDs, and how many automatic answers go to one place.

    By mail that is an address (`proven_…`, and `unproven_…` where nothing proves who wrote) and its domain, as a
    program that varies its address varies nothing else; in Slack a channel; and everywhere a thread.
    `strangers_per_day` is for all that nothing proves together: each may be a forger's victim, and each another one.
    """

    mail_domain: str
    proven_per_hour: int = 60
    proven_per_day: int = 240
    unproven_per_day: int = 3
    domain_per_hour: int = 240
    domain_per_day: int = 1_200
    unproven_domain_per_day: int = 20
    strangers_per_day: int = 200
    channel_per_hour: int = 120
    thread_per_hour: int = 30
    thread_per_day: int = 120


@dataclass(frozen=True, slots=True)
class OverCap:
    """Which cap is reached (`scope` and `place`), and why no automatic answer goes out, in words for a manager."""

    scope: str
    place: str
    words: str

    def key(self, now: datetime) -> str:
        """The same all day, so that a manager is told once and not for each message."""
        return f"cap:{self.scope}:{self.place}:{now.date().isoformat()}"


async def over_cap(
    connection: AsyncConnection,
    answering: Answering,
    to: ReplyAddress,
    *,
    thread_id: str | None,
    proven: bool,
    now: datetime,
) -> OverCap | None:
    """The cap that stands in the way of an automatic answer just now; None where one may go.

    Whoever is about to answer to the same address, domain or thread waits until this transaction has ended, so that two
    at once do not exceed a cap.
    """
    slack = bool(to.slack_channel)
    place = to.slack_channel or to.to.lower()
    domain = "" if slack else place.rpartition("@")[2]
    await _wait_for_others(connection, place, domain, thread_id or "")
    given = {
        "destination": "slack" if slack else "mail",
        "place": place,
        "thread": thread_id,
        "domain": domain,
        "hour": now - _HOUR,
        "day": now - _DAY,
    }
    n = (await connection.execute(_PROVEN if proven or slack else _UNPROVEN, given)).one()
    if slack:
        caps = [("channel", place, place, n.here_hour, answering.channel_per_hour)]
    elif proven:
        caps = [
            ("address", place, place, n.here_hour, answering.proven_per_hour),
            ("address", place, place, n.here_day, answering.proven_per_day),
        ]
    else:
        caps = [
            ("address", place, place, n.here_day, answering.unproven_per_day),
            ("unproven_domain", domain, f"unproven senders of {domain}", n.unproven, answering.unproven_domain_per_day),
        ]
    if not slack:
        caps += [
            ("domain", domain, f"the domain {domain}", n.domain_hour, answering.domain_per_hour),
            ("domain", domain, f"the domain {domain}", n.domain_day, answering.domain_per_day),
        ]
    caps += [
        ("thread", thread_id or "", "the thread", n.thread_hour, answering.thread_per_hour),
        ("thread", thread_id or "", "the thread", n.thread_day, answering.thread_per_day),
    ]
    reached = next((cap for cap in caps if cap[3] >= cap[4]), None)
    return OverCap(reached[0], reached[1], f"{reached[2]} got too many already") if reached else None


async def _wait_for_others(connection: AsyncConnection, *names: str) -> None:
    """In one order, so that two who wait for each other's names never wait in a ring."""
    await connection.execute(_WAIT, {"names": [f"answers:{name}" for name in names if name]})


_WAIT = text(
    "select pg_advisory_xact_lock(lock) from (select distinct hashtextextended(name, 0) as lock"
    " from unnest(cast(:names as text[])) as name order by lock) as locks"
)
# Words and not parameters where they name a partial index, so that the planner knows that it fits.
_is_reply = outbox.c.kind == literal_column("'reply'")
_by_mail = outbox.c.destination == literal_column("'mail'")
_to_domain = func.split_part(outbox.c.ordering, literal_column("'@'"), literal_column("2")) == bindparam("domain")


def _replies(*wanted: ColumnElement[bool]) -> Subquery:
    hour = func.count().filter(outbox.c.created_at >= bindparam("hour")).label("hour")
    counted = select(hour, func.count().label("day")).where(_is_reply, outbox.c.created_at >= bindparam("day"), *wanted)
    return counted.subquery()


_HERE = _replies(outbox.c.destination == bindparam("destination"), outbox.c.ordering == bindparam("place"))
_THREAD = _replies(outbox.c.thread_id == bindparam("thread"))
_DOMAIN = _replies(_by_mail, _to_domain)
_PROVEN = select(
    _HERE.c.hour.label("here_hour"), _HERE.c.day.label("here_day"),
    _THREAD.c.hour.label("thread_hour"), _THREAD.c.day.label("thread_day"),
    _DOMAIN.c.hour.label("domain_hour"), _DOMAIN.c.day.label("domain_day"),
).select_from(_HERE.join(_THREAD, literal_column("true")).join(_DOMAIN, literal_column("true")))  # fmt: skip
_UNPROVEN = _PROVEN.add_columns(
    select(func.count())
    .select_from(outbox.join(inbox, inbox.c.id == outbox.c.inbox_id))
    .where(_is_reply, _by_mail, _to_domain, outbox.c.created_at >= bindparam("day"), inbox.c.trust != "proven")
    .scalar_subquery()
    .label("unproven")
)
