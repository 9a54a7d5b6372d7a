"""What the rows of an import say about a partner, laid over what the CRM has of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crm.records import Contact, Partner


@dataclass(frozen=True, slots=True)
class Person:
    """A contact's fields as a row says them; `finance` is the one that `Contact` does not have."""

    line: int
    said: Mapping[str, Any]
    finance: bool

    @property
    def email(self) -> str:
        return str(self.said.get("email", ""))


@dataclass(slots=True)
class Draft:
    """A partner's fields as its rows say them, and the line of each. `broken`: one of its cells could not be read."""

    line: int
    name: str
    said: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    broken: bool = False


class RecordBuilder:
    """Collects `partners`, `contacts` and `faults`; a draft with a fault adds no record."""

    def __init__(self, partners: Iterable[Partner], contacts: Iterable[Contact]) -> None:
        self.partners: list[Partner] = []
        self.contacts: list[Contact] = []
        self.faults: list[tuple[int, str]] = []
        self._known_partners = {partner.name.casefold(): partner for partner in partners}
        self._known_contacts = {contact.email.casefold(): contact for contact in contacts}
        self._seen: dict[str, int] = {}

    def add(self, draft: Draft) -> None:
        partner = self._partner(draft)
        if partner is None or draft.broken:
            return
        made = [(person, self._contact(partner, person)) for person in draft.people]
        people = [(person, contact) for person, contact in made if contact is not None]
        finance = self._only(draft, "finance", [contact for person, contact in people if person.finance])
        main = self._only(draft, "main", [contact for person, contact in people if person.said.get("main")])
        self.partners.append(replace(partner, finance_contact_id=finance or partner.finance_contact_id))
        self.contacts += self._with_main(partner, [contact for _, contact in people], main)

    def _partner(self, draft: Draft) -> Partner | None:
        before = self._known_partners.get(draft.name.casefold())
        if before is not None:
            return replace(before, **draft.said)
        lacking = [column for column in ("types", "tier") if column not in draft.said]
        if lacking and not draft.broken:
            self.faults.append((draft.line, f"{draft.name} is new and needs {' and '.join(lacking)}"))
        return None if lacking else Partner(id=_id("partner", draft.name), **draft.said)

    def _contact(self, partner: Partner, person: Person) -> Contact | None:
        before = self._known_contacts.get(person.email)
        if fault := self._refusal(partner, before, person):
            self.faults.append((person.line, fault))
            return None
        self._seen[person.email] = person.line
        if before is not None:
            return replace(before, **person.said)
        return Contact(id=_id("contact", person.email), partner_id=partner.id, **person.said)

    def _refusal(self, partner: Partner, before: Contact | None, person: Person) -> str:
        email = person.email
        if not email:
            return "the contact has no contact_email"
        if email in self._seen:
            return f"{email} stands on line {self._seen[email]} already"
        if before is None and "name" not in person.said:
            return f"{email} is new and needs contact_name"
        if before is not None and before.partner_id != partner.id:
            return f"{email} is a contact of another partner"
        return ""

    def _only(self, draft: Draft, role: str, contacts: list[Contact]) -> str | None:
        if len(contacts) > 1:
            self.faults.append((draft.line, f"{draft.name} has {len(contacts)} {role} contacts, not one"))
        return contacts[0].id if contacts else None

    def _with_main(self, partner: Partner, made: list[Contact], main: str | None) -> list[Contact]:
        """One main contact: the one the file names, else the one there was, else the first of the file."""
        theirs = [contact for contact in self._known_contacts.values() if contact.partner_id == partner.id]
        had = [contact for contact in theirs if contact.main]
        main = main or next((contact.id for contact in (*had, *made)), None)
        named_here = {contact.id for contact in made}
        relieved = [contact for contact in had if contact.id != main and contact.id not in named_here]
        return [replace(contact, main=contact.id == main) for contact in (*relieved, *made)]


def _id(kind: str, key: str) -> str:
    """The same for the same name or address, so that importing again updates."""
    return f"{kind}-{hashlib.sha256(key.casefold().encode()).hexdigest()[:16]}"
