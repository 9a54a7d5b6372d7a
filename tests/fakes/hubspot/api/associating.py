"""Associations: read, by default, with labels, in batches; and the labels themselves."""

from __future__ import annotations

from typing import Any

from tests.fakes.hubspot.api.asking import Ask, Reply, batch, collection, next_page
from tests.fakes.hubspot.associations import USER_DEFINED, End, Spec
from tests.fakes.hubspot.faults import Fault, conflict, invalid, malformed, no_such_resource, not_found, not_in_plan
from tests.fakes.hubspot.kinds import ObjectType

PAGE = 500
READ = 1_000
WRITE = 2_000


def _types(ask: Ask) -> tuple[ObjectType, ObjectType]:
    return ask.portal.kind(ask.at["type"]), ask.portal.kind(ask.at["to_type"])


def _ends(ask: Ask) -> tuple[End, End]:
    start, end = _types(ask)
    return (start.id, _there(ask, start, ask.at["id"])), (end.id, _there(ask, end, ask.at["to_id"]))


def _there(ask: Ask, kind: ObjectType, record_id: str) -> str:
    record = ask.portal.records.get(kind.id, record_id)
    if record is None:
        raise not_found(f"{kind.singular.upper()} {record_id} does not exist")
    return record.id


def _page(ask: Ask, start: End, to_type: str, limit: int, after: int) -> tuple[list[Any], dict[str, Any] | None]:
    bound = ask.portal.associations.to(start, to_type)
    known = {one.spec: one for one in ask.portal.associations.known(start[0], to_type)}
    ids = list(bound)
    shown = [
        {"toObjectId": other, "associationTypes": [known[spec].shown() for spec in sorted(bound[other])]}
        for other in ids[after : after + limit]
    ]
    return shown, next_page(after + limit) if after + limit < len(ids) else None


def read(ask: Ask) -> Reply:
    start, end = _types(ask)
    limit, after = ask.page(PAGE, PAGE)
    return collection(*_page(ask, (start.id, _there(ask, start, ask.at["id"])), end.id, limit, after))


def read_many(ask: Ask) -> Reply:
    """Only those that are associated are in the answer; the rest are errors of a 207, as in HubSpot."""
    start, end = _types(ask)
    results, errors = [], []
    for one in ask.inputs(READ):
        record_id = str(_part(one, "id"))
        if ask.portal.records.get(start.id, record_id) is None:
            errors.append(_none(start, end, record_id))
            continue
        to, paging = _page(ask, (start.id, record_id), end.id, PAGE, _offset(one))
        if not to:
            errors.append(_none(start, end, record_id))
            continue
        results.append({"from": {"id": record_id}, "to": to} | ({"paging": paging} if paging else {}))
    return batch(ask.portal, results, errors)


def _offset(one: dict[str, Any]) -> int:
    try:
        return int(one.get("after") or 0)
    except ValueError:
        raise invalid("after must be an integer") from None


