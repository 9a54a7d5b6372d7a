"""What we last wrote to the CRM, record by record: to be compared with what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.crm_writes import (
    LOG_AGAIN,
    LOG_INTERACTION,
    SAVE_CONTACT,
    SAVE_DEAL,
    SAVE_LEAD,
    SAVE_REGISTRATION,
    UPDATE_DEAL,
)
from bot.storage.outbox import Destination, OutboxState
from bot.storage.tables import forgotten, outbox
from crm.records import Contact, Deal, Interaction, Lead, Registration

Record = Registration | Lead | Deal | Contact
_KINDS: dict[str, type[Record]] = {
    SAVE_REGISTRATION: Registration,
    SAVE_LEAD: Lead,
    SAVE_DEAL: Deal,
    UPDATE_DEAL: Deal,
    SAVE_CONTACT: Contact,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Of one partner, or of all for ""; since a time; at most so many of each sort, the newest."""

    partner_id: str = ""
    since: datetime | None = None
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """`seen` is what the record was before, where only a change of it was written."""

    record: Record
    at: datetime
    seen: Deal | None = None


async def interactions(connection: AsyncConnection, scope: Scope) -> list[Interaction]:
    """Those that the CRM was told, the newest first; what still waits is left out, and what was erased."""
    record = outbox.c.payload["record"]
    query = (
        select(record)
        .where(*_settled(scope), outbox.c.kind == LOG_INTERACTION, record.is_not(None))
        .where(record["key"].astext.not_in(_on_their_way()))
        .order_by(outbox.c.seq.desc())
        .limit(scope.most)
    )
    return [from_doc(Interaction, doc) for doc in await connection.scalars(query)]


async def records(connection: AsyncConnection, scope: Scope) -> list[Written]:
    """The last word on each, the newest first; none of which a later one still waits."""
    family = case((outbox.c.kind == UPDATE_DEAL, SAVE_DEAL), else_=outbox.c.kind).label("family")
    columns = (outbox.c.seq, outbox.c.kind, outbox.c.state, outbox.c.payload, outbox.c.created_at)
    every = (
        select(family, _subject().label("subject"), *columns)
        .where(*_here(scope), outbox.c.kind.in_(_KINDS), ~outbox.c.payload.has_key("erased"))
        .subquery()
    )
    last = (
        select(every)
        .ext(distinct_on(every.c.family, every.c.subject))
        .order_by(every.c.family, every.c.subject, every.c.seq.desc())
        .subquery()
    )
    gone = (last.c.family == SAVE_CONTACT) & last.c.subject.in_(select(forgotten.c.contact_id))
    query = select(last).where(last.c.state != OutboxState.PENDING.value, ~gone)
    rows = (await connection.execute(query.order_by(last.c.seq.desc()).limit(scope.most))).all()
    return [_written(row.kind, row.payload, row.created_at) for row in rows]


def _written(kind: str, payload: dict[str, Any], at: datetime) -> Written:
    if kind == UPDATE_DEAL:
        return Written(from_doc(Deal, payload["wanted"]), at, from_doc(Deal, payload["seen"]))
    return Written(from_doc(_KINDS[kind], payload["record"]), at)


def _subject() -> ColumnElement[str]:
    record, wanted = outbox.c.payload["record"], outbox.c.payload["wanted"]
    return func.coalesce(record["number"].astext, wanted["number"].astext, record["id"].astext, "")


def _here(scope: Scope) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [outbox.c.destination == Destination.CRM.value]
    if scope.partner_id:
        where.append(outbox.c.partner_id == scope.partner_id)
    if scope.since is not None:
        where.append(outbox.c.created_at >= scope.since)
    return where


def _settled(scope: Scope) -> Sequence[ColumnElement[bool]]:
    return (*_here(scope), outbox.c.state != OutboxState.PENDING.value)


def _on_their_way() -> Any:
    return select(outbox.c.payload["record"]["key"].astext).where(
        outbox.c.destination == Destination.CRM.value,
        outbox.c.kind == LOG_AGAIN,
        outbox.c.state == OutboxState.PENDING.value,
    )
