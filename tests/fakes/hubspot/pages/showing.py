"""Values, moments and records in the words that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from tests.fakes.hubspot.clock import instant
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.kinds import (
    CALL,
    COMMUNICATION,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    MEETING,
    NOTE,
    TASK,
    ObjectType,
)
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.records import Record

_LABELS = {
    CONTACT: ("Contact", "Contacts"),
    COMPANY: ("Company", "Companies"),
    DEAL: ("Deal", "Deals"),
    NOTE: ("Note", "Notes"),
    EMAIL: ("Email", "Emails"),
    TASK: ("Task", "Tasks"),
    CALL: ("Call", "Calls"),
    MEETING: ("Meeting", "Meetings"),
    COMMUNICATION: ("Message", "Messages"),
}


@dataclass(frozen=True)
class Link:
    """A record to go to."""

    title: str
    href: str


def label(portal: Portal, kind: ObjectType, *, many: bool = False) -> str:
    schema = portal.schemas.get(kind.id)
    if schema is not None:
        words = schema["labels"]
        return str(words.get("plural" if many else "singular") or kind.display)
    return _LABELS.get(kind.id, (kind.display, f"{kind.display}s"))[many]


def title(kind: ObjectType, record: Record) -> str:
    values = record.values
    if kind.id == CONTACT:
        name = f"{values.get('firstname', '')} {values.get('lastname', '')}".strip()
        return name or values.get("email", "") or f"Contact {record.id}"
    named = next((values[name] for name in ("dealname", "name", *kind.shown) if values.get(name)), "")
    return named or f"{kind.display} {record.id}"


def link(kind: ObjectType, record: Record) -> Link:
    return Link(title(kind, record), f"/{kind.plural}/{record.id}")


def when(portal: Portal, text: str, *, day: bool = False) -> str:
    """A moment by the clock of the account."""
    try:
        moment = datetime.fromtimestamp(instant(text) / 1000, ZoneInfo(portal.time_zone))
    except (ValueError, OverflowError):
        return text
    return f"{moment:%-d %b %Y}" if day else f"{moment:%-d %b %Y, %H:%M}"


def money(amount: str, currency: str) -> str:
    try:
        number = Decimal(amount)
    except InvalidOperation:
        return amount
    shown = f"{number:,.2f}".removesuffix(".00")
    return f"{shown} {currency}".strip()


def value(portal: Portal, definition: Definition, text: str) -> str:
    """A property's value with the words of its options instead of their ids."""
    if not text:
        return ""
    if definition.kind in {"datetime", "date"}:
        return when(portal, text, day=definition.kind == "date" or definition.name == "closedate")
    if definition.options:
        words = {option.value: option.label for option in definition.options}
        return ", ".join(words.get(part, part) for part in text.split(";"))
    if definition.name == "hubspot_owner_id":
        return next((f"{one.first} {one.last}" for one in portal.owners if one.id == text), text)
    return text


def stage(portal: Portal, record: Record) -> str:
    pipeline = portal.pipelines[DEAL].get(record.values.get("pipeline", ""))
    found = pipeline.stage(record.values.get("dealstage", "")) if pipeline else None
    return found.label if found else record.values.get("dealstage", "")
