"""What the chosen way of attribution lacks in the account: two properties, two labels, or the custom object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.adapters.hubspot.account.account import COMPANIES, DEALS, PARTNER_OBJECT, Account
from crm.adapters.hubspot.account.label_ids import LABELS, NAMES, lacking
from crm.adapters.hubspot.account.property_bodies import options_body, with_options
from crm.adapters.hubspot.attribution.choices import Choices
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import PARTNER_PROPERTIES, Property
from crm.adapters.hubspot.setup import properties
from crm.adapters.hubspot.setup.bodies import ATTRIBUTION_PROPERTIES, partner_object_body, property_body
from crm.adapters.hubspot.setup.plan import Draft, Problem, Step
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot

_OBJECT = "Partners"
_STANDARD = {"0-2": "companies", "0-3": "deals"}
"""What records of the custom object must be able to stand with, by HubSpot's id of the object type."""


async def by_property(hub: HubSpot, names: Mapping[str, str], draft: Draft) -> None:
    """`names` are those of all partners, by id."""
    there = {str(one["name"]): one for one in (await hub.call(calls.LIST_PROPERTIES, at={"type": DEALS})).results}
    for prop in ATTRIBUTION_PROPERTIES:
        _property(prop, there.get(prop.name), names, draft)


def _property(prop: Property, there: Mapping[str, Any] | None, names: Mapping[str, str], draft: Draft) -> None:
    if there is None:
        new = Choices(prop.label, many=True, options={}).lacking(names)
        body = {**property_body(prop), "options": options_body(new)}
        said = f"property “{prop.label}” (Multiple checkboxes)"
        draft.steps.append(
            Step("Deals", said, calls.CREATE_PROPERTY, {"type": DEALS}, body, way=AttributionWay.PROPERTY)
        )
        return
    name = f"property “{there.get('label') or prop.label}” ({prop.name})"
    if there.get("type") != "enumeration":
        said = f"{name} is no list of partners to choose from"
        fix = f"In HubSpot: Settings, Properties, Deals, {name}: delete it, then run `partnerline crm setup` again"
        draft.problems.append(Problem("Deals", said, fix))
        return
    choices = Choices.of(there)
    if not choices.many:
        draft.notes.append(
            f"the {name} is a drop-down: it holds one partner. Where several bring one deal, the second is refused;"
            " make it “Multiple checkboxes” in HubSpot to allow for that"
        )
    if new := choices.lacking(names):
        said = f"choices of the property “{choices.label}”: {', '.join(label for _, label in new)}"
        at = {"type": DEALS, "name": prop.name}
        draft.steps.append(Step("Deals", said, calls.UPDATE_PROPERTY, at, with_options(there, new)))


async def by_labels(hub: HubSpot, account: Account, to_type: str, way: AttributionWay, draft: Draft) -> None:
    listed = await hub.call(calls.LIST_LABELS, at={"type": DEALS, "to": to_type})
    draft.steps += _labels(to_type, way, lacking(listed.results, await account.kept_labels(to_type)))


def _labels(to_type: str, way: AttributionWay, missing: tuple[Any, ...]) -> list[Step]:
    whom = "companies" if to_type == COMPANIES else "partners"
    return [
        Step(
            "Deals",
            f"association label “{LABELS[kind]}” between deals and {whom}",
            calls.DEFINE_LABEL,
            {"type": DEALS, "to": to_type},
            {"name": NAMES[kind], "label": LABELS[kind]},
            ready=bool(to_type),
            way=way,
        )
        for kind in missing
    ]


async def by_object(hub: HubSpot, account: Account, draft: Draft) -> None:
    way = AttributionWay.OBJECT
    schemas = (await hub.call(calls.LIST_SCHEMAS)).results
    found = next((one for one in schemas if one.get("name") == PARTNER_OBJECT), None)
    if found is None:
        said = f"custom object “Partner” ({PARTNER_OBJECT})"
        body = partner_object_body(PARTNER_PROPERTIES)
        draft.steps.append(Step(_OBJECT, said, calls.CREATE_SCHEMA, {}, body, way=way))
        there = {prop["name"] for prop in body["properties"]}
        later = [prop for prop in PARTNER_PROPERTIES if prop.name not in there]
        draft.steps += properties.create("", later, ready=False)
        draft.steps += _labels("", way, tuple(LABELS))
        return
    object_type = str(found["objectTypeId"])
    draft.steps += _links(object_type, found)
    await properties.look(hub, object_type, PARTNER_PROPERTIES, draft)
    await by_labels(hub, account, object_type, way, draft)


def _links(object_type: str, found: Mapping[str, Any]) -> list[Step]:
    bound = {end for one in found.get("associations") or () for end in (one["fromObjectTypeId"], one["toObjectTypeId"])}
    return [
        Step(
            _OBJECT,
            f"association of partners with {name}",
            calls.DEFINE_LINK,
            {"type": object_type},
            {"fromObjectTypeId": object_type, "toObjectTypeId": end, "name": f"{PARTNER_OBJECT}_to_{name}"},
            way=AttributionWay.OBJECT,
        )
        for end, name in _STANDARD.items()
        if end not in bound
    ]
