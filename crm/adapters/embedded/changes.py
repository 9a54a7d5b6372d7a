"""What changed in the embedded CRM since a cursor: in the order of the changes, in pages, and nothing left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.embedded import rows, tables
from crm.adapters.embedded.connections import connected
from crm.errors import CrmRejected
from crm.ports import Changes

_KINDS: tuple[tuple[str, Table, Callable[[RowMapping], Any]], ...] = (
    ("partners", tables.partners, rows.to_partner),
    ("contacts", tables.contacts, rows.to_contact),
    ("deals", tables.deals, rows.to_deal),
    ("payments", tables.payments, rows.to_payment),
    ("registrations", tables.registrations, rows.to_registration),
    ("leads", tables.leads, rows.to_lead),
    ("milestones", tables.milestones, rows.to_milestone),
)
_DIGITS = 19  # of the largest bigint


@dataclass(frozen=True, slots=True)
class _Span:
    """Changes numbered over `after`, up to and with `last`."""

    after: int
    last: int


async def read_changes(engine: AsyncEngine, cursor: str, limit: int) -> Changes:
    """The cursor is the number of the last change handed out. Raises CrmRejected for a foreign cursor.

    How the numbers are drawn so that none appears late is told in the first migration.
    """
    after, limit = _number(cursor), max(limit, 1)
    # A transaction of its own, for it keeps every writer waiting.
    async with connected(engine) as connection:
        last = (await connection.execute(select(func.crm.last_change()))).scalar_one()
    # A cursor from the future is one from before an older backup was restored: everything may be new.
    span = _Span(after if after <= last else 0, last)
    async with connected(engine) as connection:
        found = {name: await _rows(connection, table, span, limit) for name, table, _ in _KINDS}
    return _page(found, span, limit)


async def _rows(connection: AsyncConnection, table: Table, span: _Span, limit: int) -> list[RowMapping]:
    """One more than asked for, which tells that there are more."""
    within = table.c.change.between(span.after + 1, span.last)
    query = select(table).where(within).order_by(table.c.change).limit(limit + 1)
    return list((await connection.execute(query)).mappings())


def _page(found: dict[str, list[RowMapping]], span: _Span, limit: int) -> Changes:
    """All kinds are cut at the same change, so that one number says what was handed out."""
    cuts = [kind[limit - 1]["change"] for kind in found.values() if len(kind) > limit]
    cut = min(cuts, default=span.last)
    page = {name: tuple(record(row) for row in found[name] if row["change"] <= cut) for name, _, record in _KINDS}
    return Changes(**page, cursor=str(cut), more=bool(cuts))


def _number(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < _DIGITS):
        raise CrmRejected("the cursor is not one of the embedded CRM; begin again with an empty one")
    return int(cursor)
