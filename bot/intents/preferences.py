"""How the sender wants to be written to: said plainly it is kept at once, for himself and nobody else."""

from __future__ import annotations

from dataclasses import replace

from bot.intents import hand_over
from bot.vocabulary.announcing import Route
from bot.vocabulary.decisions import Decision, OptIn, Outcome, Prefer, SaveContact
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import PreferenceFields, Request


def route(request: Request, facts: Facts) -> Decision:
    """By mail, in Slack or both; a person sees to it where no contact stands for the sender."""
    said, contact = _said(request).route, facts.contact
    if contact is None or said is None:
        return hand_over.decide(request, facts)
    wanted = Route(said)
    return Decision(
        (Prefer(contact, route=wanted),), (Outcome(f"preference.{wanted.value}"),), f"prefers_{wanted.value}"
    )


def language(request: Request, facts: Facts) -> Decision:
    """From now on in this language, in the CRM as well."""
    said, contact = _said(request).language, facts.contact
    if contact is None or said is None:
        return hand_over.decide(request, facts)
    now = next((c for c in facts.colleagues if c.id == contact.id), contact)
    command = SaveContact(replace(now, language=said))
    return Decision((command,), (Outcome(f"preference.language_{said}"),), f"prefers_{said}")


def digest(request: Request, facts: Facts) -> Decision:
    """The monthly overview, or none."""
    wanted, contact = _said(request).digest, facts.contact
    if contact is None or wanted is None:
        return hand_over.decide(request, facts)
    word = "digest_yes" if wanted else "digest_no"
    return Decision((Prefer(contact, digest=wanted),), (Outcome(f"preference.{word}"),), word)


def rejoin(request: Request, facts: Facts) -> Decision:
    """Announcements again; who gets them already is told so."""
    if facts.contact is None:
        return hand_over.decide(request, facts)
    now = next((c for c in facts.colleagues if c.id == facts.contact.id), facts.contact)
    if not now.opted_out:
        return Decision((), (Outcome("unsubscribe.gets_them"),), "opted_in_already")
    return Decision((OptIn(now),), (Outcome("unsubscribe.back"),), "opted_in")


def _said(request: Request) -> PreferenceFields:
    return request.fields if isinstance(request.fields, PreferenceFields) else PreferenceFields()
