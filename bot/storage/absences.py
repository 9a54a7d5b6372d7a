"""Who is away, until when, and whom to write to meanwhile, as automatic replies said it; the latest word counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import mail_tables

_WITHOUT_END = timedelta(days=7)
"""How long an absence is believed that named no end."""

_absences = mail_tables.absences


@dataclass(frozen=True, slots=True)
class Away:
    """`until` is the day that was named as the end or the return, None where none was."""

    contact_id: str
    until: date | None
    instead: str
    noted_at: datetime


async def note(
    connection: AsyncConnection, contact_id: str, partner_id: str, until: date | None, instead: str, inbox_id: str,
    at: datetime,
) -> None:  # fmt: skip
    """What was said at `at`; an older word that is read late changes nothing."""
    made = insert(_absences).values(
        contact_id=contact_id, partner_id=partner_id, until=until, instead=instead, inbox_id=inbox_id, noted_at=at
    )
    latest = {name: made.excluded[name] for name in ("partner_id", "until", "instead", "inbox_id", "noted_at")}
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["contact_id"], set_=latest, where=_absences.c.noted_at <= made.excluded.noted_at
        )
    )


async def away(connection: AsyncConnection, contact_ids: Iterable[str], now: datetime) -> dict[str, Away]:
    """Those of these contacts who are away now, by contact."""
    c = _absences.c
    lasts = or_(c.until >= now.date(), c.until.is_(None) & (c.noted_at > now - _WITHOUT_END))
    query = select(c.contact_id, c.until, c.instead, c.noted_at).where(c.contact_id.in_(list(contact_ids)), lasts)
    return {row.contact_id: Away(**row._asdict()) for row in (await connection.execute(query)).all()}
