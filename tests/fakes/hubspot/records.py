"""The records of a portal: created, changed, found by a unique property, archived; each change with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.fakes.hubspot.clock import Clock, iso
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.faults import conflict, not_found
from tests.fakes.hubspot.kinds import ObjectType


class Source(StrEnum):
    """Who made a change, in HubSpot's words."""

    API = "INTEGRATION"
    PERSON = "CRM_UI"
    HUBSPOT = "AUTOMATION_PLATFORM"


@dataclass(frozen=True)
class Change:
    """Something that a webhook can tell. `kind` is the last part of HubSpot's subscription type."""

    kind: str
    type_id: str
    object_id: str
    at: int
    source: Source
    property: str = ""
    value: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Record:
    type_id: str
    id: str
    values: dict[str, str]
    created: int
    updated: int
    archived_at: int = 0
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def archived(self) -> bool:
        return bool(self.archived_at)


class Records:
    """All records by kind and id. `told` gets every Change, `touched` every record that was written."""

    def __init__(self, clock: Clock, app_id: str) -> None:
        self.clock = clock
        self.app_id = app_id
        self.of: dict[str, dict[str, Record]] = {}
        self.told: list[Callable[[Change], None]] = []
        self.touched: list[Callable[[Record], None]] = []
        self._unique: dict[tuple[str, str], dict[str, str]] = {}
        self._last_id = 40_000_000_000
        self._merged: dict[tuple[str, str], str] = {}

    def next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def all(self, type_id: str, *, archived: bool = False) -> list[Record]:
        return [record for record in self.of.get(type_id, {}).values() if record.archived == archived]

    def get(self, type_id: str, record_id: str, *, archived: bool = False) -> Record | None:
        record_id = self._merged.get((type_id, record_id), record_id)
        record = self.of.get(type_id, {}).get(record_id)
        return record if record is not None and record.archived == archived else None

    def need(self, type_id: str, record_id: str, *, archived: bool = False) -> Record:
        record = self.get(type_id, record_id, archived=archived)
        if record is None:
            raise not_found()
        return record

    def ever(self, type_id: str, record_id: str) -> bool:
        return record_id in self.of.get(type_id, {})

    def by_unique(self, type_id: str, name: str, value: str) -> Record | None:
        found = self._unique.get((type_id, name), {}).get(_key(value))
        return self.get(type_id, found) if found else None

    def taken(self, type_id: str, definition: Definition, value: str, but: str = "") -> None:
        """Raises HubSpot's 409 where another record has this value of a unique property."""
        found = self.by_unique(type_id, definition.name, value) if value else None
        if found is None or found.id == but:
            return
        if (type_id, definition.name) == ("0-1", "email"):
            raise conflict(f"Contact already exists. Existing ID: {found.id}")
        raise conflict(f'{definition.label} "{value}" is already taken by another record. Existing ID: {found.id}')

    def create(
        self, kind: ObjectType, values: Mapping[str, str], unique: frozenset[str], source: Source = Source.API
    ) -> Record:
        now = self.clock.tick()
        record = Record(kind.id, self.next_id(), {}, now, now)
        self.of.setdefault(kind.id, {})[record.id] = record
        self._told("creation", record, now, source)
        by_hubspot = {
            "hs_object_id": record.id,
            kind.created: iso(now),
            "hs_object_source": source.value,
            "hs_object_source_id": self.app_id if source is Source.API else "userId:4711",
            "hs_object_source_label": "INTERNAL_PROCESSING" if source is Source.HUBSPOT else source.value,
        }
        record.values |= by_hubspot
        self._write(kind, record, {name: value for name, value in values.items() if value}, unique, now, source)
        return record

    def update(
        self,
        kind: ObjectType,
        record: Record,
        values: Mapping[str, str],
        unique: frozenset[str],
        source: Source = Source.API,
    ) -> None:
        changed = {name: value for name, value in values.items() if record.values.get(name, "") != value}
        if changed:
            self._write(kind, record, changed, unique, self.clock.tick(), source)

    def touch(self, kind: ObjectType, record: Record) -> None:
        """The date of the last change moves; as when an association is made."""
        record.updated = self.clock.tick()
        record.values[kind.modified] = iso(record.updated)
        for seen in self.touched:
            seen(record)

    def archive(self, record: Record, unique: frozenset[str], source: Source = Source.API) -> None:
        now = self.clock.tick()
        record.archived_at, record.updated = now, now
        for name in unique:
            self._forget(record, name)
        for seen in self.touched:
            seen(record)
        self._told("deletion", record, now, source)

    def restore(self, kind: ObjectType, record_id: str, unique: frozenset[str]) -> Record:
        record = self.of[kind.id][record_id]
        record.archived_at = 0
        for name in unique:
            if value := record.values.get(name):
                self._unique.setdefault((kind.id, name), {})[_key(value)] = record_id
        self.touch(kind, record)
        return record

    def merged(self, type_id: str, winner: str, loser: str) -> None:
        """From now on the loser's id finds the winner."""
        self._merged[type_id, loser] = winner

    def also_known(self, contact: Record, email: str) -> None:
        """One more mail address that leads to a contact."""
        known = [one for one in contact.values.get("hs_additional_emails", "").split(";") if one]
        contact.values["hs_additional_emails"] = ";".join(dict.fromkeys([*known, email.lower()]))
        self._unique.setdefault((contact.type_id, "email"), {})[_key(email)] = contact.id

    def purge(self, record: Record) -> None:
        """Deleted for good, as for privacy: not even found among the archived."""
        del self.of[record.type_id][record.id]

    def _write(
        self,
        kind: ObjectType,
        record: Record,
        values: Mapping[str, str],
        unique: frozenset[str],
        now: int,
        source: Source,
    ) -> None:
        for name, value in values.items():
            if name in unique:
                self._forget(record, name)
                if value:
                    self._unique.setdefault((record.type_id, name), {})[_key(value)] = record.id
            record.values[name] = value
            entry = {"value": value, "timestamp": iso(now), "sourceType": source.value, "sourceId": self.app_id}
            record.history.setdefault(name, []).insert(0, entry)
        record.updated = now
        record.values[kind.modified] = iso(now)
        for seen in self.touched:
            seen(record)
        for name, value in values.items():
            self._told("propertyChange", record, now, source, name, value)

    def _forget(self, record: Record, name: str) -> None:
        known = self._unique.get((record.type_id, name), {})
        key = _key(record.values.get(name, ""))
        if known.get(key) == record.id:
            del known[key]

    def _told(
        self, kind: str, record: Record, now: int, source: Source, name: str = "", value: str = "", **more: Any
    ) -> None:
        change = Change(kind, record.type_id, record.id, now, source, name, value, more)
        for tell in self.told:
            tell(change)


def _key(value: str) -> str:
    return value.strip().casefold()
