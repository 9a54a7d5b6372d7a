"""`/crm/objects/{version}/{type}/batch/…`: up to a hundred records in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.hubspot.api.asking import Ask, Reply, batch
from tests.fakes.hubspot.api.objects import properties, shown, wanted_associations, written
from tests.fakes.hubspot.faults import Fault, invalid, malformed
from tests.fakes.hubspot.kinds import ObjectType
from tests.fakes.hubspot.records import Record

Prepared = Callable[[], dict[str, Any]]


def read(ask: Ask) -> Reply:
    """What is not found is one error of a 207, with the ids."""
    kind, id_property = ask.kind, str(ask.given.get("idProperty") or "")
    names = [str(name) for name in ask.given.get("properties") or ()]
    history = [str(name) for name in ask.given.get("propertiesWithHistory") or ()]
    archived = ask.query.get("archived") == "true"
    results, missing = [], []
    for key in _keys(ask):
        if archived:
            record = ask.portal.records.get(kind.id, key, archived=True)
        else:
            record = ask.portal.by_key(kind, key, id_property)
        if record is None:
            missing.append(key)
        else:
            results.append(shown(kind, record, names, history))
    return batch(ask.portal, results, _missing(kind, "get", missing))


def create(ask: Ask) -> Reply:
    """Everything or nothing, unless each input has an objectWriteTraceId of its own."""

    def prepare(one: dict[str, Any]) -> Prepared:
        given, bound = properties(one), wanted_associations(ask.portal, ask.kind, one)
        ask.portal.rules.checked(ask.kind, given, new=True, version=ask.version)

        def write() -> dict[str, Any]:
            record = ask.portal.create(ask.kind, given, version=ask.version)
            for end, specs in bound:
                ask.portal.associate((ask.kind.id, record.id), end, specs)
            return written(ask.kind, record, given)

        return write

    return _written(ask, prepare, 201)


def update(ask: Ask) -> Reply:
    kind = ask.kind
    missing: list[str] = []

    def prepare(one: dict[str, Any]) -> Prepared | None:
        key = str(one.get("id", ""))
        record = ask.portal.by_key(kind, key, str(one.get("idProperty") or ""))
        if record is None:
            missing.append(key)
            return None
        given = properties(one)
        ask.portal.rules.checked(kind, given, record)
        return lambda: written(kind, ask.portal.update(kind, record, given), given)

    reply = _written(ask, prepare)
    return reply if not missing else _with(reply, _missing(kind, "update", missing))


def upsert(ask: Ask) -> Reply:
    """By a unique property; `new` tells what was made. Associations are not part of it."""
    kind, portal = ask.kind, ask.portal

    def prepare(one: dict[str, Any]) -> Prepared:
        key, id_property = str(one.get("id", "")), str(one.get("idProperty") or "")
        if not key:
            raise malformed("id is required")
        record = portal.by_key(kind, key, id_property)
        if record is None and not id_property:
            raise Fault(404, "OBJECT_NOT_FOUND", f"{kind.singular.upper()} {key} does not exist")
        given = properties(one)
        if record is None:
            given = {id_property: key, **given}
        portal.rules.checked(kind, given, record, new=record is None, version=ask.version)
        return lambda: _upserted(ask, record, given)

    return _written(ask, prepare)


def _upserted(ask: Ask, record: Record | None, given: dict[str, object]) -> dict[str, Any]:
    kind, portal = ask.kind, ask.portal
    new = record is None
    record = portal.create(kind, given, version=ask.version) if record is None else portal.update(kind, record, given)
    return written(kind, record, given) | {"new": new}


def archive(ask: Ask) -> Reply:
    for key in _keys(ask):
        record = ask.portal.records.get(ask.kind.id, key)
        if record is not None:
            ask.portal.archive(ask.kind, record)
    return Reply(204)


def _keys(ask: Ask) -> list[str]:
    try:
        return [str(one["id"]) for one in ask.inputs()]
    except (KeyError, TypeError):
        raise malformed("each input needs an id") from None


def _written(ask: Ask, prepare: Callable[[dict[str, Any]], Prepared | None], status: int = 200) -> Reply:
    """Every input is checked first; then all are written, or where they have trace ids those without a fault."""
    inputs = ask.inputs()
    if not all(isinstance(one, dict) for one in inputs):
        raise malformed("each input must be an object")
    _no_twins(inputs)
    traced = len({one.get("objectWriteTraceId") for one in inputs} - {None, ""}) == len(inputs)
    ready: list[tuple[dict[str, Any], Prepared]] = []
    errors: list[dict[str, Any]] = []
    for one in inputs:
        try:
            prepared = prepare(one)
        except Fault as fault:
            if not traced:
                raise
            errors.append(fault.part(objectWriteTraceId=[str(one["objectWriteTraceId"])]))
        else:
            ready += [(one, prepared)] if prepared is not None else []
    results = []
    for one, prepared in ready:
        try:
            results.append(prepared() | _trace(one))
        except Fault as fault:
            # Two inputs of one batch that want the same unique value: only the write shows it.
            trace = {"objectWriteTraceId": [str(one["objectWriteTraceId"])]} if traced else {}
            errors.append(fault.part(**trace))
    return batch(ask.portal, results, errors, status)


def _trace(one: dict[str, Any]) -> dict[str, Any]:
    trace = one.get("objectWriteTraceId")
    return {"objectWriteTraceId": trace} if trace else {}


def _no_twins(inputs: list[dict[str, Any]]) -> None:
    keys = [(one["id"], one.get("idProperty")) for one in inputs if one.get("id")]
    twins = sorted({str(key[0]) for key in keys if keys.count(key) > 1})
    if twins:
        raise invalid(f"Duplicate IDs found in batch input: {twins}. IDs must be unique")


def _missing(kind: ObjectType, act: str, ids: list[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    words = (
        f"Could not {act} some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return [Fault(404, "OBJECT_NOT_FOUND", words).part(ids=ids)]


def _with(reply: Reply, errors: list[dict[str, Any]]) -> Reply:
    errors = [*reply.body.get("errors", []), *errors]
    return Reply(207, reply.body | {"numErrors": len(errors), "errors": errors})