def _none(start: ObjectType, end: ObjectType, record_id: str) -> dict[str, Any]:
    fault = Fault(404, "OBJECT_NOT_FOUND", f"No {end.singular} is associated with {start.singular} {record_id}.")
    return {**fault.part(fromObjectId=[record_id]), "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}


def put_default(ask: Ask) -> Reply:
    start, end = _ends(ask)
    return batch(ask.portal, _by_default(ask, start, end), [])


def _by_default(ask: Ask, start: End, end: End) -> list[dict[str, Any]]:
    """Both directions, each with its own type; labels that are there stay."""
    there = ask.portal.associations.default(start[0], end[0])
    ask.portal.associate(start, end, sorted(ask.portal.associations.between(start, end)))
    return [
        _default(start, end, there.category, there.id),
        _default(end, start, there.category, there.inverse),
    ]


def _default(start: End, end: End, category: str, type_id: int) -> dict[str, Any]:
    spec = {"associationCategory": category, "associationTypeId": type_id}
    return {"from": {"id": start[1]}, "to": {"id": end[1]}, "associationSpec": spec}


def put_labels(ask: Ask) -> Reply:
    start, end = _ends(ask)
    if not isinstance(ask.body, list) or not ask.body:
        raise malformed("expected a list of association types")
    ask.portal.associate(start, end, _specs(ask, start[0], end[0], ask.body))
    return Reply(201, _pair(ask, start, end))


def _pair(ask: Ask, start: End, end: End) -> dict[str, Any]:
    held = ask.portal.associations.between(start, end)
    labels = [one.label for one in ask.portal.associations.known(start[0], end[0]) if one.spec in held and one.label]
    return {
        "fromObjectTypeId": start[0],
        "fromObjectId": start[1],
        "toObjectTypeId": end[0],
        "toObjectId": end[1],
        "labels": labels,
    }


def _specs(ask: Ask, start: str, end: str, given: list[Any]) -> list[Spec]:
    specs = [(str(_part(one, "associationCategory")), _number(_part(one, "associationTypeId"))) for one in given]
    for spec in specs:
        ask.portal.associations.of(start, end, spec)
    return specs


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise malformed("associationTypeId must be a number") from None


def _part(one: Any, *names: str) -> Any:
    for name in names:
        if not isinstance(one, dict) or name not in one:
            raise malformed(f"{'.'.join(names)} is required")
        one = one[name]
    return one


def cut(ask: Ask) -> Reply:
    start, end = _ends(ask)
    ask.portal.disassociate(start, end, None)
    return Reply(204)


def _inputs(ask: Ask) -> list[tuple[Any, End, End]]:
    """Each input of a batch with its ends; all must be there."""
    start, end = _types(ask)
    found = []
    for one in ask.inputs(WRITE):
        first = (start.id, _there(ask, start, str(_part(one, "from", "id"))))
        found.append((one, first, (end.id, _there(ask, end, str(_part(one, "to", "id"))))))
    return found


def put_many_by_default(ask: Ask) -> Reply:
    return batch(ask.portal, [made for _one, start, end in _inputs(ask) for made in _by_default(ask, start, end)], [])


def put_many(ask: Ask) -> Reply:
    ready = [(start, end, _specs(ask, start[0], end[0], _part(one, "types"))) for one, start, end in _inputs(ask)]
    for start, end, specs in ready:
        ask.portal.associate(start, end, specs)
    return batch(ask.portal, [_pair(ask, start, end) for start, end, _specs_of in ready], [], 201)


def cut_many(ask: Ask) -> Reply:
    """Each input has one record and a list of those it shall no longer stand with."""
    start, end = _types(ask)
    for one in ask.inputs(WRITE):
        others = _part(one, "to")
        for other in others if isinstance(others, list) else [others]:
            ask.portal.disassociate((start.id, str(_part(one, "from", "id"))), (end.id, str(_part(other, "id"))), None)
    return Reply(204)


def cut_labels(ask: Ask) -> Reply:
    ready = [(start, end, _specs(ask, start[0], end[0], _part(one, "types"))) for one, start, end in _inputs(ask)]
    for start, end, specs in ready:
        ask.portal.disassociate(start, end, specs)
    return Reply(204)


def labels(ask: Ask) -> Reply:
    start, end = _types(ask)
    return collection([one.shown() for one in ask.portal.associations.known(start.id, end.id)])


def define_label(ask: Ask) -> Reply:
    """Two type ids, one for each direction; names and labels are taken once for a pair of objects."""
    start, end = _types(ask)
    portal = ask.portal
    label, name = str(ask.given.get("label") or ""), str(ask.given.get("name") or "")
    if not label or not name or not name.replace("_", "").isalnum():
        raise invalid("label and name are required; a name has letters, digits and underscores only")
    known = [one for one in portal.associations.known(start.id, end.id) if one.category == USER_DEFINED]
    if not portal.allowance.labels:
        raise not_in_plan(f"The account {portal.id} does not have access to association labels.")
    if len(known) >= portal.allowance.labels:
        raise invalid(f"This pair of objects already has {portal.allowance.labels} labels.")
    if any(one.name == name or one.label == label for one in known):
        raise conflict(f'An association label named "{label}" already exists.')
    inverse = str(ask.given.get("inverseLabel") or label)
    made = portal.associations.define(USER_DEFINED, start.id, end.id, labels=(label, inverse), name=name)
    both = [made.shown()]
    if made.id != made.inverse:
        both.append({"category": USER_DEFINED, "typeId": made.inverse, "label": inverse})
    return Reply(200, {"results": both})


def forget_label(ask: Ask) -> Reply:
    start, end = _types(ask)
    for one in ask.portal.associations.known(start.id, end.id):
        if one.spec == (USER_DEFINED, _number(ask.at["type_id"])):
            ask.portal.associations.forget_type(one)
            return Reply(204)
    raise no_such_resource()
