"""HubSpot's search: an index that lags behind the records, with its operators and its limits."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.hubspot.clock import Clock, instant
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.faults import invalid
from tests.fakes.hubspot.kinds import ObjectType
from tests.fakes.hubspot.records import Record

PAGE = 200
REACH = 10_000


@dataclass
class Entry:
    """A record as the index knows it."""

    id: str
    values: dict[str, str]
    created: int
    updated: int


@dataclass
class Index:
    """`lag` in seconds: what is written now is found after it; archived records are gone at once."""

    clock: Clock
    lag: float = 0.0
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _waiting: deque[tuple[float, Record, Entry]] = field(default_factory=deque)

    def see(self, record: Record) -> None:
        if record.archived:
            self.entries.get(record.type_id, {}).pop(record.id, None)
            return
        entry = Entry(record.id, dict(record.values), record.created, record.updated)
        if self.lag <= 0 and not self._waiting:
            self.entries.setdefault(record.type_id, {})[record.id] = entry
        else:
            self._waiting.append((self.clock.seconds() + self.lag, record, entry))

    def catch_up(self, *, at_once: bool = False) -> None:
        now = self.clock.seconds()
        while self._waiting and (at_once or self._waiting[0][0] <= now):
            _due, record, entry = self._waiting.popleft()
            if not record.archived:
                self.entries.setdefault(record.type_id, {})[record.id] = entry

    def of(self, type_id: str) -> list[Entry]:
        self.catch_up()
        return list(self.entries.get(type_id, {}).values())


Associated = Callable[[str, str], list[str]]
"""For a record's id and the name of another kind: the ids that it is associated with."""


@dataclass(frozen=True)
class Query:
    """A search that HubSpot takes; `read` raises its refusals."""

    groups: tuple[tuple[dict[str, Any], ...], ...]
    sorts: tuple[tuple[str, bool], ...]
    words: str
    limit: int
    after: int


def read(body: dict[str, Any], kind: ObjectType, definitions: dict[str, Definition]) -> Query:
    groups = body.get("filterGroups") or ([{"filters": body["filters"]}] if body.get("filters") else [])
    if len(groups) > 5:
        raise invalid("the number of filter groups is greater than 5")
    filters = tuple(tuple(dict(one) for one in group.get("filters", ())) for group in groups)
    if any(len(group) > 6 for group in filters) or sum(map(len, filters)) > 18:
        raise invalid("too many filters: at most 6 in a group and 18 in all")
    limit, after = _whole(body.get("limit", 10), "limit"), _whole(body.get("after") or 0, "after")
    if not 0 <= limit <= PAGE:
        raise invalid(f"invalid limit: {limit} is above the maximum of {PAGE}")
    if after + limit > REACH:
        raise invalid(f"paging past {REACH} results is not possible")
    for one in (one for group in filters for one in group):
        _check(one, definitions)
    sorts = tuple(_sort(one, definitions) for one in body.get("sorts") or ())
    if len(sorts) > 1:
        raise invalid("only one sort is allowed")
    return Query(filters, sorts, str(body.get("query") or ""), limit, after)


def found(
    query: Query, entries: list[Entry], kind: ObjectType, definitions: dict[str, Definition], associated: Associated
) -> list[Entry]:
    """Everything that matches, in the order asked for, else oldest first."""

    def fits(entry: Entry) -> bool:
        groups = query.groups
        if groups and not any(all(_holds(one, entry, definitions, associated) for one in group) for group in groups):
            return False
        return not query.words or _words_fit(query.words, entry, kind)

    matching = sorted((entry for entry in entries if fits(entry)), key=lambda entry: (entry.created, int(entry.id)))
    for name, downwards in query.sorts:
        matching.sort(key=lambda entry: _order(entry, name, definitions), reverse=downwards)
    return matching


OPERATORS = {
    "EQ",
    "NEQ",
    "LT",
    "LTE",
    "GT",
    "GTE",
    "BETWEEN",
    "IN",
    "NOT_IN",
    "HAS_PROPERTY",
    "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN",
    "NOT_CONTAINS_TOKEN",
}


