"""A house whose partners have won deals and payments, and what becomes of their tiers as quarters begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.bootstrap.deal_desk import DealDesk
from bot.storage import mirror, tasks, tiers
from bot.storage.crm_writes import SET_TIER
from bot.storage.outbox import Destination
from bot.storage.tables import outbox
from bot.storage.tiers import Change, KeptNotice
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from bot.worker.mirroring import MirrorJob
from crm.money import Money
from crm.records import Partner, Payment, Stage
from tests.builders import deal
from tests.unit.bot.desk.house import House

ZONE = ZoneInfo("Europe/Brussels")
OCTOBER, JANUARY, APRIL, JULY = date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)


def at(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass(repr=False)
class TierHouse(House):
    """Brightpath (p-1) is Select, Harbour (p-2) Elite; both are well rated and have certified people."""

    @property
    def parts(self) -> DealDesk:
        return self.desk

    async def paid(self, partner_id: str, amount: str, on: date, currency: str = "EUR") -> None:
        won = deal(
            id=f"won-{partner_id}", number=f"D-9{partner_id[-1]}", partner_id=partner_id, stage=Stage.WON, won_on=on
        )
        payment = Payment(f"{partner_id}-{on}-{amount}", won.id, partner_id, Money(Decimal(amount), currency), on)
        await self.crm.save_deal(won)
        await self.crm.save_payment(payment)
        async with self.storage.begin() as connection:
            await mirror.store(connection, [won, payment])

    async def quarter(self, review: date, hour: int = 7) -> int:
        """The review of that day is planned before, and the desk looks when it has fallen due."""
        await self.desk.due.overlooked()
        return await self.wakes(at(review, hour))

    async def wakes(self, now: datetime) -> int:
        self.now = now
        return await self.desk.due()

    async def delivered(self) -> None:
        """What waits for the CRM goes there, and the mirror follows it."""
        await DeliverJob(self.storage, {Destination.CRM: CrmOutlet(self.crm)})(Destination.CRM)
        await self.mirrored()

    async def mirrored(self) -> None:
        await MirrorJob(self.storage, self.crm, None, self.desk.tiers.watch)()

    async def tier(self, partner_id: str = "p-1") -> str:
        async with self.storage.begin() as connection:
            found = await mirror.one(connection, Partner, partner_id)
        assert found is not None
        return found.tier

    async def changes(self, partner_id: str = "p-1") -> tuple[Change, ...]:
        async with self.storage.begin() as connection:
            return await tiers.kept_of(connection, partner_id)

    async def notices(self, partner_id: str = "p-1") -> tuple[KeptNotice, ...]:
        async with self.storage.begin() as connection:
            return await tiers.notices_of(connection, partner_id)

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return [task.summary for task in await tasks.open_tasks(connection)]

    async def mails(self, to: str) -> list[str]:
        """The texts of all mails to an address, the oldest first."""
        return [str(row["text"]) for row in await self._rows(Destination.MAIL.value) if row["to"] == to]

    async def tier_writes(self) -> int:
        async with self.storage.begin() as connection:
            return len((await connection.scalars(select(outbox.c.id).where(outbox.c.kind == SET_TIER))).all())

    async def _rows(self, destination: str) -> list[dict[str, Any]]:
        query = select(outbox.c.payload).where(outbox.c.destination == destination).order_by(outbox.c.seq)
        async with self.storage.begin() as connection:
            return list(await connection.scalars(query))
