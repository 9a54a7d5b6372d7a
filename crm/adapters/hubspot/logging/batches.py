"""Creates engagements in HubSpot, up to a hundred in a call; one that is refused does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.logging.engagements import BODIES, TYPE_IDS, Engagement, inputs_of
from crm.adapters.hubspot.logging.markers import own_marker
from crm.adapters.hubspot.logging.places import Linked
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan, words
from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable

_LOG = logging.getLogger(__name__)
_OURS = frozenset({"RATE_LIMITS", "RATE_LIMIT", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"})
"""Categories of errors in a batch that say nothing against the input."""


@dataclass(slots=True)
class Created:
    """By marker: (object type, HubSpot id) of what is there, HubSpot's words on what it refused, and what may be there
    or not. What is in none of them was surely not written. `put_on` are the records, where they are others than was
    asked for.
    """

    there: dict[str, tuple[str, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    put_on: dict[str, Linked] = field(default_factory=dict)
    away: CrmUnavailable | None = None


class Batches:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._type_ids: dict[str, dict[str, int]] = {name: dict(ids) for name, ids in TYPE_IDS.items()}

    async def create(self, engagements: Sequence[Engagement]) -> Created:
        """All of one object type. Raises MissingScope and NotInPlan where the token or plan may not write that type at
        all: then nothing was written.
        """
        created = Created()
        refused = await self._try(engagements, created)
        if refused and created.away is None:
            await self._try(await self._amended(refused, created), created)
        return created

    async def _try(self, engagements: Sequence[Engagement], created: Created) -> list[Engagement]:
        """Those that HubSpot refused; why stands in `refused`. A call that is refused as a whole wrote nothing: its
        halves are tried, down to the one that is not right.
        """
        if not engagements or created.away is not None:
            return []
        try:
            await self._send(engagements, created)
        except (MissingScope, NotInPlan) as fault:
            if not (created.there or created.refused or created.unknown):
                raise
            created.away = CrmUnavailable(str(fault), 1.0)  # allowed a moment ago: the rest is seen to next time
        except CrmUnavailable as fault:
            created.away = fault
        except CrmOutcomeUnknown:
            created.unknown |= {one.marker for one in engagements}
        except CrmRejected as fault:
            if len(engagements) > 1:
                half = len(engagements) // 2
                return await self._try(engagements[:half], created) + await self._try(engagements[half:], created)
            created.refused[engagements[0].marker] = str(fault)
        return [one for one in engagements if one.marker in created.refused]

    async def _send(self, engagements: Sequence[Engagement], created: Created) -> None:
        object_type = engagements[0].object_type
        type_ids = await self._types_for(object_type, engagements)
        body = {"inputs": inputs_of(engagements, type_ids)}
        answer = await self._portal.hub.call(calls.BATCH_CREATE, at={"type": object_type}, body=body)
        markers = {one.marker for one in engagements}
        for row in answer.results:
            marker = _marker(row, object_type)
            if marker in markers:
                created.there[marker] = (object_type, str(row["id"]))
        for error in answer.errors:
            _note(error, markers, created)
        said = created.there.keys() | created.refused.keys()
        waiting = {marker for error in answer.errors if _passing(error) for marker in _traced(error)}
        created.unknown |= {marker for marker in markers if marker not in said and marker not in waiting}

    async def _amended(self, refused: Sequence[Engagement], created: Created) -> list[Engagement]:
        """Those of them that name a record which is gone, without it or with what it was merged into."""
        try:
            instead = await self._instead(refused)
        except CrmUnavailable as fault:
            created.away = fault
            for one in refused:
                del created.refused[one.marker]
            return []
        amended = []
        for one in refused:
            linked: Linked = _replaced(one.linked, instead)
            if linked == one.linked:
                continue
            created.put_on[one.marker] = linked
            if linked:
                del created.refused[one.marker]
                amended.append(one.to(linked))
            else:
                created.refused[one.marker] = "the records that it is about are no longer in HubSpot"
        return amended

    async def _instead(self, refused: Sequence[Engagement]) -> dict[tuple[str, str], str]:
        """What stands in the place of what is gone, by object type and id; "" for nothing."""
        by_type: dict[str, set[str]] = {}
        for one in refused:
            for object_type, ids in one.linked.items():
                by_type.setdefault(object_type, set()).update(ids)
        instead: dict[tuple[str, str], str] = {}
        for object_type, named in by_type.items():
            there = await self._portal.read_many(object_type, sorted(named), ["hs_object_id"])
            for id_ in named - there.keys():
                instead[object_type, id_] = await self._now(object_type, id_)
        return instead

    async def _now(self, object_type: str, id_: str) -> str:
        """The record that one was merged into; "" where it was deleted, of which the map learns."""
        found = await self._portal.read(object_type, id_, ["hs_object_id"])
        if found is not None:
            return found.id
        await self._portal.objects.archive(object_type, id_)
        _LOG.warning("HubSpot no longer has %s %s, which interactions were to be put on", object_type, id_)
        return ""

    async def _types_for(self, object_type: str, engagements: Iterable[Engagement]) -> Mapping[str, Mapping[str, int]]:
        """With the account's own ids for a custom object."""
        known = self._type_ids[object_type]
        for other in sorted({name for one in engagements for name in one.linked} - known.keys()):
            try:
                answer = await self._portal.hub.call(calls.LIST_LABELS, at={"type": object_type, "to": other})
            except CrmRejected as fault:
                _LOG.warning("%s cannot be put on %s: %s", object_type, other, fault)
                continue
            own = [row for row in answer.results if row.get("category") == "HUBSPOT_DEFINED"]
            if own:
                known[other] = int(own[0]["typeId"])
        return self._type_ids


def _marker(row: Mapping[str, Any], object_type: str) -> str:
    said = row.get("properties")
    body = str(said.get(BODIES[object_type]) or "") if isinstance(said, dict) else ""
    return str(row.get("objectWriteTraceId") or "") or own_marker(body)


def _note(error: Mapping[str, Any], markers: set[str], created: Created) -> None:
    if not _passing(error):
        created.refused |= {marker: words(error) for marker in _traced(error) if marker in markers}


def _passing(error: Mapping[str, Any]) -> bool:
    return str(error.get("category", "")).upper() in _OURS


def _traced(error: Mapping[str, Any]) -> list[str]:
    context = error.get("context")
    traced = context.get("objectWriteTraceId") if isinstance(context, dict) else None
    return [str(one) for one in traced] if isinstance(traced, list) else [str(traced)] if traced else []


def _replaced(linked: Mapping[str, Sequence[str]], instead: Mapping[tuple[str, str], str]) -> dict[str, list[str]]:
    """Nobody twice, and nothing of what is gone."""
    found: dict[str, list[str]] = {}
    for object_type, ids in linked.items():
        now = dict.fromkeys(instead.get((object_type, id_), id_) for id_ in ids)
        if kept := [id_ for id_ in now if id_]:
            found[object_type] = kept
    return found
