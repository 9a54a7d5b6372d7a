"""What each page shows: boards of deals, lists of records, one record, calls and moods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.hubspot.calls import Made
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.kinds import COMPANY, CONTACT, DEAL, ENGAGEMENTS, TICKET, ObjectType
from tests.fakes.hubspot.pages.showing import Link, label, link, money, stage, title, value, when
from tests.fakes.hubspot.pages.timelines import timeline
from tests.fakes.hubspot.pipelines import Pipeline, Stage
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.records import Record

ATTRIBUTION = (("partnerline_sourced_by", "sourced"), ("partnerline_influenced_by", "influenced"))
_NOT_SHOWN = frozenset({"hs_object_source_id", "hs_object_source_label", "hs_unique_creation_key"})
SHOWN = 300


@dataclass(frozen=True)
class Card:
    title: str
    href: str
    amount: str
    company: str
    number: str
    closes: str
    partners: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    stage: Stage
    cards: tuple[Card, ...]
    total: str


@dataclass(frozen=True)
class Field:
    """One property as it is edited: `choices` as (value, label, chosen); `lines` for long texts."""

    definition: Definition
    text: str
    shown: str
    choices: tuple[tuple[str, str, bool], ...] = ()

    @property
    def lines(self) -> bool:
        return self.definition.field_type in {"textarea", "html"}

    @property
    def input(self) -> str:
        return "date" if self.definition.kind == "date" or self.definition.name == "closedate" else "text"

    @property
    def edited(self) -> str:
        """As the input has it: a date input takes the day alone."""
        return self.text[:10] if self.input == "date" else self.text


@dataclass(frozen=True)
class Associated:
    label: str
    plural: str
    records: tuple[tuple[Link, tuple[str, ...], str], ...]


def kinds(portal: Portal) -> list[tuple[ObjectType, str, int]]:
    """What can be looked at, with how many there are."""
    found = [portal.kind(name) for name in ("deals", "companies", "contacts")]
    found += [portal.kind(type_id) for type_id in portal.schemas]
    return [(kind, label(portal, kind, many=True), len(portal.records.all(kind.id))) for kind in found]


def board(portal: Portal, pipeline: Pipeline) -> list[Column]:
    deals: dict[str, list[Record]] = {}
    for record in portal.records.all(DEAL):
        if record.values.get("pipeline") == pipeline.id:
            deals.setdefault(record.values.get("dealstage", ""), []).append(record)
    columns = []
    for one in sorted(pipeline.stages, key=lambda one: one.order):
        held = sorted(deals.get(one.id, []), key=lambda record: record.updated, reverse=True)
        columns.append(Column(one, tuple(_card(portal, record) for record in held[:SHOWN]), _total(held)))
    return columns


def _total(records: Iterable[Record]) -> str:
    sums: dict[str, float] = {}
    for record in records:
        currency = record.values.get("deal_currency_code", "")
        sums[currency] = sums.get(currency, 0.0) + float(record.values.get("amount") or 0)
    return " + ".join(money(str(amount), currency) for currency, amount in sorted(sums.items()) if amount)


def _card(portal: Portal, record: Record) -> Card:
    values = record.values
    kind = portal.kind(DEAL)
    company = portal.records.get(COMPANY, portal.associations.primary((DEAL, record.id)))
    return Card(
        title(kind, record),
        link(kind, record).href,
        money(values["amount"], values.get("deal_currency_code", "")) if values.get("amount") else "",
        title(portal.kind(COMPANY), company) if company else values.get("partnerline_customer", ""),
        values.get("partnerline_number", ""),
        when(portal, values["closedate"], day=True) if values.get("closedate") else "",
        tuple(partners(portal, record)),
    )


def partners(portal: Portal, deal: Record) -> Iterator[tuple[str, str]]:
    """Who brought a deal, by whichever way the account keeps it: name and how."""
    for name, how in ATTRIBUTION:
        definition = portal.definitions[DEAL].get(name)
        if definition is not None and deal.values.get(name):
            for part in value(portal, definition, deal.values[name]).split(", "):
                yield part, how
    for type_id in (COMPANY, *portal.schemas):
        kind = portal.kind(type_id)
        for other, labels in portal.labels(DEAL, deal.id, type_id).items():
            record = portal.records.get(type_id, other)
            for word in labels:
                if record is not None and word.startswith("Partner "):
                    yield title(kind, record), word.removeprefix("Partner ")


def rows(portal: Portal, kind: ObjectType, words: str) -> list[tuple[Link, list[str]]]:
    """The records of a kind, the last changed first; those that hold the words where there are some."""
    records = sorted(portal.records.all(kind.id), key=lambda record: record.updated, reverse=True)
    wanted = words.casefold().split()
    found = [one for one in records if all(word in " ".join(one.values.values()).casefold() for word in wanted)]
    return [(link(kind, record), _cells(portal, kind, record)) for record in found[:SHOWN]]


def headings(kind: ObjectType) -> list[str]:
    if kind.id == CONTACT:
        return ["Name", "Email", "Company", "Changed"]
    if kind.id == COMPANY:
        return ["Name", "Domain", "Type", "Deals", "Changed"]
    if kind.id == DEAL:
        return ["Name", "Amount", "Stage", "Company", "Changed"]
    return ["Name", "Company", "Deals", "Changed"]


def _cells(portal: Portal, kind: ObjectType, record: Record) -> list[str]:
    values, changed = record.values, when(portal, record.values.get(kind.modified, ""))
    company = portal.records.get(COMPANY, _company_of(portal, kind, record))
    name = title(portal.kind(COMPANY), company) if company else ""
    deals = str(len(portal.associations.to((kind.id, record.id), DEAL)) or "")
    if kind.id == CONTACT:
        return [values.get("email", ""), name, changed]
    if kind.id == COMPANY:
        types = portal.definitions[kind.id].get("partnerline_partner_types")
        shown = value(portal, types, values.get("partnerline_partner_types", "")) if types else ""
        return [values.get("domain", ""), shown or values.get("type", "").capitalize(), deals, changed]
    if kind.id == DEAL:
        return [
            money(values.get("amount", ""), values.get("deal_currency_code", "")),
            stage(portal, record),
            name,
            changed,
        ]
    return [name, deals, changed]


def _company_of(portal: Portal, kind: ObjectType, record: Record) -> str:
    if kind.custom:
        return next(iter(portal.associations.to((kind.id, record.id), COMPANY)), "")
    return portal.associations.primary((kind.id, record.id))


def record_page(portal: Portal, kind: ObjectType, record: Record) -> dict[str, Any]:
    fields = [
        _field(portal, kind, record, one) for one in portal.definitions[kind.id].values() if one.name not in _NOT_SHOWN
    ]
    own = [field for field in fields if field.definition.group == "partnerline"]
    theirs = [field for field in fields if field.definition.group != "partnerline"]
    pipeline = portal.pipelines.get(kind.id, {}).get(record.values.get("pipeline", ""))
    return {
        "kind": kind,
        "record": record,
        "title": title(kind, record),
        "label": label(portal, kind),
        "plural": label(portal, kind, many=True),
        "amount": money(record.values.get("amount", ""), record.values.get("deal_currency_code", "")),
        "pipeline": pipeline,
        "pipelines": list(portal.pipelines.get(kind.id, {}).values()),
        "filled": [field for field in theirs if field.text and not field.definition.read_only],
        "own": [field for field in own if field.text],
        "empty": [field for field in (*own, *theirs) if not field.text and not field.definition.read_only],
        "read_only": [field for field in theirs if field.text and field.definition.read_only],
        "timeline": timeline(portal, kind, record),
        "logged": len(portal.timeline(kind.id, record.id)),
        "associated": list(_associated(portal, kind, record)),
        "partners": tuple(partners(portal, record)) if kind.id == DEAL else (),
    }


def _field(portal: Portal, kind: ObjectType, record: Record, definition: Definition) -> Field:
    text = record.values.get(definition.name, "")
    chosen = set(text.split(";"))
    choices: list[tuple[str, str]] = [(option.value, option.label) for option in definition.options]
    if definition.name == "hubspot_owner_id":
        choices = [(one.id, f"{one.first} {one.last}") for one in portal.owners if not one.archived]
    elif definition.name == "deal_currency_code":
        choices = [(one, one) for one in portal.currencies]
    elif definition.name == "pipeline":
        choices = [(one.id, one.label) for one in portal.pipelines.get(kind.id, {}).values()]
    elif definition.name == "dealstage":
        pipeline = portal.pipelines[DEAL].get(record.values.get("pipeline", ""))
        choices = [(one.id, one.label) for one in pipeline.stages] if pipeline else []
    shown = next((words for known, words in choices if known == text), "") or value(portal, definition, text)
    marked = tuple((known, words, known in chosen) for known, words in choices)
    return Field(definition, text, shown, marked)


def _associated(portal: Portal, kind: ObjectType, record: Record) -> Iterator[Associated]:
    for type_id in (COMPANY, CONTACT, DEAL, *portal.schemas):
        end = portal.kind(type_id)
        labels = portal.labels(kind.id, record.id, type_id)
        found = []
        for other_id, words in labels.items():
            other = portal.records.get(type_id, other_id)
            if other is not None:
                found.append((link(end, other), words, other_id))
        if found or portal.associations.known(kind.id, type_id):
            yield Associated(label(portal, end, many=True), end.plural, tuple(found))


def choices(portal: Portal, kind: ObjectType) -> list[tuple[str, str, list[tuple[str, str]], list[str]]]:
    """What a record can be associated with by hand: kind, its words, its records, the labels."""
    found = []
    for type_id in (COMPANY, CONTACT, DEAL, *portal.schemas):
        known = portal.associations.known(kind.id, type_id)
        if not known or type_id in ENGAGEMENTS or type_id == TICKET:
            continue
        end = portal.kind(type_id)
        records = [(one.id, title(end, one)) for one in portal.records.all(type_id)]
        words = [one.label for one in known if one.label]
        found.append((end.plural, label(portal, end), sorted(records, key=lambda one: one[1])[:SHOWN], words))
    return found


def call_rows(portal: Portal, calls: list[Made]) -> list[tuple[str, Made]]:
    """The last calls, newest first."""
    zone = ZoneInfo(portal.time_zone)
    return [(f"{datetime.fromtimestamp(one.at, zone):%H:%M:%S}", one) for one in reversed(calls[-200:])]
