"""What segments ask of all partners' deals and certificates, read in one go and no more of it than they need."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.records import Stage


class DealGlance(NamedTuple):
    """As much of a partner's deal as a segment asks about; `stage_since` is its first day where the CRM says none."""

    partner_id: str
    stage: Stage
    products: tuple[str, ...]
    close_date: date | None
    stage_since: date


class CertifiedOn(NamedTuple):
    """When one person of a partner was certified last."""

    partner_id: str
    on: date


async def deals(connection: AsyncConnection) -> list[DealGlance]:
    """Every partner's own deals; the vendor's own are nobody's."""
    rows = json.loads(f"[{','.join(await connection.scalars(_DEALS))}]")
    return [
        DealGlance(owner, _STAGES[stage], tuple(names), _day(close) if close else None, _day(since))
        for owner, stage, names, close, since in rows
    ]


async def certified(connection: AsyncConnection) -> list[CertifiedOn]:
    """The latest certificate of each person; people are told apart by name, without case and outer blanks."""
    return [CertifiedOn(*row) for row in await connection.execute(_CERTIFIED)]


async def products(connection: AsyncConnection) -> list[str]:
    """The names of all products that stand in partners' deals."""
    return [str(name) for name in await connection.scalars(_PRODUCTS)]


_day = date.fromisoformat
_STAGES = {stage.value: stage for stage in Stage}
_DEALS: TextClause = text(
    "select json_build_array(partner_id, doc -> 'stage', doc -> 'products', doc -> 'close_date', "
    "coalesce(nullif(doc -> 'stage_since', 'null'), doc -> 'created_on'))::text "
    "from mirror where kind = 'deal' and partner_id <> ''"
)
_CERTIFIED: TextClause = text(
    "select partner_id, max((doc ->> 'on')::date) from mirror "
    "where kind = 'milestone' and doc ->> 'kind' = 'certification' and partner_id <> '' "
    "group by partner_id, lower(btrim(regexp_replace(doc ->> 'subject', '\\s+', ' ', 'g')))"
)
_PRODUCTS: TextClause = text(
    "select distinct name from mirror, jsonb_array_elements_text(doc -> 'products') name "
    "where kind = 'deal' and partner_id <> '' order by name"
)
