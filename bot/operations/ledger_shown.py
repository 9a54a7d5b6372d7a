"""Rows of the ledger for people to look at: the newest that fit what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """Empty is no condition. `about` is a text that stands in the row: a deal's number, an address; or M-… of a
    message.
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
        said = cast(c.body, Text).icontains(asked.about, autoescape=True)
        query = query.where(or_(said, inbox.c.reference == asked.about.upper()))
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
