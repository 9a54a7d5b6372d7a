"""What becomes of leads in the CRM is told to the partners they belong to, each change once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.lead_offers import LeadOffers
from bot.desk.telling import Telling
from bot.intents.leads import called, fate
from bot.storage import leads, mirror
from bot.storage.leads import OfferState
from crm.records import Lead, LeadState, Partner

_TOLD = frozenset({LeadState.WORKING, LeadState.ACCEPTED, LeadState.CONVERTED, LeadState.REJECTED})


@dataclass(frozen=True, slots=True)
class LeadFates:
    """Works in the transaction that takes the CRM's changes over: who is told of one is told of it once."""

    telling: Telling

    async def take(self, connection: AsyncConnection, said: Sequence[Lead]) -> tuple[Lead, ...]:
        """Those to take over: not what is older than our own last word, which is on its way to the CRM."""
        ours = await leads.on_their_way(connection, [lead.number for lead in said])
        news = tuple(lead for lead in said if lead.number not in ours)
        for was, lead in await leads.changed(connection, news):
            if was.state is not lead.state:
                await self._tell(connection, was, lead)
        return news

    async def _tell(self, connection: AsyncConnection, was: Lead, lead: Lead) -> None:
        if was.state is LeadState.OFFERED:
            await self._end_offer(connection, was, lead)
        elif lead.state in _TOLD and lead.partner_id:
            await self._news(connection, lead)

    async def _end_offer(self, connection: AsyncConnection, was: Lead, lead: Lead) -> None:
        """Somebody of the vendor went on with it elsewhere, or gave it to the partner himself."""
        offer = await leads.open_offer(connection, was.number)
        if offer is None:
            return
        kept = lead.state is LeadState.ACCEPTED and lead.partner_id == offer.partner_id
        ended = OfferState.ACCEPTED if kept else OfferState.WITHDRAWN
        await leads.settle(connection, was.number, offer.partner_id, ended)
        if kept:
            await self._news(connection, lead)
        else:
            await LeadOffers(self.telling).ended(connection, was, offer, "lead.withdrawn")

    async def _news(self, connection: AsyncConnection, lead: Lead) -> None:
        partner = await mirror.one(connection, Partner, lead.partner_id)
        if partner is None:
            return
        talked = [o.thread_id for o in await leads.offers(connection, lead.number) if o.partner_id == partner.id]
        numbers = (lead.deal_number,) if lead.deal_number else ()
        # The same state may come again after another one; the change itself comes once.
        key = f"lead_fate:{lead.number}:{lead.state.value}:{self.telling.now().isoformat()}"
        subject = f"{called(lead)} - {lead.number}"
        await self.telling.tell(
            connection, key, partner, lead.contact_id, next(iter(talked), None), (fate(lead),), subject, numbers,
            f"lead_{lead.state.value}",
        )  # fmt: skip
