"""What many objects are associated with, by which types, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import Answer, HubSpot, next_page
from crm.adapters.hubspot.transport.faults import words
from crm.errors import CrmUnavailable

_BATCH = 100
_PAGE = "500"
_NOTHING_THERE = "OBJECT_NOT_FOUND"

Linked = dict[str, list[Mapping[str, Any]]]
"""The types of association (`category`, `typeId`, `label`) by the HubSpot id of the other object."""


async def associated(hub: HubSpot, object_type: str, ids: Sequence[str], to_type: str) -> dict[str, Linked]:
    """By the id of the object, which has an empty entry where it stands alone. Raises the errors of `crm.errors`."""
    linked: dict[str, Linked] = {id_: {} for id_ in ids}
    at = {"type": object_type, "to": to_type}
    for start in range(0, len(ids), _BATCH):
        inputs = [{"id": id_} for id_ in ids[start : start + _BATCH]]
        answer = await hub.call(calls.BATCH_READ_LINKS, at=at, body={"inputs": inputs})
        whole(answer)
        for row in answer.results:
            into = linked.setdefault(str(row["from"]["id"]), {})
            _collect(into, row.get("to", ()))
            if after := next_page(row):
                await _further(hub, into, {**at, "id": str(row["from"]["id"])}, after)
    return linked


def whole(answer: Answer) -> None:
    """Raises CrmUnavailable where HubSpot could not read one of a batch's inputs just now, which must not pass for
    "nothing there"; one that is not there, or stands alone, is fine.
    """
    failed = [error for error in answer.errors if error.get("category") != _NOTHING_THERE]
    if failed:
        raise CrmUnavailable(f"HubSpot answered in part only: {words(failed[0])}")


async def _further(hub: HubSpot, into: Linked, at: Mapping[str, str], after: str) -> None:
    async for page in hub.pages(calls.READ_LINKS, at=at, query=[("limit", _PAGE)], after=after):
        _collect(into, page)


def _collect(into: Linked, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        into.setdefault(str(row["toObjectId"]), []).extend(row.get("associationTypes", ()))
