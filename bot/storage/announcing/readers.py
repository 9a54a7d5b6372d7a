"""What is known of whom a copy is for at the moment when it is written, read for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def open_deals(connection: AsyncConnection, partner_ids: Collection[str]) -> Mapping[str, int]:
    """How many open deals of its own each of these partners has, where it has some."""
    rows = await connection.execute(_OPEN, {"ids": sorted(set(partner_ids))})
    return {row.partner_id: int(row.deals) for row in rows}


async def opted_out(connection: AsyncConnection, addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses whose owner wants no announcements, whichever partner he stands with."""
    return frozenset(await connection.scalars(_OUT, {"addresses": sorted(set(addresses))}))


async def somebody_reads(connection: AsyncConnection, announcement_id: str, partner_id: str) -> bool:
    """Whether anybody whom a post at the partner is for is there still and wants it."""
    return bool(await connection.scalar(_READS, {"of": announcement_id, "partner": partner_id}))


_OPEN = text("""
    select partner_id, count(*) as deals from mirror
    where kind = 'deal' and partner_id = any(:ids) and doc ->> 'stage' not in ('won', 'lost') group by partner_id
""").bindparams(bindparam("ids", type_=ARRAY(Text)))
_OUT = text("""
    select distinct key from mirror
    where kind = 'contact' and key = any(:addresses) and (doc ->> 'opted_out')::boolean
""").bindparams(bindparam("addresses", type_=ARRAY(Text)))
_READS = text("""
    select exists (
        select from announcement_recipients r join mirror m on m.kind = 'contact' and m.id = r.contact_id
        where r.announcement_id = :of and r.partner_id = :partner and r.by_slack
            and (m.doc ->> 'active')::boolean and not (m.doc ->> 'opted_out')::boolean
    )
""")
