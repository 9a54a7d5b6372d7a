"""`/crm/objects/{version}/{type}`: records one by one, listed, and found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.hubspot import search
from tests.fakes.hubspot.api.asking import Ask, Reply, collection, next_page
from tests.fakes.hubspot.clock import iso
from tests.fakes.hubspot.faults import Fault, invalid, malformed, not_found
from tests.fakes.hubspot.kinds import ObjectType
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.records import Record


def shown(
    kind: ObjectType,
    record: Record | search.Entry,
    names: Iterable[str] = (),
    history: Iterable[str] = (),
) -> dict[str, Any]:
    """A record as the API gives it: the properties asked for, else the usual ones; null where there is no value."""
    wanted = [*(names or kind.shown), kind.created, kind.modified, "hs_object_id"]
    found: dict[str, Any] = {
        "id": record.id,
        "properties": {name: record.values.get(name) or None for name in sorted(set(wanted))},
        "createdAt": iso(record.created),
        "updatedAt": iso(record.updated),
        "archived": isinstance(record, Record) and record.archived,
    }
    if isinstance(record, Record):
        found |= {"archivedAt": iso(record.archived_at)} if record.archived else {}
        if history:
            found["propertiesWithHistory"] = {name: record.history.get(name, []) for name in history}
    return found


def written(kind: ObjectType, record: Record, names: Iterable[str]) -> dict[str, Any]:
    """What a write answers: what was sent and what HubSpot set."""
    by_hubspot = [name for name in record.values if name.startswith("hs_object_source")]
    return shown(kind, record, [*kind.shown, *by_hubspot, *names])


def properties(given: Any) -> dict[str, object]:
    found = given.get("properties") if isinstance(given, dict) else None
    if not isinstance(found, dict):
        raise malformed("properties is required")
    return found


def read(ask: Ask) -> Reply:
    kind, archived = ask.kind, ask.query.get("archived") == "true"
    id_property = ask.query.get("idProperty", "")
    if archived:
        record = ask.portal.records.get(kind.id, ask.at["id"], archived=True)
    else:
        record = ask.portal.by_key(kind, ask.at["id"], id_property)
    if record is None:
        raise not_found()
    found = shown(kind, record, ask.names(), ask.names("propertiesWithHistory"))
    return Reply(200, found | _associations(ask, record))


def listed(ask: Ask) -> Reply:
    """Ordered by id, a hundred at most, `after` is the id to go on from."""
    kind = ask.kind
    limit, after = ask.page(100, 10)
    records = ask.portal.records.all(kind.id, archived=ask.query.get("archived") == "true")
    found = sorted((one for one in records if int(one.id) >= after), key=lambda one: int(one.id))
    page, more = found[:limit], found[limit:]
    shown_ones = [shown(kind, one, ask.names()) | _associations(ask, one) for one in page]
    return collection(shown_ones, next_page(more[0].id) if more else None)


def create(ask: Ask) -> Reply:
    kind, portal = ask.kind, ask.portal
    given = properties(ask.given)
    bound = wanted_associations(portal, kind, ask.given)
    record = portal.create(kind, given, version=ask.version)
    for end, specs in bound:
        portal.associate((kind.id, record.id), end, specs)
    return Reply(201, written(kind, record, given))


def wanted_associations(
    portal: Portal, kind: ObjectType, given: dict[str, Any]
) -> list[tuple[tuple[str, str], list[tuple[str, int]]]]:
    """The associations of a create, all checked before anything is written."""
    found = []
    for one in given.get("associations") or ():
        try:
            to_id = str(one["to"]["id"])
            specs = [(str(spec["associationCategory"]), int(spec["associationTypeId"])) for spec in one["types"]]
        except (KeyError, TypeError, ValueError):
            raise malformed("associations need to.id and types") from None
        if not specs:
            raise invalid("types must not be empty")
        end_type = _end_of(portal, kind, specs[0])
        for spec in specs:
            portal.associations.of(kind.id, end_type, spec)
        end = portal.records.get(end_type, to_id)
        if end is None:
            raise invalid(f"{portal.kind(end_type).singular.upper()} {to_id} does not exist", context={"id": [to_id]})
        found.append(((end_type, end.id), specs))
    return found


def _end_of(portal: Portal, kind: ObjectType, spec: tuple[str, int]) -> str:
    for (start, end), known in portal.associations.types.items():
        if start == kind.id and any(one.spec == spec for one in known):
            return end
    raise Fault(400, "VALIDATION_ERROR", f"invalid association type id {spec[1]} ({spec[0]}) for {kind.singular}")


def update(ask: Ask) -> Reply:
    kind = ask.kind
    given = properties(ask.given)
    record = ask.portal.by_key(kind, ask.at["id"], ask.query.get("idProperty", ""))
    if record is None:
        raise not_found()
    return Reply(200, written(kind, ask.portal.update(kind, record, given), given))


def archive(ask: Ask) -> Reply:
    kind = ask.kind
    record = ask.portal.records.get(kind.id, ask.at["id"])
    if record is not None:
        ask.portal.archive(kind, record)
    elif not ask.portal.records.ever(kind.id, ask.at["id"]):
        raise not_found()
    return Reply(204)


def find(ask: Ask) -> Reply:
    """From the index, which lags; no associations, whatever is asked."""
    kind, portal = ask.kind, ask.portal
    known = portal.definitions[kind.id]
    query = search.read(ask.given, kind, known)

    def associated(record_id: str, name: str) -> list[str]:
        return list(portal.associations.to((kind.id, record_id), portal.kind(name).id))

    found = search.found(query, portal.index.of(kind.id), kind, known, associated)
    page = found[query.after : query.after + query.limit]
    names = [str(name) for name in ask.given.get("properties") or ()]
    answer = {"total": len(found), "results": [shown(kind, entry, names) for entry in page]}
    if query.after + query.limit < len(found):
        answer["paging"] = next_page(query.after + query.limit)
    return Reply(200, answer)


def merge(ask: Ask) -> Reply:
    kind = ask.kind
    winner, loser = str(ask.given.get("primaryObjectId", "")), str(ask.given.get("objectIdToMerge", ""))
    return Reply(200, shown(kind, ask.portal.person_merges(kind.id, winner, loser)))


def forget(ask: Ask) -> Reply:
    """Deletion for privacy, of contacts alone."""
    ask.portal.person_forgets(str(ask.given.get("objectId", "")))
    return Reply(204)


def _associations(ask: Ask, record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ask.names("associations"):
        end = ask.portal.kind(name)
        bound = ask.portal.associations.to((record.type_id, record.id), end.id)
        if bound:
            listed_ones = [
                {"id": other, "type": f"{ask.kind.singular}_to_{end.singular}"} for other in list(bound)[:500]
            ]
            found[end.plural] = {"results": listed_ones}
    return {"associations": found} if found else {}