def _check(one: dict[str, Any], definitions: dict[str, Definition]) -> None:
    name, operator = str(one.get("propertyName", "")), one.get("operator")
    if operator not in OPERATORS:
        raise invalid(f"Invalid input JSON: operator {operator!r} is not one of {sorted(OPERATORS)}")
    if not name.startswith("associations.") and name not in definitions:
        raise invalid(
            "There was a problem with the request.",
            errors=[{"message": f"Property '{name}' does not exist", "code": "PROPERTY_DOESNT_EXIST"}],
        )
    if operator in {"IN", "NOT_IN"} and not isinstance(one.get("values"), list):
        raise invalid(f"operator {operator} requires values")
    if operator == "BETWEEN" and ("value" not in one or "highValue" not in one):
        raise invalid("operator BETWEEN requires value and highValue")
    if operator not in {"IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY"} and "value" not in one:
        raise invalid(f"operator {operator} requires a value")


def _sort(one: Any, definitions: dict[str, Definition]) -> tuple[str, bool]:
    name = one if isinstance(one, str) else str(one.get("propertyName", ""))
    downwards = name.startswith("-") or (isinstance(one, dict) and one.get("direction") == "DESCENDING")
    name = name.removeprefix("-")
    if name not in definitions:
        raise invalid(f"Property '{name}' does not exist and cannot be sorted by")
    return name, downwards


def _whole(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(f"{name} must be an integer") from None


def _ranked(definition: Definition, text: str) -> tuple[float, str]:
    """What a value is compared by: numbers and moments as such, all else by its letters."""
    if definition.kind not in {"number", "date", "datetime"}:
        return 0.0, text.casefold()
    try:
        return (float(text) if definition.kind == "number" else float(instant(text))), ""
    except (ValueError, OverflowError):
        raise invalid(f"{text} is not a valid {definition.kind} for {definition.name}") from None


def _order(entry: Entry, name: str, definitions: dict[str, Definition]) -> tuple[bool, tuple[float, str], int]:
    text = entry.values.get(name, "")
    return bool(text), _ranked(definitions[name], text) if text else (0.0, ""), int(entry.id)


def _holds(one: dict[str, Any], entry: Entry, definitions: dict[str, Definition], associated: Associated) -> bool:
    name, operator = str(one["propertyName"]), str(one["operator"])
    if name.startswith("associations."):
        return _bound(one, associated(entry.id, name.removeprefix("associations.")))
    text = entry.values.get(name, "")
    if operator in {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}:
        return bool(text) == (operator == "HAS_PROPERTY")
    if operator in {"IN", "NOT_IN"}:
        among = bool(
            {part.casefold() for part in _parts(definitions[name], text)} & {str(v).casefold() for v in one["values"]}
        )
        return among == (operator == "IN")
    if operator in {"CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"}:
        return _token(str(one["value"]), text) == (operator == "CONTAINS_TOKEN")
    return _compared(one, text, definitions[name])


def _bound(one: dict[str, Any], ids: list[str]) -> bool:
    wanted = {str(value) for value in one.get("values", [one.get("value")])}
    operator = str(one["operator"])
    negative = operator in {"NEQ", "NOT_IN", "NOT_HAS_PROPERTY"}
    has = bool(ids) if operator.endswith("HAS_PROPERTY") else bool(wanted & set(ids))
    return has != negative


def _parts(definition: Definition, text: str) -> list[str]:
    return text.split(";") if definition.many else [text]


def _compared(one: dict[str, Any], text: str, definition: Definition) -> bool:
    operator, wanted = str(one["operator"]), _ranked(definition, str(one["value"]))
    if operator in {"EQ", "NEQ"}:
        same = any(_ranked(definition, part) == wanted for part in _parts(definition, text) if part)
        return same == (operator == "EQ")
    if not text:
        return False
    value = _ranked(definition, text)
    if operator == "BETWEEN":
        return wanted <= value <= _ranked(definition, str(one["highValue"]))
    return {"LT": value < wanted, "LTE": value <= wanted, "GT": value > wanted, "GTE": value >= wanted}[operator]


def _token(pattern: str, text: str) -> bool:
    wanted = re.escape(pattern.casefold()).replace(r"\*", r"[^\s@.,;]*")
    return re.search(rf"(?<![\w]){wanted}(?![\w])", text.casefold()) is not None


def _words_fit(words: str, entry: Entry, kind: ObjectType) -> bool:
    text = " ".join(entry.values.get(name, "") for name in kind.searched).casefold()
    return all(word in text for word in words.casefold().split())
