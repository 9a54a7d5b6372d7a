"""Which of our properties an object lacks, and which it has otherwise than we need them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crm.adapters.hubspot.account.property_bodies import with_options
from crm.adapters.hubspot.schema import GROUP, GROUP_LABEL, Property, Shape
from crm.adapters.hubspot.setup.bodies import group_body, property_body
from crm.adapters.hubspot.setup.plan import Draft, Problem, Step
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot

SHOWN = {"companies": "Companies", "contacts": "Contacts", "deals": "Deals"}
"""Objects as HubSpot's pages call them; the custom object is "Partners"."""

_TYPES = {Shape.YES_NO: ("enumeration", "bool")}
_FIELD_TYPES = {
    "text": "Single-line text",
    "textarea": "Multi-line text",
    "number": "Number",
    "date": "Date picker",
    "select": "Dropdown select",
    "checkbox": "Multiple checkboxes",
    "booleancheckbox": "Single checkbox",
}
"""As HubSpot's pages call them."""


def shown(object_type: str) -> str:
    return SHOWN.get(object_type, "Partners")


async def look(hub: HubSpot, object_type: str, wanted: Sequence[Property], draft: Draft) -> None:
    """Raises the errors of `crm.errors`."""
    at = {"type": object_type}
    there = {str(one["name"]): one for one in (await hub.call(calls.LIST_PROPERTIES, at=at)).results}
    missing = [prop for prop in wanted if prop.name not in there]
    if missing:
        draft.steps += await _group(hub, object_type)
    draft.steps += create(object_type, missing)
    for prop in wanted:
        if prop.name in there:
            draft.problems += _problems(object_type, prop, there[prop.name])
            draft.steps += _options(object_type, prop, there[prop.name])
            draft.steps += _out_of_forms(object_type, prop, there[prop.name])


def create(object_type: str, missing: Iterable[Property], *, ready: bool = True) -> list[Step]:
    at = {"type": object_type}
    return [
        Step(shown(object_type), _said(prop), calls.CREATE_PROPERTY, at, property_body(prop), ready=ready)
        for prop in missing
    ]


def _said(prop: Property) -> str:
    kind = _FIELD_TYPES[prop.shape.value[1]]
    return f"property “{prop.label}” ({kind}{', unique' if prop.unique else ''})"


async def _group(hub: HubSpot, object_type: str) -> list[Step]:
    groups = await hub.call(calls.LIST_GROUPS, at={"type": object_type})
    if any(one.get("name") == GROUP for one in groups.results):
        return []
    said = f"group of properties “{GROUP_LABEL}”"
    return [Step(shown(object_type), said, calls.CREATE_GROUP, {"type": object_type}, group_body())]


def _problems(object_type: str, prop: Property, there: Mapping[str, Any]) -> Iterator[Problem]:
    where = shown(object_type)
    name = f"property “{there.get('label') or prop.label}” ({prop.name})"
    mend = f"In HubSpot: Settings, Properties, {where}, {name}: delete it, then run `partnerline crm setup` again"
    type_, field_type = str(there.get("type")), str(there.get("fieldType"))
    if type_ not in _TYPES.get(prop.shape, (prop.shape.value[0],)):
        wanted = _FIELD_TYPES[prop.shape.value[1]]
        yield Problem(where, f"{name} is of type {_FIELD_TYPES.get(field_type, type_)}, not {wanted}", mend)
    elif prop.unique and not there.get("hasUniqueValue"):
        said = f"{name} does not demand unique values, and HubSpot never lets that be changed"
        yield Problem(where, said, mend)
    elif field_type == "checkbox" and prop.shape is Shape.CHOICE:
        yield Problem(where, f"{name} may hold several choices, not one", _change(where, name, "Dropdown select"))
    elif field_type != "checkbox" and prop.shape is Shape.CHOICES and prop.options:
        yield Problem(where, f"{name} may hold one choice, not several", _change(where, name, "Multiple checkboxes"))


def _change(where: str, name: str, field_type: str) -> str:
    return f"In HubSpot: Settings, Properties, {where}, {name}: make its field type “{field_type}”"


def _out_of_forms(object_type: str, prop: Property, there: Mapping[str, Any]) -> Iterator[Step]:
    """Whoever fills in a form on a website would say by it whose contact he is, or who a partner is."""
    if prop.own and there.get("formField"):
        said = f"property “{there.get('label') or prop.label}”: taken out of forms, which strangers fill in"
        at = {"type": object_type, "name": prop.name}
        yield Step(shown(object_type), said, calls.UPDATE_PROPERTY, at, {"formField": False})


def _options(object_type: str, prop: Property, there: Mapping[str, Any]) -> Iterator[Step]:
    known = {str(option.get("value")) for option in there.get("options", ())}
    lacking = [(value, label) for value, label in prop.options if value not in known]
    if not lacking or there.get("type") != "enumeration":
        return
    said = f"choices of the property “{prop.label}”: {', '.join(label for _, label in lacking)}"
    at = {"type": object_type, "name": prop.name}
    yield Step(shown(object_type), said, calls.UPDATE_PROPERTY, at, with_options(there, lacking))
