"""Tiers that colleagues change in the CRM: noticed where the mirror takes partners over, and kept as history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts.tier_partner import ours_of
from bot.storage import tiers
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class TierWatch:
    programs: Programs
    now: Callable[[], datetime]

    async def held(
        self, connection: AsyncConnection, partners: Sequence[Partner], since: datetime
    ) -> tuple[Partner, ...]:
        """The partners as they are to be held here: with tiers that the CRM had not been told of when it was asked, at
        `since` by the database's clock.
        """
        return tuple(await ours_of(connection, partners, since)) if partners else ()

    async def note(self, connection: AsyncConnection, partners: Sequence[Partner]) -> None:
        """Once they are stored, which locks their versions: whoever else writes of a tier locks that first, too."""
        now = self.now()
        await tiers.noticed(connection, partners, vendors_day(now, self.programs.at(now).vendor))
