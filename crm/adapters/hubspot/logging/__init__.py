"""Interactions on HubSpot's timelines: as e-mails and notes on deals, contacts and companies, each exactly once."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from crm.adapters.hubspot.account.facts import FactName
from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.logging.again import Again
from crm.adapters.hubspot.logging.book import State
from crm.adapters.hubspot.logging.desk import MOST, Desk
from crm.adapters.hubspot.records.codec import storable
from crm.errors import CrmRejected
from crm.ports import Contents
from crm.records import Interaction

__all__ = ["Interactions"]

_LOG = logging.getLogger(__name__)

_WORDS = {
    State.BEGUN: "interactions being looked for",
    State.REFUSED: "interactions refused",
    State.KEPT: "interactions about no record of HubSpot",
}


class Interactions:
    """The part of the port that logs. Raises the errors of `crm.errors`."""

    def __init__(self, portal: Portal, contents: Contents | None) -> None:
        self._portal = portal
        self._desk = Desk(portal, contents)
        self._again = Again(portal, self._desk)

    async def log_one(self, interaction: Interaction) -> None:
        refused = await self.log([interaction])
        if refused:
            raise CrmRejected(refused[interaction.key])

    async def log(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        _bounded(interactions)
        return await self._desk.log(interactions)

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._again.lacking(interactions)

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        _bounded(interactions)
        return await self._again.log_again(interactions)

    async def attach(self, number: str) -> None:
        """Now that HubSpot has a deal of that number: what was logged about it before stands on it as well."""
        known = (await self._portal.objects.numbered([number])).get(storable(number))
        if known is None or known.archived:
            return
        try:
            await self._again.attach(known.number, known.hubspot_id)
        except CrmRejected as fault:
            _LOG.warning("what was said about %s before it was in HubSpot is not put on it: %s", number, fault)

    async def timeline(
        self, partner_id: str, deal_number: str | None, before: datetime | None, limit: int
    ) -> list[Interaction]:
        """Asks nothing of HubSpot."""
        if before is not None and before.tzinfo is None:
            raise CrmRejected("before has no time zone")
        number = None if deal_number is None else storable(deal_number)
        return await self._desk.book.timeline(storable(partner_id), number, before, limit)

    async def facts(self) -> tuple[tuple[str, str], ...]:
        """How it stands, for the operator; asks nothing of HubSpot."""
        mails = await self._portal.account.facts.get(FactName.MAILS)
        as_notes = (
            f"as notes: the token lacks {mails.value.get('scope')} (tried again every hour)" if mails else "as e-mails"
        )
        counts = await self._desk.book.counts()
        waiting = tuple((_WORDS[state], f"{counts[state]:,}") for state in _WORDS if counts.get(state))
        return (("mails are logged", as_notes), *waiting)


def _bounded(interactions: Sequence[Interaction]) -> None:
    if len(interactions) > MOST:
        raise CrmRejected(f"at most {MOST} interactions go at once")
