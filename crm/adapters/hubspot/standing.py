"""How HubSpot stands, for the operator: which account it is, how its limits are used, what it asked to wait for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.adapters.hubspot.account.facts import FactName, Facts
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.limits import Used

_WAYS = {
    AttributionWay.PROPERTY: "a property of the deal",
    AttributionWay.LABELS: "labelled associations with the partner's company",
    AttributionWay.OBJECT: "labelled associations with a Partner record",
}
_LIMITS = {"burst": "All calls", "search": "Searches", "daily": "All calls"}


async def standing_facts(hub: HubSpot, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Of what is known already: nothing is asked of HubSpot. Raises CrmUnavailable."""
    details = await facts.get(FactName.DETAILS)
    account = (
        [str(details.value[name]) for name in ("portalId", "accountType", "timeZone") if name in details.value]
        if details
        else []
    )
    way = _WAYS[hub.options.attribution]
    return (
        ("Account", ", ".join(account) or "not asked for yet"),
        ("API version", hub.options.version),
        ("Who brought a deal", way),
        *_used(await hub.used()),
    )


def _used(used: Used) -> Iterator[tuple[str, str]]:
    yield "Calls today", f"{used.today:,} of {used.daily:,}"
    for name, until, reason in used.closed:
        yield _LIMITS.get(name, name), f"wait until {_shown(until)}: {reason}"


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
