"""Carries over who brought which deal when another way of attribution was chosen; to repeat it completes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.facts import FactName
from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.account.portal import Found, Portal, connected_portal, pages
from crm.adapters.hubspot.attribution import Attributions, Parts
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.records.deal_parts import ATTRIBUTED, parts_from
from crm.adapters.hubspot.records.partner_reading import PARTNER_NAMES, read_partners
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.store import COMPANIES, DEALS, PARTNER, Known, connected
from crm.adapters.hubspot.schema import PARTNER_ID
from crm.adapters.hubspot.tables import objects
from crm.errors import CrmRejected
from crm.records import Partner

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CarryingOver:
    """`portal` is of the way that is chosen now, which was set up. Every method may raise CrmUnavailable."""

    portal: Portal
    engine: AsyncEngine

    async def former(self) -> AttributionWay | None:
        """The way by which deals are attributed still; None where that is the chosen one, or where there is none yet: a
        way that was tried and that the plan does not allow left nothing.
        """
        kept = await self.portal.account.facts.get(FactName.WAY)
        if kept is None:
            return None
        way = AttributionWay(kept.value["way"])
        return None if way is self.portal.options.attribution or not await self._anything() else way

    async def _anything(self) -> bool:
        """Whether partners, deals or people of HubSpot are known here."""
        async with connected(self.engine) as connection:
            return bool(await connection.scalar(select(exists().select_from(objects))))

    async def count(self) -> int:
        """How many deals are looked at."""
        query = select(func.count()).select_from(objects).where(objects.c.object_type == DEALS, ~objects.c.archived)
        async with connected(self.engine) as connection:
            return int(await connection.scalar(query) or 0)

    async def run(self, former: AttributionWay, tell: Tell = lambda _done, _total: None) -> tuple[str, ...]:
        """What HubSpot refused comes back, in its words; the chosen way counts once nothing was."""
        options = replace(self.portal.options, attribution=former)
        before = connected_portal(self.engine, options, self.portal.hub, self.portal.now)
        try:
            self.portal.account.settle()
            before.account.settle()
            if AttributionWay.OBJECT in (former, self.portal.options.attribution):
                await self._partners(before)
            refused = await self._deals(before, tell)
        finally:
            await before.locks.aclose()
        if not refused:
            await self.portal.account.keep_way()
        return tuple(refused)

    async def _deals(self, before: Portal, tell: Tell) -> list[str]:
        refused: list[str] = []
        done, rows = 0, await self._known(DEALS)
        for page in pages(rows):
            for id_, parts in (await _held(before.attributions, page)).items():
                try:
                    await self.portal.attributions.write(id_, parts, ())
                except CrmRejected as fault:
                    refused.append(f"deal {id_}: {fault}")
            done += len(page)
            tell(done, len(rows))
        return refused

    async def _known(self, object_type: str, kind: str = "") -> list[Known]:
        query = select(objects.c.hubspot_id).where(objects.c.object_type == object_type, ~objects.c.archived)
        query = query.where(objects.c.kind == kind) if kind else query
        async with connected(self.engine) as connection:
            ids = list(await connection.scalars(query.order_by(objects.c.hubspot_id)))
        return list((await self.portal.objects.by_id(object_type, ids)).values())

    async def _partners(self, before: Portal) -> None:
        """From companies to records of the custom object, or back."""
        object_type = await before.account.partner_type()
        rows = {row.hubspot_id: row for row in await self._known(object_type, PARTNER) if row.record_id}
        found = await before.read_many(object_type, rows, PARTNER_NAMES)
        for read in await read_partners(before, object_type, list(found.values()), remember=False):
            if read.partner is None:
                continue
            if object_type == COMPANIES:
                await self._to_record(read.partner, read.found)
            else:
                await self._to_company(read.partner, rows[read.found.id])

    async def _to_record(self, partner: Partner, company: Found) -> None:
        """The company it was stands beside its record."""
        beside = {COMPANIES: [company.id]}
        held = Known(COMPANIES, company.id, PARTNER, partner.id, partner_id=partner.id, linked=beside)
        await self.portal.objects.remember([held], self.portal.now())
        await Partners(self.portal).save(partner)
        object_type = await self.portal.account.partner_type()
        record = await self.portal.objects.of_record(PARTNER, partner.id)
        if record is None or record.object_type != object_type:
            raise CrmRejected(f"partner {partner.id} could not be made a record in HubSpot")
        await self.portal.link(object_type, record.hubspot_id, COMPANIES, company.id)
        await self.portal.objects.remember([replace(record, linked=beside)], self.portal.now())

    async def _to_company(self, partner: Partner, record: Known) -> None:
        """The company beside it becomes the partner; where there is none, one is found or made."""
        if company := next(iter(record.links(COMPANIES)), ""):
            await self.portal.update(COMPANIES, company, {PARTNER_ID: partner.id})
        await Partners(self.portal).save(partner)


async def _held(before: Attributions, rows: Sequence[Known]) -> dict[str, Parts]:
    """As HubSpot says it; where somebody took the former way away there, as it was written last."""
    try:
        return await before.read([row.hubspot_id for row in rows])
    except NotSetUp:
        return {row.hubspot_id: parts_from(row.seen.get(ATTRIBUTED)) or () for row in rows}
