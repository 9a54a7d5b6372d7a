"""How the agent stands with its CRM: what waits and since when, what was refused, how old our copy is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.crm_views import CrmView, MirroredView, Outage, RefusedView, WaitingEntries
from bot.desk.refused_entries import crm_called, entry_called, kind_called
from bot.operations.names import Names, read_names
from bot.storage import mirror, parking, refused
from bot.storage.outbox import Destination
from bot.storage.refused import RefusedEntry
from bot.storage.tables import mirror as mirrored
from bot.storage.tables import outbox, parked
from crm.ports import Standing

_MOST = 100
_PARTNERS = 20


async def view(connection: AsyncConnection, standing: Standing) -> CrmView:
    names = await read_names(connection)
    away = {row.dependency: row for row in (await connection.execute(select(parked))).all()}
    by_kind = await _waiting(connection, outbox.c.kind)
    by_partner = await _waiting(connection, func.coalesce(outbox.c.partner_id, ""))
    return CrmView(
        name=crm_called(standing.name),
        where=standing.where,
        facts=standing.facts,
        writing=_outage(away.get(Destination.CRM.value)),
        reading=_outage(away.get(parking.CRM_CHANGES)),
        looked=await mirror.last_heard(connection),
        waiting=sum(row.count for row in by_kind),
        kinds=tuple(WaitingEntries(kind_called(row.name), row.count, row.since) for row in by_kind),
        partners=tuple(_of_partner(row, names) for row in by_partner[:_PARTNERS]),
        refused=tuple(_refused(entry, names) for entry in await refused.entries(connection, _MOST)),
        refused_count=await refused.count(connection),
        mirrored=await _mirrored(connection),
    )


async def _waiting(connection: AsyncConnection, by: Any) -> list[Any]:
    """What is on its way, the oldest first."""
    since = func.min(outbox.c.created_at).label("since")
    query = select(by.label("name"), func.count().label("count"), since)
    pending = query.where(outbox.c.destination == Destination.CRM.value, outbox.c.state == "pending")
    return list((await connection.execute(pending.group_by(by).order_by(since))).all())


def _outage(row: Row[Any] | None) -> Outage | None:
    return None if row is None else Outage(row.since, row.until, row.reason)


def _of_partner(row: Any, names: Names) -> WaitingEntries:
    return WaitingEntries(names.partner(row.name) or row.name or "No partner", row.count, row.since, row.name)


def _refused(entry: RefusedEntry, names: Names) -> RefusedView:
    return RefusedView(
        id=entry.id,
        what=entry_called(entry.kind, entry.payload),
        words=entry.words,
        at=entry.at,
        partner_id=entry.partner_id or "",
        partner_name=names.partner(entry.partner_id),
        unknown=entry.unknown,
        older=entry.behind,
    )


async def _mirrored(connection: AsyncConnection) -> tuple[MirroredView, ...]:
    query = select(mirrored.c.kind, func.count(), func.max(mirrored.c.as_of)).group_by(mirrored.c.kind)
    rows = (await connection.execute(query.order_by(mirrored.c.kind))).all()
    return tuple(MirroredView(f"{kind}s", count, changed) for kind, count, changed in rows)
