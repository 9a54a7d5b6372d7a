"""What the CRM says of a partner's deals at this moment: what is granted to partners rests on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.ports import SaidLive
from bot.storage import registrations
from bot.storage.database import Database
from bot.storage.deal_updates import OnTheirWay, on_their_way
from crm.errors import CrmError
from crm.ports import CrmPort
from crm.records import Deal, Registration, RegistrationState

log = logging.getLogger(__name__)

_PATIENCE = 10.0  # seconds; a partner waits for the answer
_AWAY = "the CRM does not answer just now"
_NO_PARTNER = "the CRM no longer has the partner"
_NOT_THEIRS = "the CRM has no such deal of this partner any more"
_REFUSED = (RegistrationState.DECLINED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED)


@dataclass(frozen=True, slots=True)
class LiveDeals:
    """Implements `bot.ports.Live`. No transaction is open while the CRM is asked."""

    database: Database
    crm: CrmPort
    patience: float = _PATIENCE

    async def deals(self, partner_id: str, numbers: Sequence[str]) -> SaidLive:
        """A CRM that is away, refuses or takes too long leaves them all unsettled."""
        async with self.database.reading() as connection:
            since: datetime = (await connection.execute(select(func.now()))).scalar_one()
        try:
            async with asyncio.timeout(self.patience):
                found = await self._ask(partner_id, numbers)
        except (CrmError, TimeoutError) as fault:
            log.warning("what partner %s asks for waits for a person: %s", partner_id, fault or _AWAY)
            return SaidLive({}, dict.fromkeys(numbers, _AWAY))
        if found is None:
            return SaidLive({}, dict.fromkeys(numbers, _NO_PARTNER))
        async with self.database.reading() as connection:
            ours = await on_their_way(connection, numbers, since)
            saved = await registrations.on_their_way(connection, numbers, since)
        return _said(found, ours, saved)

    async def _ask(
        self, partner_id: str, numbers: Sequence[str]
    ) -> dict[str, tuple[Deal | None, Registration | None]] | None:
        """None where the CRM has no such partner."""
        if await self.crm.partner(partner_id) is None:
            return None
        return {
            number: (await self.crm.deal(partner_id, number), await self.crm.registration(partner_id, number))
            for number in numbers
        }


def _said(
    found: dict[str, tuple[Deal | None, Registration | None]], ours: OnTheirWay, saved: frozenset[str]
) -> SaidLive:
    """What of ours was still on its way there when it was asked is newer than what it says."""
    deals: dict[str, Deal | None] = {}
    unsettled: dict[str, str] = {}
    for number, (deal, registration) in found.items():
        if number in ours.saved:
            continue
        deals[number] = ours.over(deal) if deal is not None else None
        if deal is None:
            unsettled[number] = _NOT_THEIRS
        elif registration is not None and registration.state in _REFUSED and number not in saved:
            unsettled[number] = f"the CRM says that the registration is {registration.state.value}"
    return SaidLive(deals, unsettled)
