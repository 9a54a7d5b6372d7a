"""What the CRM did not take: kept with its words, tried again as it should stand by now, overtaken by what it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Text, and_, cast, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import UUID, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, registrations
from bot.storage.codec import to_doc
from bot.storage.crm_writes import (
    LOG_INTERACTION,
    SAVE_CONTACT,
    SAVE_DEAL,
    SAVE_LEAD,
    SAVE_REGISTRATION,
    interaction_of,
)
from bot.storage.outbox import Destination, Due, OutboxState
from bot.storage.tables import outbox
from crm.records import Contact, Deal, Interaction, Lead

RETRIED = "retried"
"""In a payload: how often a person had it tried again."""
_OPEN = (OutboxState.REFUSED.value, OutboxState.UNKNOWN.value)
_MOST = 500


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """One thing that the CRM does not hold as it should: the newest of the rows that say it.

    `subject` is the number, id or key of what it is about. `unknown` where nobody can tell whether it arrived. `words`
    are the CRM's, `at` is when it said so, and `behind` how many older rows about the same are as little there.
    """

    id: str
    kind: str
    subject: str
    partner_id: str | None
    words: str
    at: datetime
    payload: dict[str, Any]
    unknown: bool = False
    behind: int = 0

    @property
    def retried(self) -> int:
        return int(self.payload.get(RETRIED, 0))


def subject_of(payload: dict[str, Any]) -> str:
    """What a row for the CRM is about, by its number, id or key."""
    seen = payload.get("seen")  # of a tier, the word itself
    record = payload.get("record") or (seen if isinstance(seen, dict) else {})
    said = record.get("number") or record.get("id") or record.get("key")
    return str(said or payload.get("contact_id") or payload.get("partner_id") or "")


def _subject() -> ColumnElement[str]:
    """The same in SQL."""
    record, seen = outbox.c.payload["record"], outbox.c.payload["seen"]
    return func.coalesce(
        record["number"].astext, record["id"].astext, record["key"].astext, seen["number"].astext,
        outbox.c.payload["contact_id"].astext, outbox.c.payload["partner_id"].astext, "",
    )  # fmt: skip


async def entries(connection: AsyncConnection, limit: int = _MOST) -> tuple[RefusedEntry, ...]:
    """What was refused last stands first."""
    newest = _newest().subquery()
    query = select(newest).order_by(newest.c.sent_at.desc(), newest.c.seq.desc()).limit(limit)
    return tuple(_entry(row) for row in (await connection.execute(query)).all())


async def count(connection: AsyncConnection) -> int:
    """As many as `entries` would list without a limit."""
    return int(await connection.scalar(select(func.count()).select_from(_newest().subquery())) or 0)


async def about(connection: AsyncConnection, name: str) -> tuple[RefusedEntry, ...]:
    """Those of a number (D-123456), or the one of a row's id."""
    newest = _newest().subquery()
    query = select(newest).where(or_(newest.c.subject == name, cast(newest.c.id, Text) == name.lower()))
    return tuple(_entry(row) for row in (await connection.execute(query.order_by(newest.c.seq))).all())


async def is_waiting(connection: AsyncConnection, row_id: str) -> bool:
    """Whether that row is on its way to the CRM."""
    query = select(outbox.c.id).where(cast(outbox.c.id, Text) == row_id, outbox.c.state == OutboxState.PENDING.value)
    return await connection.scalar(query.where(outbox.c.destination == Destination.CRM.value)) is not None


async def words_about(connection: AsyncConnection, number: str) -> str:
    """Why the CRM does not hold the registration of this number, in its words; "" where nothing stands in its way."""
    query = select(outbox.c.error).where(*_refused(), outbox.c.kind == SAVE_REGISTRATION, _subject() == number)
    return str(await connection.scalar(query.order_by(outbox.c.seq.desc()).limit(1)) or "")


async def again(connection: AsyncConnection, entry: RefusedEntry) -> bool:
    """Let the record as it stands by now be written once more; False where that is no longer called for."""
    payload = await _as_it_stands(connection, entry) | {RETRIED: entry.retried + 1}
    put_back = (
        update(outbox)
        .where(outbox.c.id == entry.id, outbox.c.state.in_(_OPEN))
        .values(state="pending", payload=payload, attempts=0, unsure=0, not_before=None, error="", sent_at=None)
    )
    if not (await connection.execute(put_back)).rowcount:
        return False
    older = (*_refused(), outbox.c.kind == entry.kind, _subject() == entry.subject)
    await connection.execute(update(outbox).where(*older).values(state=OutboxState.OVERTAKEN.value))
    return True


