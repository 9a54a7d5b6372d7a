"""`/crm-object-schemas/{version}/schemas`: custom objects, where the plan has them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.hubspot.api.asking import Ask, Reply, collection
from tests.fakes.hubspot.api.properties import define
from tests.fakes.hubspot.associations import HUBSPOT_DEFINED, AssociationType
from tests.fakes.hubspot.faults import conflict, invalid, malformed, no_such_resource, not_in_plan
from tests.fakes.hubspot.kinds import ENGAGEMENTS, ObjectType


def listed(ask: Ask) -> Reply:
    return collection([_shown(ask, one) for one in ask.portal.schemas.values()])


def read(ask: Ask) -> Reply:
    return Reply(200, _shown(ask, _one(ask)))


def _one(ask: Ask) -> dict[str, Any]:
    kind = ask.portal.kinds.get(ask.at["type"].lower())
    found = ask.portal.schemas.get(kind.id) if kind else None
    if found is None:
        raise no_such_resource()
    return found


def create(ask: Ask) -> Reply:
    portal, given = ask.portal, ask.given
    missing = [
        name
        for name in ("name", "labels", "properties", "requiredProperties", "associatedObjects")
        if name not in given
    ]
    if missing:
        raise malformed(f"required fields are missing: {missing}")
    name = str(given["name"])
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", name):
        raise invalid(f"{name} is not a valid name of an object")
    if len(portal.schemas) >= portal.allowance.custom_objects:
        raise not_in_plan(f"The account {portal.id} may have {portal.allowance.custom_objects} custom objects.")
    if any(one["name"] == name for one in portal.schemas.values()):
        raise conflict(f"An object schema named '{name}' already exists.")
    kind = _kind(ask, name)
    associated = [portal.kind(str(one)) for one in given["associatedObjects"]]
    portal.add_kind(kind)
    try:
        _define(ask, kind)
    except Exception:
        _take_back(ask, kind)
        raise
    for end in associated:
        if end.id not in ENGAGEMENTS:
            portal.associations.define(HUBSPOT_DEFINED, kind.id, end.id, name=f"{kind.singular}_to_{end.singular}")
    now = portal.stamp()
    portal.schemas[kind.id] = {
        "id": kind.id.removeprefix("2-"),
        "objectTypeId": kind.id,
        "name": name,
        "fullyQualifiedName": kind.qualified,
        "labels": given["labels"],
        "primaryDisplayProperty": given.get("primaryDisplayProperty"),
        "secondaryDisplayProperties": given.get("secondaryDisplayProperties", []),
        "requiredProperties": given["requiredProperties"],
        "searchableProperties": given.get("searchableProperties", []),
        "description": given.get("description"),
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
    }
    return Reply(201, _shown(ask, portal.schemas[kind.id]))


def _kind(ask: Ask, name: str) -> ObjectType:
    given = ask.given
    return ObjectType(
        f"2-{70_000_000 + 1 + len(ask.portal.schemas)}",
        name.lower(),
        f"{name.lower()}s",
        shown=tuple(filter(None, (str(given.get("primaryDisplayProperty") or ""),))),
        searched=tuple(map(str, given.get("searchableProperties") or ())),
        qualified=f"p{ask.portal.id}_{name}".lower(),
        required=tuple(map(str, given["requiredProperties"])),
        label=str((given["labels"] or {}).get("singular") or name),
    )


def _define(ask: Ask, kind: ObjectType) -> None:
    """The properties of the schema; those that it names as required or shown must be among them."""
    known, groups = ask.portal.definitions[kind.id], ask.portal.groups[kind.id]
    for one in ask.given["properties"]:
        made = define(one, groups, ask.portal.stamp(), next(iter(groups)))
        known[made.name] = made
    named = {*kind.required, *kind.shown, *kind.searched}
    if not named <= known.keys():
        raise invalid(f"Properties are named that are not defined: {sorted(named - known.keys())}")


def _take_back(ask: Ask, kind: ObjectType) -> None:
    portal = ask.portal
    portal.kinds = {name: one for name, one in portal.kinds.items() if one.id != kind.id}
    del portal.definitions[kind.id], portal.groups[kind.id]
    for pair in [pair for pair in portal.associations.types if kind.id in pair]:
        del portal.associations.types[pair]


def update(ask: Ask) -> Reply:
    found = _one(ask)
    names = ("labels", "primaryDisplayProperty", "requiredProperties", "searchableProperties", "description")
    found |= {name: ask.given[name] for name in names if name in ask.given}
    found["updatedAt"] = ask.portal.stamp()
    return Reply(200, _shown(ask, found))


def archive(ask: Ask) -> Reply:
    found = _one(ask)
    kind = ask.portal.kind(found["objectTypeId"])
    if ask.portal.records.all(kind.id):
        raise invalid(f"The object {kind.singular} still has records.")
    _take_back(ask, kind)
    del ask.portal.schemas[kind.id]
    return Reply(204)


def create_association(ask: Ask) -> Reply:
    """One more kind that the custom object can stand with."""
    kind, end = ask.portal.kind(_one(ask)["objectTypeId"]), ask.portal.kind(str(ask.given.get("toObjectTypeId", "")))
    made = ask.portal.associations.define(HUBSPOT_DEFINED, kind.id, end.id, name=str(ask.given.get("name") or ""))
    return Reply(201, _association(ask, made))


def _association(ask: Ask, one: AssociationType) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "fromObjectTypeId": one.start,
        "toObjectTypeId": one.end,
        "name": one.name,
        "createdAt": ask.portal.stamp(),
        "updatedAt": ask.portal.stamp(),
    }


def _shown(ask: Ask, schema: dict[str, Any]) -> dict[str, Any]:
    portal, type_id = ask.portal, schema["objectTypeId"]
    bound = [
        _association(ask, one) for pair, known in portal.associations.types.items() if type_id in pair for one in known
    ]
    return {
        **schema,
        "properties": [one.shown() for one in portal.definitions[type_id].values()],
        "associations": bound,
    }
