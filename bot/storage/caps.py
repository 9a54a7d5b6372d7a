"""How many automatic answers may go to one place: an end to loops between machines, and to flooding by a spoofer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, ScalarSelect, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, outbox
from bot.vocabulary.message import ReplyAddress

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answering:
    """How the agent answers: the domain of its Message-IDs, and how many automatic answers go to one place.

    By mail that is an address, and for senders who are not proven the domain they name, too; in Slack a channel; and
    everywhere a thread.
    """

    mail_domain: str
    proven_per_hour: int = 60
    unproven_per_day: int = 3
    unproven_domain_per_day: int = 20
    channel_per_hour: int = 120
    thread_per_hour: int = 30


async def over_cap(
    connection: AsyncConnection,
    answering: Answering,
    to: ReplyAddress,
    *,
    thread_id: str | None,
    proven: bool,
    now: datetime,
) -> str:
    """Why no automatic answer may go there just now, in words for a manager; "" where one may."""
    place = to.slack_channel or to.to.lower()
    long = _DAY if not proven and not to.slack_channel else _HOUR
    given = {
        "destination": "slack" if to.slack_channel else "mail",
        "place": place,
        "since": now - long,
        "thread": thread_id,
        "hour": now - _HOUR,
        "domain": place.rpartition("@")[2],
        "day": now - _DAY,
    }
    asked = _MAIL_UNPROVEN if long is _DAY else _PROVEN
    here, in_thread, in_domain = (await connection.execute(asked, given)).one()
    if to.slack_channel:
        most = answering.channel_per_hour
    else:
        most = answering.proven_per_hour if proven else answering.unproven_per_day
    if here >= most:
        return f"{place} got too many already"
    if in_thread >= answering.thread_per_hour:
        return "the thread got too many already"
    if in_domain >= answering.unproven_domain_per_day:
        return f"unproven senders of {given['domain']} got too many already"
    return ""


def _replies(*wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(outbox).where(_is_reply, *wanted).scalar_subquery()


# Words and not parameters where they name a partial index, so that the planner knows that it fits.
_is_reply = outbox.c.kind == literal_column("'reply'")
_HERE = _replies(
    outbox.c.destination == bindparam("destination"),
    outbox.c.ordering == bindparam("place"),
    outbox.c.created_at >= bindparam("since"),
)
_IN_THREAD = _replies(outbox.c.thread_id == bindparam("thread"), outbox.c.created_at >= bindparam("hour"))
_IN_DOMAIN = (
    select(func.count())
    .select_from(outbox.join(inbox, inbox.c.id == outbox.c.inbox_id))
    .where(
        _is_reply,
        outbox.c.destination == literal_column("'mail'"),
        func.split_part(outbox.c.ordering, literal_column("'@'"), literal_column("2")) == bindparam("domain"),
        outbox.c.created_at >= bindparam("day"),
        inbox.c.trust != "proven",
    )
    .scalar_subquery()
)
_PROVEN = select(_HERE, _IN_THREAD, literal_column("0", Integer))
_MAIL_UNPROVEN = select(_HERE, _IN_THREAD, _IN_DOMAIN)
