"""Colleagues of the sender's who came or left: who manages the contacts has it done, else a manager looks at it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from bot.intents import other_reader
from bot.intents.phrases import text
from bot.vocabulary.company_names import name_key
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, Outcome, SaveContact, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import MYSELF, Intent, PersonFields, Request
from crm.records import EVERYDAY_RIGHTS, Contact, ContactRight
from mail_ingest.address import normalised, of_organisation

_NAME = 120  # characters


def left(request: Request, facts: Facts) -> Decision:
    """Somebody left: asked once more, since it shuts a person out. Who says it of himself has told a person."""
    if request.source == MYSELF:
        return other_reader.gone(request, facts)
    name, address = _named(request.fields if isinstance(request.fields, PersonFields) else PersonFields())
    found = _meant(name, address, facts)
    if not found and _manages(facts):
        return Decision((), (Outcome("people.unknown"),), "person_unknown")
    if len(found) > 1 and _manages(facts):
        lines: tuple[Value, ...] = tuple(text("people.person", name=c.name, address=c.email) for c in found)
        return Decision((), (Outcome("people.which", {"people": lines}, figures=True),), "person_asked")
    if not _may_close(found, facts):
        return _passed_on(facts, f"Says that a colleague left: {_in_words(name, address, found)}")
    proposal = json.dumps({"close": found[0].id})
    waits = AwaitFields(facts.thread.subject_ref, (Question.CONTACT,), proposal)
    return Decision((waits,), (_about("people.shall_we_close", found[0]),), "confirmation_asked")


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether somebody left, or is to be opened; None where that is settled meanwhile."""
    proposal, done = _proposed(facts), AwaitFields(facts.thread.subject_ref, ())
    if isinstance(new := proposal.get("open"), dict):
        return _to_opening(PersonFields(str(new.get("name", "")), str(new.get("email", ""))), done, facts, yes=yes)
    found = tuple(c for c in facts.colleagues if c.active and c.id == proposal.get("close"))
    if not found:
        return None
    if not yes:
        return Decision((done,), (Outcome("people.kept", {"name": found[0].name}),), "person_kept")
    if not _may_close(found, facts):
        note = HandOver(Intent.OTHER, f"Says that a colleague left: {_in_words('', '', found)}")
        return Decision((note, done), (_passed_to(facts),), "handed_over")
    closed = replace(found[0], active=False)
    return Decision((SaveContact(closed), done), (_about("people.closed", closed),), "person_closed")


def joined(request: Request, facts: Facts) -> Decision:
    """Somebody came: opened at once where the address is the partner's own, else a manager looks at it."""
    said = request.fields if isinstance(request.fields, PersonFields) else PersonFields()
    decision = _opened(said, facts)
    person = next((c.contact for c in decision.commands if isinstance(c, SaveContact)), None)
    if person is None or not request.ask:
        return decision
    proposal = json.dumps({"open": {"name": person.name, "email": person.email}})
    waits = AwaitFields(facts.thread.subject_ref, (Question.CONTACT,), proposal)
    return Decision((waits,), (_about("people.shall_we_open", person),), "confirmation_asked")


def _to_opening(said: PersonFields, done: AwaitFields, facts: Facts, *, yes: bool) -> Decision:
    if not yes:
        return Decision((done,), (Outcome("people.not_opened"),), "person_not_opened")
    decision = _opened(said, facts)
    return replace(decision, commands=(*decision.commands, done))


def _opened(said: PersonFields, facts: Facts) -> Decision:
    name, address = _named(said)
    known = next((c for c in facts.colleagues if address and c.email.lower() == address), None)
    if known is not None and known.active and _manages(facts):
        return Decision((), (_about("people.exists", known),), "person_known")
    if not _manages(facts) or not name or not of_organisation(address, facts.partner.domains):
        return _passed_on(facts, f"Names a new colleague: {_in_words(name, address, ())}")
    opened = _back(known) if known else new_contact(facts.partner.id, name, address)
    return Decision((SaveContact(opened),), (_about("people.opened", opened),), "person_opened")


def _back(closed: Contact) -> Contact:
    """Who comes back gets no more than who is new: further rights are given anew. An opt-out is his own and stays."""
    return replace(closed, active=True, main=False, rights=EVERYDAY_RIGHTS)


def new_contact(partner_id: str, name: str, address: str) -> Contact:
    """A contact with the everyday rights; its id is that of the address, so that opening it twice opens one."""
    made = hashlib.sha256(address.casefold().encode()).hexdigest()[:16]
    return Contact(f"contact-{made}", partner_id, " ".join(name.split())[:_NAME] or address, address)


def manages_still(colleagues: tuple[Contact, ...], without: Contact) -> bool:
    """Whether somebody is left who manages the contacts of the partner."""
    others = (c for c in colleagues if c.active and c.id != without.id)
    return any(c.may(ContactRight.MANAGE_CONTACTS) for c in others)


def _may_close(found: tuple[Contact, ...], facts: Facts) -> bool:
    """One person, and neither the main contact nor the last who manages: that is for the vendor's manager."""
    if len(found) != 1 or not _manages(facts):
        return False
    return not found[0].main and manages_still(facts.colleagues, found[0])


def _manages(facts: Facts) -> bool:
    """A member of the partner's workspace whom no contact stands for manages nobody."""
    return facts.contact is not None and facts.may(ContactRight.MANAGE_CONTACTS)


def _named(said: PersonFields) -> tuple[str, str]:
    """Name and address as they can be used."""
    name = " ".join("".join(c if c.isprintable() else " " for c in said.name or "").split())
    return name[:_NAME], normalised(said.email or "")


def _meant(name: str, address: str, facts: Facts) -> tuple[Contact, ...]:
    """By the address, else by the whole name, else by a part of it."""
    active = tuple(c for c in facts.colleagues if c.active)
    if address:
        return tuple(c for c in active if c.email.lower() == address)
    wanted = set(name_key(name).split()) if name else set()
    if not wanted:
        return ()
    alike = tuple(c for c in active if wanted <= set(name_key(c.name).split()))
    return tuple(c for c in alike if set(name_key(c.name).split()) == wanted) or alike


def _proposed(facts: Facts) -> dict[str, Any]:
    try:
        said = json.loads(facts.thread.proposal or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _about(key: str, contact: Contact) -> Outcome:
    return Outcome(key, {"name": contact.name, "address": contact.email}, figures=True)


def _passed_on(facts: Facts, summary: str) -> Decision:
    return Decision((HandOver(Intent.OTHER, summary[:1000]),), (_passed_to(facts),), "handed_over")


def _passed_to(facts: Facts) -> Outcome:
    if facts.manager is None:
        return Outcome("people.to_team")
    return Outcome("people.to_manager", {"manager": facts.manager.name})


def _in_words(name: str, address: str, found: tuple[Contact, ...]) -> str:
    said = " ".join(part for part in (name, f"<{address}>" if address else "") if part)
    known = ", ".join(f"{c.name} <{c.email}>{' (main contact)' if c.main else ''}" for c in found[:5])
    return " = ".join(part for part in (said or ("nobody named" if not known else ""), known) if part)
