"""Which scopes the token has, found out by calls that change nothing: HubSpot tells a service key's scopes nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm.adapters.hubspot.account.account import PARTNER_OBJECT
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import MissingScope
from crm.errors import CrmRejected
from crm.findings import Finding, fault, hint, ok

_FEW = (("limit", "1"),)
_NOBODY = "0"
"""No record has this id, and none of ours has a property of this name: the call is refused after the scope was looked
at."""
_NO_PROPERTY = "partnerline_no_property"


@dataclass(frozen=True, slots=True)
class Probe:
    """`without` says what works less well where the scope is missing; "" where nothing works."""

    scope: str
    call: Call
    at: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: Mapping[str, object] | None = None
    without: str = ""


def _reads(object_type: str, scope: str = "", without: str = "") -> Probe:
    scope = scope or calls.LIST.scope_for(object_type)
    return Probe(scope, calls.LIST, {"type": object_type}, _FEW, without=without)


def _writes(object_type: str) -> Probe:
    at = {"type": object_type, "id": _NOBODY}
    return Probe(calls.UPDATE.scope_for(object_type), calls.UPDATE, at, body={"properties": {}})


def _defines(object_type: str, without: str = "") -> Probe:
    at = {"type": object_type, "name": _NO_PROPERTY}
    scope = calls.UPDATE_PROPERTY.scope_for(object_type)
    return Probe(scope, calls.UPDATE_PROPERTY, at, body={"label": "Partnerline"}, without=without)


_STANDARD = ("deals", "companies", "contacts")
_SETUP_ALONE = "only `partnerline crm setup` needs it"


def probes(way: AttributionWay) -> tuple[Probe, ...]:
    """Those that this way of attribution needs. Where partners are choices of a property, they are added to it as they
    come: the scope for properties of deals is then needed all the time.
    """
    always = "" if way is AttributionWay.PROPERTY else _SETUP_ALONE
    own = f"p_{PARTNER_OBJECT}"
    custom = (_reads(own), _writes(own)) if way is AttributionWay.OBJECT else ()
    return (
        *(probe for object_type in _STANDARD for probe in (_reads(object_type), _writes(object_type))),
        Probe(calls.LIST_OWNERS.scope, calls.LIST_OWNERS, query=_FEW),
        *custom,
        _defines("deals", always),
        _defines("companies", _SETUP_ALONE),
        _defines("contacts", _SETUP_ALONE),
        _reads("emails", "sales-email-read", "mails are logged as notes, not as e-mails"),
        Probe(calls.UPLOAD_FILE.scope, calls.UPLOAD_FILE, without="attachments are named on timelines, not kept there"),
    )


async def has(hub: HubSpot, probe: Probe) -> bool:
    """Raises CrmUnavailable."""
    try:
        await hub.call(replace(probe.call, probe=True), at=probe.at, query=probe.query, body=probe.body)
    except MissingScope:
        return False
    except CrmRejected:
        return True  # it was looked at
    return True


def had(probes_: Sequence[Probe]) -> Finding:
    """What is there, in one line."""
    return ok("Scopes", ", ".join(probe.scope for probe in probes_))


def lacking(probe: Probe) -> Finding:
    add = f"in HubSpot: Settings, Integrations, Service Keys, your key: add {probe.scope}"
    if probe.without:
        return hint("Scope", f"{probe.scope} is missing: {probe.without}", add)
    return fault("Scope", f"{probe.scope} is missing", add)
