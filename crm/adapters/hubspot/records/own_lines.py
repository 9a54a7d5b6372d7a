"""Payments and milestones that belong on the record they stand on: who copies a record copies its lines as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.records.lines import Lines
from crm.adapters.hubspot.records.store import MILESTONE, PAYMENT, Known
from crm.records import Milestone, Payment

R = TypeVar("R", Payment, Milestone)
OwnLines = tuple[Lines[Payment], Lines[Milestone]]


async def own_lines(portal: Portal, object_type: str, held: Mapping[str, OwnLines]) -> dict[str, OwnLines]:
    """By HubSpot id. A line that was written elsewhere counts there, as long as that record is left."""
    paid = await _elsewhere(portal, PAYMENT, {id_: lines for id_, (lines, _) in held.items()}, object_type)
    met = await _elsewhere(portal, MILESTONE, {id_: lines for id_, (_, lines) in held.items()}, object_type)
    return {id_: (_without(one[0], paid[id_]), _without(one[1], met[id_])) for id_, one in held.items()}


async def _elsewhere(
    portal: Portal, kind: str, held: Mapping[str, Lines[R]], object_type: str
) -> dict[str, Collection[str]]:
    """The ids of lines on each record that are another's."""
    rows = await portal.objects.of_records(kind, {one.id for lines in held.values() for one in lines.records})
    places = {id_: {(type_, one) for type_, ids in row.linked.items() for one in ids} for id_, row in rows.items()}
    left = await _left(portal, {place for those in places.values() for place in those})
    return {
        id_: {
            one.id
            for one in lines.records
            if (written := places.get(one.id, set()) & left) and (object_type, id_) not in written
        }
        for id_, lines in held.items()
    }


async def _left(portal: Portal, places: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the records that HubSpot still has, as far as we know."""
    left: set[tuple[str, str]] = set()
    for object_type in {type_ for type_, _ in places}:
        known: Mapping[str, Known] = await portal.objects.by_id(
            object_type, [id_ for type_, id_ in places if type_ == object_type]
        )
        left |= {(object_type, id_) for id_, row in known.items() if not row.archived}
    return left


def _without(lines: Lines[R], ids: Collection[str]) -> Lines[R]:
    return replace(lines, records=tuple(one for one in lines.records if one.id not in ids)) if ids else lines
