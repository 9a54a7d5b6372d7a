"""Which ways of attribution the account's plan and the token allow, and what remains where one is not possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.adapters.hubspot.account.account import COMPANIES, DEALS, PARTNER_OBJECT
from crm.adapters.hubspot.account.label_ids import LABELS, lacking
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.setup.plan import Barred
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan

_LESS = (AttributionWay.OBJECT, AttributionWay.LABELS, AttributionWay.PROPERTY)
CUSTOM_SCOPES = (
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
    "crm.objects.custom.read",
    "crm.objects.custom.write",
)
SAID = {
    AttributionWay.PROPERTY: "properties of the deal",
    AttributionWay.LABELS: "labelled associations with the partner's company",
    AttributionWay.OBJECT: "the custom object Partner",
}


async def choose(
    hub: HubSpot, configured: AttributionWay, refused: Sequence[Barred] = ()
) -> tuple[AttributionWay, tuple[Barred, ...]]:
    """The configured way, else the next one below it that is possible; and why those above it are not. `refused` are
    those that HubSpot turned out not to allow.
    """
    barred: list[Barred] = []
    for way in _LESS[_LESS.index(configured) :]:
        why = next((one for one in refused if one.way is way), None) or await _barred(hub, way)
        if why is None:
            return way, tuple(barred)
        barred.append(why)
    raise AssertionError("properties of the deal are always possible")


async def _barred(hub: HubSpot, way: AttributionWay) -> Barred | None:
    why = ""
    if way is AttributionWay.LABELS:
        why = await _no_labels(hub, COMPANIES)
    elif way is AttributionWay.OBJECT:
        why = await _no_object(hub)
    return Barred(way, why) if why else None


async def _no_labels(hub: HubSpot, to_type: str) -> str:
    try:
        listed = await hub.call(calls.LIST_LABELS, at={"type": DEALS, "to": to_type})
    except NotInPlan:
        return _NO_LABELS
    missing = lacking(listed.results)
    limit, used = await _limit(hub, calls.LABEL_LIMITS)
    if not missing or limit is None:
        return ""
    if limit == 0:
        return _NO_LABELS
    used = sum(one.get("category") == "USER_DEFINED" for one in listed.results) or used
    if used + len(missing) > limit:
        return (
            f"deals and companies have {used} of the {limit} labels that the plan allows, and"
            f" {' and '.join(f'“{LABELS[kind]}”' for kind in missing)} would be too many: delete some in HubSpot"
            " (Settings, Objects, Deals, Associations)"
        )
    return ""


_NO_LABELS = "the account's plan has no association labels: HubSpot Professional and Enterprise have them"


async def _no_object(hub: HubSpot) -> str:
    try:
        schemas = (await hub.call(calls.LIST_SCHEMAS)).results
    except MissingScope as fault:
        needed = ", ".join(fault.scopes or CUSTOM_SCOPES)
        return f"the token may not see custom objects: it lacks the scope {needed} (all that are needed: {_ALL})"
    except NotInPlan:
        return _NO_OBJECTS
    if any(one.get("name") == PARTNER_OBJECT for one in schemas):
        return ""
    limit, used = await _limit(hub, calls.CUSTOM_OBJECT_LIMITS)
    if limit == 0:
        return _NO_OBJECTS
    if limit is not None and used >= limit:
        return f"the account has {used} of the {limit} custom objects that its plan allows"
    return ""


_ALL = ", ".join(CUSTOM_SCOPES)
_NO_OBJECTS = "the account's plan has no custom objects: HubSpot Enterprise has them"


async def _limit(hub: HubSpot, call: Call) -> tuple[int | None, int]:
    """How many the plan allows, None where HubSpot does not say; and how many there are."""
    try:
        body = (await hub.call(call)).body
    except NotInPlan:
        return 0, 0
    except MissingScope:
        return None, 0
    limits = [body, *_rows(body)]
    found = next((one for name in ("limit", "overallLimit") for one in _numbers(limits, name)), None)
    return found, next(iter(_numbers([body], "usage")), 0)


def _rows(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in body.get("results") or () if isinstance(row, dict)]


def _numbers(rows: Iterable[Mapping[str, Any]], name: str) -> list[int]:
    return [row[name] for row in rows if isinstance(row.get(name), int)]
