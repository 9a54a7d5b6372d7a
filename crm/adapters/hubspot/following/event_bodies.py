"""The body of a webhook call, as HubSpot documents it: which objects each event is about, and when it happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MOST = 1_000
"""Events of one call that are looked at: HubSpot sends at most 100."""

_DEPTH = "too deeply nested"
_ID_DIGITS = 20
_MAX_MS = 253_402_300_799_000  # the end of the year 9999
ERASED = "erased contacts"
"""Stands for the type of contacts that were deleted for privacy, which says more than that they are gone."""

_PRIVACY = "privacyDeletion"
_GONE = ("deletion", _PRIVACY)
_BY_NAME = {"contact": "0-1", "company": "0-2", "deal": "0-3"}
_IDS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals"}


@dataclass(frozen=True, slots=True)
class Touch:
    """An object of HubSpot that something happened to: its type as in paths, and its id there."""

    object_type: str
    hubspot_id: str
    occurred_at: datetime
    deleted: bool = False


def read_events(body: bytes, now: datetime) -> tuple[int, tuple[Touch, ...]]:
    """How many events there are, and what they touch, each object once: as its latest event left it.

    Events of other kinds, and of kinds that are not known, are counted and touch nothing. Raises ValueError.
    """
    try:
        said = json.loads(body.decode())
    except RecursionError as fault:
        raise ValueError(_DEPTH) from fault
    events = said if isinstance(said, list) else [said]
    if len(events) > MOST:
        raise ValueError(f"more than {MOST} events in one call")
    if any(not isinstance(event, dict) for event in events):
        raise ValueError("an event is no JSON object")
    return len(events), _latest(touch for event in events for touch in _touches(event, now))


def _latest(touches: Iterator[Touch]) -> tuple[Touch, ...]:
    """Their order in the call means nothing."""
    latest: dict[tuple[str, str], Touch] = {}
    for touch in touches:
        key = (touch.object_type, touch.hubspot_id)
        if key not in latest or touch.occurred_at >= latest[key].occurred_at:
            latest[key] = touch
    return tuple(latest.values())


def _touches(event: Mapping[str, Any], now: datetime) -> Iterator[Touch]:
    name, _, what = str(event.get("subscriptionType") or event.get("eventType") or "").rpartition(".")
    at = _moment(event.get("occurredAt"), now)
    object_type = _type(event.get("objectTypeId")) or _type(_BY_NAME.get(name))
    if what == "associationChange":
        yield from _associated(event, object_type, at)
    elif what == "merge":
        yield from _merged(event, object_type, at)
    elif object_type and (hubspot_id := _id(event.get("objectId"))):
        yield Touch(object_type, hubspot_id, at, what in _GONE)
        if what == _PRIVACY and object_type == _IDS["0-1"]:
            yield Touch(ERASED, hubspot_id, at, deleted=True)


def _associated(event: Mapping[str, Any], object_type: str, at: datetime) -> Iterator[Touch]:
    """Both ends are looked at again; the classic form names their types in one word, such as DEAL_TO_COMPANY."""
    ends = str(event.get("associationType") or "").lower().split("_to_")
    named = [_type(_BY_NAME.get(end)) for end in ends] if len(ends) == 2 else ["", ""]
    begin = _type(event.get("fromObjectTypeId")) or named[0] or object_type
    end = _type(event.get("toObjectTypeId")) or named[1]
    for kind, key in ((begin, "fromObjectId"), (end, "toObjectId")):
        if kind and (hubspot_id := _id(event.get(key))):
            yield Touch(kind, hubspot_id, at)


def _merged(event: Mapping[str, Any], object_type: str, at: datetime) -> Iterator[Touch]:
    """Which of them is left is asked; those that went into another are as good as deleted."""
    if not object_type:
        return
    gone = event.get("mergedObjectIds")
    ids = [_id(one) for one in gone] if isinstance(gone, Sequence) and not isinstance(gone, str) else []
    left = [_id(event.get(key)) for key in ("primaryObjectId", "newObjectId", "objectId")]
    for hubspot_id in dict.fromkeys(ids):
        if hubspot_id and hubspot_id not in left:
            yield Touch(object_type, hubspot_id, at, deleted=True)
    for hubspot_id in dict.fromkeys(left):
        if hubspot_id:
            yield Touch(object_type, hubspot_id, at)


def _type(object_type_id: object) -> str:
    """As it stands in paths; custom objects keep their id. "" where it is none that we follow."""
    said = str(object_type_id or "")
    if said in _IDS:
        return _IDS[said]
    number = said.removeprefix("2-")
    return said if number != said and number.isascii() and number.isdecimal() and len(number) <= _ID_DIGITS else ""


def _id(said: object) -> str:
    text = str(said) if isinstance(said, int | str) and not isinstance(said, bool) else ""
    return text if text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS and text != "0" else ""


def _moment(said: object, now: datetime) -> datetime:
    if isinstance(said, int) and not isinstance(said, bool) and 0 < said <= _MAX_MS:
        return datetime.fromtimestamp(said / 1000, UTC)
    return now
