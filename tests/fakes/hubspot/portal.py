"""A HubSpot account: its plan, owners, pipelines, properties and records, and what people do in it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.hubspot import definitions, pipelines
from tests.fakes.hubspot.associations import HUBSPOT_DEFINED, Associations
from tests.fakes.hubspot.clock import Clock, iso
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.faults import invalid
from tests.fakes.hubspot.kinds import COMPANY, CONTACT, DEAL, ENGAGEMENTS, STANDARD, ObjectType
from tests.fakes.hubspot.owners import OWNERS, Owner
from tests.fakes.hubspot.plans import ALLOWANCES, SCOPES, Allowance, Plan
from tests.fakes.hubspot.records import Change, Record, Records, Source
from tests.fakes.hubspot.rules import Rules
from tests.fakes.hubspot.search import Index

TOKEN = "pat-fake-0000"
PORTAL_ID = 50_000_001
APP_ID = "777001"


@dataclass
class Portal:
    """Everything is reached under `lock`; the API and people take it for each act.

    `auto_companies`: HubSpot's own habit of making a company from a contact's mail domain. `required` names, by kind,
    the properties that the administrator's rules want on create (enforced from 2026-09 on). `trims_numbers`: 12.50 is
    kept as 12.5.
    """

    plan: Plan = Plan.ENTERPRISE
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    token: str = TOKEN
    id: int = PORTAL_ID
    account_type: str = "DEVELOPER_TEST"
    time_zone: str = "Europe/Berlin"
    currencies: list[str] = field(default_factory=lambda: ["EUR", "USD", "GBP", "CHF"])
    auto_companies: bool = False
    trims_numbers: bool = False
    required: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owners: list[Owner] = field(default_factory=lambda: list(OWNERS))
    clock: Clock = field(default_factory=Clock)
    allowance_of: Allowance | None = None

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.kinds: dict[str, ObjectType] = {}
        self.definitions: dict[str, dict[str, Definition]] = {}
        self.groups: dict[str, dict[str, dict[str, Any]]] = {}
        self.schemas: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.pipelines = pipelines.standard()
        self.associations = Associations()
        self.records = Records(self.clock, APP_ID)
        self.index = Index(self.clock)
        self.records.touched.append(self.index.see)
        self.changes: list[Change] = []
        self.records.told.append(self.changes.append)
        self.rules = Rules(self)
        for kind in STANDARD:
            self.add_kind(kind)

    @property
    def allowance(self) -> Allowance:
        return self.allowance_of or ALLOWANCES[self.plan]

    def add_kind(self, kind: ObjectType) -> None:
        group = f"{kind.singular}information" if not kind.custom else f"{kind.singular}_information"
        self.kinds |= dict.fromkeys(kind.names, kind)
        self.groups[kind.id] = {group: {"name": group, "label": f"{kind.display} information", "displayOrder": 0}}
        self.definitions[kind.id] = {one.name: one for one in definitions.standard(kind, group)}
        if kind.custom:
            for engagement in sorted(ENGAGEMENTS):
                self.associations.define(HUBSPOT_DEFINED, kind.id, engagement)

    def kind(self, name: str) -> ObjectType:
        found = self.kinds.get(name.lower())
        if found is None:
            raise invalid(f"Unable to infer object type from: {name}")
        return found

    def unique(self, type_id: str) -> frozenset[str]:
        return frozenset(name for name, one in self.definitions[type_id].items() if one.unique)

    def stamp(self) -> str:
        return iso(self.clock.now())

    # What callers of the API do.

    def create(
        self, kind: ObjectType, given: Mapping[str, object], *, version: str = "", source: Source = Source.API
    ) -> Record:
        values = self.rules.checked(kind, given, new=True, version=version)
        record = self.records.create(kind, values, self.unique(kind.id), source)
        if kind.id == CONTACT and self.auto_companies:
            self._company_of(record)
        return record

    def update(
        self, kind: ObjectType, record: Record, given: Mapping[str, object], *, source: Source = Source.API
    ) -> Record:
        values = self.rules.checked(kind, given, record)
        self.records.update(kind, record, values, self.unique(kind.id), source)
        return record

    def archive(self, kind: ObjectType, record: Record, source: Source = Source.API) -> None:
        self.associations.drop((kind.id, record.id))
        self.records.archive(record, self.unique(kind.id), source)

    def by_key(self, kind: ObjectType, key: str, id_property: str = "") -> Record | None:
        """The record with this id, or this value of a unique property."""
        if not id_property or id_property == "hs_object_id":
            return self.records.get(kind.id, key)
        definition = self.definitions[kind.id].get(id_property)
        if definition is None or not definition.unique:
            raise invalid(f"Property '{id_property}' is not a unique identifier property of {kind.singular}")
        return self.records.by_unique(kind.id, id_property, key)

    def associate(
        self,
        start: tuple[str, str],
        end: tuple[str, str],
        specs: Sequence[tuple[str, int]],
        source: Source = Source.API,
    ) -> None:
        self.associations.put(start, end, specs)
        self._associated(start, end, source, removed=False)

    def disassociate(
        self,
        start: tuple[str, str],
        end: tuple[str, str],
        specs: Sequence[tuple[str, int]] | None,
        source: Source = Source.API,
    ) -> None:
        """These labels, or everything between the two."""
        if specs is None:
            bound = self.associations.cut(start, end)
        else:
            bound = bool(self.associations.between(start, end))
            self.associations.remove(start, end, specs)
        if bound:
            self._associated(start, end, source, removed=True)

    # What people do in HubSpot.

    def person_edits(self, kind: str, record_id: str, **values: object) -> Record:
        """A person changes properties in the browser."""
        with self.lock:
            found = self.kind(kind)
            return self.update(found, self.records.need(found.id, record_id), values, source=Source.PERSON)

    def person_creates(self, kind: str, **values: object) -> Record:
        with self.lock:
            return self.create(self.kind(kind), values, source=Source.PERSON)

    def person_deletes(self, kind: str, record_id: str) -> None:
        with self.lock:
            found = self.kind(kind)
            self.archive(found, self.records.need(found.id, record_id), Source.PERSON)

    def person_restores(self, kind: str, record_id: str) -> Record:
        """What was deleted is brought back with its values; its associations stay lost."""
        with self.lock:
            found = self.kind(kind)
            record = self.records.restore(found, record_id, self.unique(found.id))
            self._tell(Change("restore", found.id, record_id, self.clock.tick(), Source.PERSON))
            return record

    def person_associates(
        self, kind: str, record_id: str, to_kind: str, to_id: str, *labels: str, primary: bool = False
    ) -> None:
        """A person associates two records, with labels by their words."""
        with self.lock:
            start, end = (self.kind(kind).id, record_id), (self.kind(to_kind).id, to_id)
            known = self.associations.known(start[0], end[0])
            specs = [one.spec for one in known if one.label in labels and not one.primary]
            specs += [one.spec for one in known if one.primary and primary]
            held = list(self.associations.between(start, end))
            self.associate(start, end, [*held, *specs], Source.PERSON)

    def person_disassociates(self, kind: str, record_id: str, to_kind: str, to_id: str) -> None:
        with self.lock:
            start, end = (self.kind(kind).id, record_id), (self.kind(to_kind).id, to_id)
            self.disassociate(start, end, None, Source.PERSON)

    def person_merges(self, kind: str, winner_id: str, loser_id: str) -> Record:
        """The loser is archived, its associations and what the winner lacks go to the winner; its id still finds it."""
        with self.lock:
            found = self.kind(kind)
            winner, loser = self.records.need(found.id, winner_id), self.records.need(found.id, loser_id)
            for end in list(self.associations.ends((found.id, loser.id))):
                self.associations.put((found.id, winner.id), end, [])
            read_only = {name for name, one in self.definitions[found.id].items() if one.read_only or one.unique}
            values = {n: v for n, v in loser.values.items() if n not in read_only and not winner.values.get(n)}
            self.archive(found, loser, Source.PERSON)
            self.update(found, winner, values, source=Source.PERSON)
            self.records.merged(found.id, winner.id, loser.id)
            if found.id == CONTACT and loser.values.get("email") not in {None, winner.values.get("email")}:
                self.records.also_known(winner, loser.values["email"])
            more = {"primaryObjectId": winner.id, "mergedObjectIds": [loser.id]}
            self._tell(Change("merge", found.id, winner.id, self.clock.tick(), Source.PERSON, more=more))
            return winner

    def person_adds_email(self, contact_id: str, email: str) -> None:
        """A second address of a contact: it finds the contact, and nobody else can have it."""
        with self.lock:
            self.records.also_known(self.records.need(CONTACT, contact_id), email)

    def person_forgets(self, contact_id: str) -> None:
        """A contact is deleted for privacy: gone for good, not archived."""
        with self.lock:
            kind = self.kind("contacts")
            record = self.records.need(kind.id, contact_id)
            self.archive(kind, record, Source.PERSON)
            self.records.purge(record)
            self._tell(Change("privacyDeletion", kind.id, contact_id, self.clock.tick(), Source.PERSON))

    # What tests look at.

    def all(self, kind: str, **wanted: str) -> list[Record]:
        """The records of a kind whose properties have these values."""
        with self.lock:
            found = self.records.all(self.kind(kind).id)
            return [one for one in found if all(one.values.get(name, "") == value for name, value in wanted.items())]

    def one(self, kind: str, **wanted: str) -> Record:
        found = self.all(kind, **wanted)
        if len(found) != 1:
            raise LookupError(f"{len(found)} {kind} with {wanted}")
        return found[0]

    def labels(self, kind: str, record_id: str, to_kind: str) -> dict[str, tuple[str, ...]]:
        """The associated records of a kind, each with the words of its labels."""
        with self.lock:
            start, end = self.kind(kind).id, self.kind(to_kind).id
            words = {one.spec: one.label or "" for one in self.associations.known(start, end)}
            found = self.associations.to((start, record_id), end)
            return {other: tuple(sorted(filter(None, map(words.__getitem__, specs)))) for other, specs in found.items()}

    def timeline(self, kind: str, record_id: str) -> list[Record]:
        """Notes, e-mails and tasks on a record, oldest first."""
        with self.lock:
            start = (self.kind(kind).id, record_id)
            ids = [(type_id, other) for type_id, other in self.associations.ends(start) if type_id in ENGAGEMENTS]
            found = [record for end in ids if (record := self.records.get(*end)) is not None]
            return sorted(found, key=lambda record: (record.values.get("hs_timestamp", ""), int(record.id)))

    def _associated(self, start: tuple[str, str], end: tuple[str, str], source: Source, *, removed: bool) -> None:
        now = self.clock.tick()
        for one, other in ((start, end), (end, start)):
            self._follow(one, other)
            if ENGAGEMENTS & {one[0], other[0]}:
                continue
            more = {
                "associationRemoved": removed,
                "fromObjectId": one[1],
                "toObjectId": other[1],
                "fromObjectTypeId": one[0],
                "toObjectTypeId": other[0],
                "isPrimaryAssociation": other[0] == COMPANY and self.associations.primary(one) == other[1],
            }
            self._tell(Change("associationChange", one[0], one[1], now, source, more=more))

    def _follow(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        """HubSpot's own properties follow an association, and with them the date of the last change: which company is
        the primary one, and when something was last logged. A label alone moves nothing.
        """
        record = self.records.get(*one)
        if record is None or record.type_id not in {CONTACT, COMPANY, DEAL}:
            return
        names = {DEAL: "hs_primary_associated_company", CONTACT: "associatedcompanyid"}
        name, value = names.get(record.type_id, ""), ""
        if other[0] in ENGAGEMENTS:
            name, value = "notes_last_updated", self.stamp()
        elif name:
            value = self.associations.primary(one)
        if name and record.values.get(name, "") != value:
            record.values[name] = value
            self.records.touch(self.kind(record.type_id), record)

    def _company_of(self, contact: Record) -> None:
        """HubSpot finds or makes a company for the domain of a new contact."""
        domain = contact.values.get("email", "").rpartition("@")[2]
        if not domain:
            return
        kind = self.kind("companies")
        known = [one for one in self.records.all(kind.id) if one.values.get("domain") == domain]
        values = {"domain": domain, "name": domain.partition(".")[0].capitalize()}
        company = known[0] if known else self.create(kind, values, source=Source.HUBSPOT)
        self.associate((CONTACT, contact.id), (kind.id, company.id), [], Source.HUBSPOT)

    def _tell(self, change: Change) -> None:
        for tell in self.records.told:
            tell(change)
