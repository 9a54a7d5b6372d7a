"""Who gets an announcement and is the wrong one to ask: somebody else is to be asked, or he has left the company."""

from __future__ import annotations

from bot.intents import hand_over
from bot.intents.announcement_answers import announced, announcer, passed_on, recorded
from bot.vocabulary.announcing import Said
from bot.vocabulary.decisions import Command, Decision, HandOver, NoteAbsence, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Absence, Intent, PersonFields, Request
from mail_ingest.address import normalised


def wrong_person(request: Request, facts: Facts) -> Decision:
    """He is asked no more about this announcement; whom he names is for the manager to write to."""
    announcement = announced(facts)
    if announcement is None:
        return hand_over.decide(request, facts)
    named = _named(request.fields, facts)
    about = f"Is the wrong person to ask about “{announcement.subject}”"
    note = passed_on(facts, announcement, f"{about}; names {named}" if named else f"{about} and names nobody else")
    who = announcer(facts, announcement) or facts.manager
    told = Outcome("announcement.wrong_person", {"subject": announcement.subject, "manager": who.name}) if who else None
    said = told or Outcome("announcement.wrong_person_team", {"subject": announcement.subject})
    return Decision((recorded(announcement, facts, said=Said.WRONG_PERSON), note), (said,), "wrong_person")


def gone(request: Request, facts: Facts) -> Decision:
    """Says of himself that he has left: whoever manages the contacts closes him, not a mail from his own mailbox."""
    who = facts.contact
    named = _named(request.fields, facts)
    successor = f"; names {named}" if named else ""
    note = HandOver(Intent.OTHER, f"Says that he has left the company himself{_in_words(facts)}{successor}"[:1000])
    told = Outcome("people.to_manager", {"manager": facts.manager.name}) if facts.manager else Outcome("people.to_team")
    announcement = announced(facts)
    counted = (recorded(announcement, facts, said=Said.LEFT),) if announcement and who else ()
    return Decision((*counted, note), (told,), "left")


def by_machine(said: Absence, facts: Facts) -> Decision | None:
    """An automatic reply of a contact: away for a time, or for good. A machine's word closes nobody: it is a task."""
    contact, announcement = facts.contact, facts.announcement
    if contact is None:
        return None
    word = Said.LEFT if said.for_good else Said.AWAY
    counted = (recorded(announcement, facts, said=word),) if announcement else ()
    if said.for_good:
        instead = f"; it names {said.instead}" if said.instead else ""
        summary = f"An automatic reply says that somebody no longer works there{_in_words(facts)}{instead}"
        commands: tuple[Command, ...] = (*counted, HandOver(Intent.OTHER, summary[:1000]))
        return Decision(commands, (), "left_says_machine")
    away = f"away_until_{said.until.isoformat()}" if said.until else "away"
    return Decision((*counted, NoteAbsence(contact.id, said.until, said.instead)), (), away)


def _in_words(facts: Facts) -> str:
    return f": {facts.contact.name} <{facts.contact.email}>" if facts.contact else ""


def _named(fields: object, facts: Facts) -> str:
    """Name and address of whoever is named, and whether we know him."""
    if not isinstance(fields, PersonFields):
        return ""
    address = normalised(fields.email or "")
    known = next((c for c in facts.colleagues if address and c.email.lower() == address), None)
    said = " ".join(part for part in (fields.name or "", f"<{address}>" if address else "") if part)
    return f"{said} (a contact of the partner's)" if known else said
