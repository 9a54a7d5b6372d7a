"""Rows of the ledger for people to look at: the newest that fit what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """Empty is no condition. `about` is a text that stands in the row, or in another one of the same message: a deal's
    number, an address; or M-… of a message.
    """

    partner_id: str = ""
    kind: str = ""
    actor: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    most: int = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """`position` is None while the row is not sealed."""

    id: int
    position: int | None
    at: datetime
    kind: str
    actor: str
    partner_id: str
    message: str
    body: dict[str, Any]


async def newest(connection: AsyncConnection, asked: Asked) -> list[Shown]:
    """The newest that fit, in the order they were written."""
    c = ledger.c
    query = select(c.id, c.position, c.at, c.kind, c.actor, c.partner_id, inbox.c.reference, c.body)
    query = query.select_from(ledger.outerjoin(inbox, inbox.c.id == c.inbox_id))
    exact = ((c.partner_id, asked.partner_id), (c.kind, asked.kind), (c.actor, asked.actor))
    query = query.where(*(column == value for column, value in exact if value))
    if asked.about:
        query = query.where(or_(_says(c.body, asked.about), c.inbox_id.in_(_messages(asked.about))))
    if asked.since is not None:
        query = query.where(c.at >= asked.since)
    if asked.until is not None:
        query = query.where(c.at < asked.until)
    rows = (await connection.execute(query.order_by(c.id.desc()).limit(asked.most))).all()
    return [
        Shown(
            row.id, row.position, row.at, row.kind, row.actor, row.partner_id or "", row.reference or "", row.body
        )
        for row in reversed(rows)
    ]  # fmt: skip


def _says(body: ColumnElement[Any], about: str) -> ColumnElement[bool]:
    return cast(body, Text).icontains(about, autoescape=True)


def _messages(about: str) -> Select[Any]:
    """What a partner wrote of a deal does not name the number that it got, but what became of it does."""
    other = ledger.alias()
    query = select(other.c.inbox_id).select_from(other.join(inbox, inbox.c.id == other.c.inbox_id))
    return query.where(or_(_says(other.c.body, about), inbox.c.reference == about.upper()))
