"""The partners of a deal in HubSpot, in whichever of the three places the configuration says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.attribution.association_labels import AssociationLabels
from crm.adapters.hubspot.attribution.choices import PartnerChoices
from crm.adapters.hubspot.attribution.deal_property import NAMES, DealProperty
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.attribution.parts import Attributions, Part, Parts, once, parts_of
from crm.adapters.hubspot.attribution.settled import Settled
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.transport.client import HubSpot

__all__ = ["Attributions", "Part", "Parts", "attributions", "once", "parts_of"]


def attributions(engine: AsyncEngine, hub: HubSpot, account: Account, now: Callable[[], datetime]) -> Attributions:
    """The way that `account.options` choose."""
    directory = PartnerDirectory(engine)
    if account.options.attribution is AttributionWay.PROPERTY:
        lists = {kind: PartnerChoices(engine, hub, name, now) for kind, name in NAMES.items()}
        return Settled(DealProperty(hub, directory, lists), account)
    return Settled(AssociationLabels(hub, account, directory, account.partner_type), account)
