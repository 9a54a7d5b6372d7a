"""`/crm/properties/{version}/{type}`: definitions, their options, their groups."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.fakes.hubspot.api.asking import Ask, Reply, batch, collection
from tests.fakes.hubspot.definitions import Definition, Option
from tests.fakes.hubspot.faults import Fault, conflict, invalid, malformed, no_such_resource

MOST_UNIQUE = 10
FIELDS = {
    "string": {"text", "textarea", "phonenumber", "html", "file"},
    "number": {"number", "text"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "bool": {"booleancheckbox", "checkbox", "radio", "select"},
}


def listed(ask: Ask) -> Reply:
    return collection([one.shown() for one in ask.portal.definitions[ask.kind.id].values()])


def read(ask: Ask) -> Reply:
    return Reply(200, _one(ask).shown())


def read_many(ask: Ask) -> Reply:
    known = ask.portal.definitions[ask.kind.id]
    names = [str(one.get("name", "")) for one in ask.inputs()]
    errors = [
        Fault(404, "OBJECT_NOT_FOUND", f'Property "{name}" does not exist').part(name=[name])
        for name in names
        if name not in known
    ]
    return batch(ask.portal, [known[name].shown() for name in names if name in known], errors)


def _one(ask: Ask) -> Definition:
    found = ask.portal.definitions[ask.kind.id].get(ask.at["name"])
    if found is None:
        raise Fault(404, "OBJECT_NOT_FOUND", f'Property "{ask.at["name"]}" does not exist')
    return found


def create(ask: Ask) -> Reply:
    return Reply(201, _created(ask, ask.given).shown())


def create_many(ask: Ask) -> Reply:
    return batch(ask.portal, [_created(ask, one).shown() for one in ask.inputs()], [], 201)


def _created(ask: Ask, given: dict[str, Any]) -> Definition:
    made = define(given, ask.portal.groups[ask.kind.id], ask.portal.stamp())
    known = ask.portal.definitions[ask.kind.id]
    if made.name in known:
        raise conflict(f"A property named '{made.name}' already exists.")
    if made.unique and sum(1 for one in known.values() if one.unique and not one.own) >= MOST_UNIQUE:
        raise invalid(f"You have reached the limit of {MOST_UNIQUE} unique properties for {ask.kind.plural}.")
    known[made.name] = made
    return made


def define(given: dict[str, Any], groups: dict[str, Any], now: str, group: str = "") -> Definition:
    """A definition as HubSpot takes it; its refusals otherwise."""
    missing = [name for name in ("name", "label", "type", "fieldType") if not given.get(name)]
    group = str(given.get("groupName") or group)
    if missing or not group:
        raise malformed(f"required fields are missing: {missing or ['groupName']}")
    name, kind, field_type = str(given["name"]), str(given["type"]), str(given["fieldType"])
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name):
        raise invalid(f"{name} is not a valid property name: lower-case letters, digits and underscores only")
    if field_type not in FIELDS.get(kind, ()):
        raise invalid(f"{field_type} is not a valid fieldType for the type {kind}")
    if group not in groups:
        raise invalid(f"Property group '{group}' does not exist", errors=[{"code": "GROUP_DOES_NOT_EXIST"}])
    unique = bool(given.get("hasUniqueValue"))
    if unique and kind not in {"string", "number"}:
        raise invalid("Only properties of type string or number can have unique values")
    options = _options(given.get("options"))
    if kind == "enumeration" and field_type == "booleancheckbox":
        _yes_no(options)
    return Definition(
        name,
        str(given["label"]),
        kind,
        field_type,
        group,
        str(given.get("description") or ""),
        options,
        unique,
        own=False,
        created=now,
        updated=now,
        more={"formField": bool(given.get("formField"))},
    )


def _yes_no(options: tuple[Option, ...]) -> None:
    if {option.value for option in options} != {"true", "false"}:
        raise invalid("A booleancheckbox needs exactly the options true and false")


def _options(given: Any) -> tuple[Option, ...]:
    """Values and labels are unique in a list of options."""
    try:
        found = [(int(one.get("displayOrder", -1)), one) for one in given or ()]
        options = [Option(str(one["value"]), str(one["label"]), bool(one.get("hidden"))) for _place, one in found]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise malformed("options need a label and a value") from None
    for what in ({option.value for option in options}, {option.label for option in options}):
        if len(what) != len(options):
            raise invalid("Option values and labels must be unique", errors=[{"code": "DUPLICATE_OPTION"}])
    if any(not option.value or not option.label or ";" in option.value for option in options):
        raise invalid("Option values and labels must not be empty, and values have no semicolon")
    return tuple(options)


def update(ask: Ask) -> Reply:
    """Label, description, group and the whole list of options; what a key is cannot be changed any more."""
    known, given = _one(ask), ask.given
    if "hasUniqueValue" in given and bool(given["hasUniqueValue"]) != known.unique:
        raise invalid("hasUniqueValue cannot be changed after the property was created")
    if known.own and not known.options:
        raise invalid(f"Property {known.name} is defined by HubSpot and cannot be changed")
    changed = replace(
        known,
        label=str(given.get("label") or known.label),
        description=str(given.get("description", known.description)),
        group=str(given.get("groupName") or known.group),
        options=_options(given["options"]) if "options" in given else known.options,
        more=known.more | {name: bool(given[name]) for name in ("formField",) if name in given},
        updated=ask.portal.stamp(),
    )
    ask.portal.definitions[ask.kind.id][known.name] = changed
    return Reply(200, changed.shown())


def archive(ask: Ask) -> Reply:
    known = _one(ask)
    if known.own:
        raise invalid(f"Property {known.name} is defined by HubSpot and cannot be archived")
    del ask.portal.definitions[ask.kind.id][known.name]
    return Reply(204)


def groups(ask: Ask) -> Reply:
    return collection([{**one, "archived": False} for one in ask.portal.groups[ask.kind.id].values()])


def read_group(ask: Ask) -> Reply:
    found = ask.portal.groups[ask.kind.id].get(ask.at["name"])
    if found is None:
        raise no_such_resource()
    return Reply(200, {**found, "archived": False})


def create_group(ask: Ask) -> Reply:
    name, label = str(ask.given.get("name") or ""), str(ask.given.get("label") or "")
    if not name or not label:
        raise malformed("name and label are required")
    if name in ask.portal.groups[ask.kind.id]:
        raise conflict(f"A property group named '{name}' already exists.")
    made = {"name": name, "label": label, "displayOrder": ask.given.get("displayOrder", -1)}
    ask.portal.groups[ask.kind.id][name] = made
    return Reply(201, {**made, "archived": False})
