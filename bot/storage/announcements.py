"""Announcements, their recipients, and what each answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import announcement_recipients, announcements, opt_out_links
from bot.storage.tables import outbox
from bot.vocabulary.facts import AnnouncementFact

_NAMED = 2_000  # characters of the text that a reader gets to see


@dataclass(frozen=True, slots=True)
class Recipient:
    contact_id: str
    partner_id: str
    address: str
    thread_id: str
    outbox_id: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it has come. `state` is as in `scheduled_announcements`, `send_at` None where none was set."""

    id: str
    subject: str
    created_by: str
    created_at: datetime
    segment: dict[str, Any]
    recipients: int
    delivered: int
    yes: int
    no: int
    maybe: int
    opted_out: int
    state: str = "sent"
    send_at: datetime | None = None


async def create(
    connection: AsyncConnection,
    announcement_id: str,
    *,
    subject: str,
    body: str,
    segment: dict[str, Any],
    created_by: str,
    recipients: Sequence[Recipient],
) -> None:
    await connection.execute(
        insert(announcements).values(
            id=announcement_id, subject=subject, body=body, segment=segment, created_by=created_by
        )
    )
    await add_recipients(connection, announcement_id, recipients)


async def add_recipients(connection: AsyncConnection, announcement_id: str, recipients: Sequence[Recipient]) -> None:
    rows = [
        {
            "announcement_id": announcement_id,
            "contact_id": r.contact_id,
            "partner_id": r.partner_id,
            "address": r.address,
            "thread_id": r.thread_id,
            "outbox_id": r.outbox_id,
        }
        for r in recipients
    ]
    if rows:
        await connection.execute(insert(announcement_recipients), rows)


async def fact(connection: AsyncConnection, announcement_id: str) -> AnnouncementFact | None:
    query = select(announcements.c.id, announcements.c.subject, announcements.c.body)
    row = (await connection.execute(query.where(announcements.c.id == announcement_id))).one_or_none()
    return None if row is None else AnnouncementFact(row.id, row.subject, row.body[:_NAMED])


async def record_answer(connection: AsyncConnection, announcement_id: str, contact_id: str, answer: str) -> bool:
    """The latest answer of a person counts; False where the announcement never went to that person."""
    done = await connection.execute(
        update(announcement_recipients)
        .where(
            announcement_recipients.c.announcement_id == announcement_id,
            announcement_recipients.c.contact_id == contact_id,
        )
        .values(answer=answer, answered_at=func.now())
    )
    return done.rowcount == 1


async def record_opt_out(connection: AsyncConnection, announcement_id: str, contact_id: str) -> None:
    await connection.execute(
        update(announcement_recipients)
        .where(
            announcement_recipients.c.announcement_id == announcement_id,
            announcement_recipients.c.contact_id == contact_id,
        )
        .values(opted_out=True)
    )


async def tallies(connection: AsyncConnection, announcement_id: str | None = None, limit: int = 200) -> list[Tally]:
    """Counts of each announcement, newest first."""
    r = announcement_recipients.c
    given = {answer: func.count().filter(r.answer == answer) for answer in ("yes", "no", "maybe")}
    query = (
        select(
            announcements.c.id, announcements.c.subject, announcements.c.created_by, announcements.c.created_at,
            announcements.c.segment, announcements.c.state, announcements.c.send_at,
            func.count(r.contact_id).label("recipients"),
            func.count().filter(outbox.c.state.in_(["sent", "kept"])).label("delivered"),
            given["yes"].label("yes"), given["no"].label("no"), given["maybe"].label("maybe"),
            func.count().filter(r.opted_out).label("opted_out"),
        )
        .select_from(announcements.outerjoin(announcement_recipients).outerjoin(outbox, outbox.c.id == r.outbox_id))
        .group_by(announcements.c.id)
        .order_by(func.coalesce(announcements.c.send_at, announcements.c.created_at).desc())
        .limit(limit)
    )  # fmt: skip
    if announcement_id:
        query = query.where(announcements.c.id == announcement_id)
    return [Tally(**row._asdict()) for row in (await connection.execute(query)).all()]


async def link_opt_out(
    connection: AsyncConnection, token: str, contact_id: str, partner_id: str, announcement_id: str | None
) -> None:
    """Remember what a one-click unsubscribe link stands for; None where it stands in no announcement."""
    await connection.execute(
        insert(opt_out_links).values(
            token=token, contact_id=contact_id, partner_id=partner_id, announcement_id=announcement_id
        )
    )


async def opt_out_of(connection: AsyncConnection, token: str) -> tuple[str, str | None] | None:
    """(contact, announcement) that a link stands for; None for a token we never gave out."""
    query = select(opt_out_links.c.contact_id, opt_out_links.c.announcement_id)
    row = (await connection.execute(query.where(opt_out_links.c.token == token))).one_or_none()
    return None if row is None else (row.contact_id, row.announcement_id)
