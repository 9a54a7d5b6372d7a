"""Our own changes of deals that the CRM had not been told of when it was asked: what it said then is older."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.crm_writes import SAVE_DEAL, UPDATE_DEAL
from bot.storage.outbox import Destination, OutboxState
from bot.storage.tables import outbox
from crm.records import Deal


@dataclass(frozen=True, slots=True)
class OnTheirWay:
    """Deals that are saved whole, by number, and the updates of others in the order in which they were made."""

    saved: frozenset[str] = frozenset()
    updates: Mapping[str, Sequence[tuple[Deal, Deal]]] = field(default_factory=dict)

    def over(self, said: Deal) -> Deal:
        """What the CRM says, with what it was not yet told."""
        for seen, wanted in self.updates.get(said.number, ()):
            said = _with(said, seen, wanted)
        return said


async def on_their_way(connection: AsyncConnection, numbers: Collection[str], since: datetime) -> OnTheirWay:
    """Those of these deals that waited at `since`, by the database's clock, or wait still."""
    if not numbers:
        return OnTheirWay()
    rows = (
        await connection.execute(
            select(outbox.c.kind, outbox.c.payload)
            .where(
                outbox.c.destination == Destination.CRM.value,
                outbox.c.kind.in_([SAVE_DEAL, UPDATE_DEAL]),
                _unknown_there(since),
                _number("wanted").in_(list(numbers)) | _number("record").in_(list(numbers)),
            )
            .order_by(outbox.c.seq)
        )
    ).all()
    saved = {str(row.payload["record"]["number"]) for row in rows if row.kind == SAVE_DEAL}
    updates: dict[str, list[tuple[Deal, Deal]]] = {}
    for row in rows:
        if row.kind == UPDATE_DEAL:
            seen, wanted = (from_doc(Deal, row.payload[name]) for name in ("seen", "wanted"))
            updates.setdefault(wanted.number, []).append((seen, wanted))
    return OnTheirWay(frozenset(saved), updates)


def _unknown_there(since: datetime) -> ColumnElement[bool]:
    sent = (outbox.c.state == OutboxState.SENT.value) & (outbox.c.sent_at >= since)
    return (outbox.c.state == OutboxState.PENDING.value) | sent


def _number(part: str) -> Any:
    return outbox.c.payload[part]["number"].astext


def _with(said: Deal, seen: Deal, wanted: Deal) -> Deal:
    names = [f.name for f in fields(Deal) if getattr(seen, f.name) != getattr(wanted, f.name)]
    merged: Deal = replace(said, **{name: getattr(wanted, name) for name in names})
    return merged