async def overtaken(connection: AsyncConnection, taken: Sequence[Due]) -> list[str]:
    """The CRM took these rows: what it refused of the same records before is settled. The ids of those."""
    pairs = sorted({(row.kind, subject_of(row.payload)) for row in taken})
    if not pairs:
        return []
    said = func.unnest(
        cast([kind for kind, _ in pairs], ARRAY(Text)), cast([subject for _, subject in pairs], ARRAY(Text))
    )
    those = said.table_valued("kind", "subject").render_derived()
    own = cast([row.id for row in taken], ARRAY(UUID(as_uuid=False)))
    query = (
        update(outbox)
        .where(*_refused(), tuple_(outbox.c.kind, _subject()).in_(select(those.c.kind, those.c.subject)))
        .where(outbox.c.id != func.all(own))
        .values(state=OutboxState.OVERTAKEN.value)
    )
    return list(await connection.scalars(query.returning(outbox.c.id)))


async def logged_about(connection: AsyncConnection, partner_id: str, number: str) -> tuple[Interaction, ...]:
    """What the CRM took of a partner's interactions that name this number, the oldest first."""
    query = select(outbox.c.payload).where(
        outbox.c.destination == Destination.CRM.value,
        outbox.c.state == OutboxState.SENT.value,
        outbox.c.kind == LOG_INTERACTION,
        outbox.c.partner_id == partner_id,
        outbox.c.payload["record"]["deal_numbers"].contains([number]),
    )
    found = await connection.scalars(query.order_by(outbox.c.seq).limit(_MOST))
    return tuple(interaction_of(payload) for payload in found)


async def left(connection: AsyncConnection, kind: str, partner_id: str | None) -> int:
    """How many of a kind the CRM still does not hold of a partner."""
    whose = outbox.c.partner_id == partner_id if partner_id else outbox.c.partner_id.is_(None)
    query = select(func.count()).select_from(outbox).where(*_refused(), outbox.c.kind == kind, whose)
    return int(await connection.scalar(query) or 0)


def _refused() -> tuple[ColumnElement[bool], ...]:
    return (outbox.c.destination == Destination.CRM.value, outbox.c.state.in_(_OPEN))


def _newest() -> Select[Any]:
    """The newest row of each kind and subject, with how many stand behind it."""
    subject = _subject()
    behind = func.count().over(partition_by=[outbox.c.kind, subject]) - 1
    columns = (
        outbox.c.id, outbox.c.seq, outbox.c.kind, outbox.c.partner_id, outbox.c.error, outbox.c.sent_at,
        outbox.c.payload, outbox.c.state, subject.label("subject"), behind.label("behind"),
    )  # fmt: skip
    newest_first = select(*columns).where(and_(*_refused())).order_by(outbox.c.kind, subject, outbox.c.seq.desc())
    return newest_first.ext(distinct_on(outbox.c.kind, subject))


def _entry(row: Row[Any]) -> RefusedEntry:
    unknown = row.state == OutboxState.UNKNOWN.value
    return RefusedEntry(
        row.id, row.kind, row.subject, row.partner_id, row.error, row.sent_at, row.payload, unknown, row.behind
    )


async def _as_it_stands(connection: AsyncConnection, entry: RefusedEntry) -> dict[str, Any]:
    """An older state never comes back: what changes by itself is written as it is now."""
    record: Any = None
    if entry.kind == SAVE_REGISTRATION:
        kept = await registrations.find(connection, entry.subject)
        record = kept.registration if kept else None
    elif entry.kind == SAVE_DEAL:
        record = await mirror.one(connection, Deal, entry.payload["record"]["id"])
    elif entry.kind == SAVE_LEAD:
        record = await mirror.one(connection, Lead, entry.subject)
    elif entry.kind == SAVE_CONTACT:
        record = await mirror.one(connection, Contact, entry.subject)
    return entry.payload if record is None else entry.payload | {"record": to_doc(record)}
