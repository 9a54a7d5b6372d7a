"""Whose deal it is from the start: sourced by the partner, or influenced where the vendor shared the lead."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.intents import hand_over
from bot.intents.customer import same_customer
from bot.intents.own_deals import by_customer, by_number
from bot.vocabulary.decisions import Decision, HandOver
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent, Request
from crm.records import Attribution, Lead, LeadSource, LeadState, Registration

# "We only influenced this one", as those say who tell it of themselves.
_INFLUENCED = re.compile(
    r"\b(?:influenced|beeinflusst|influencée?s?|be[iï]nvloed|influid[oa]s?|influimos)\b", re.IGNORECASE
)
# Whose a deal is, in the words of programs: no stage and no state of it.
_ASKED = re.compile(
    r"\b(?:attribut\w+|attribu(?:er|ée?s?)|sourced|influenced|zuordnung\w*|zuzuordnen|zugeordnet|toewijzing|"
    r"toegewezen|toegeschreven|atribu\w+)\b",
    re.IGNORECASE,
)
_WORDS = 400


def attributed(registration: Registration, facts: Facts) -> Registration:
    """The registration with the shared lead that it comes from, if it comes from one; its customer decides that."""
    linked = next((lead for lead in facts.leads if lead.number == registration.lead_number), None)
    if registration.lead_number and (linked is None or _is_for(linked, registration)):
        return replace(registration, attribution=Attribution.INFLUENCED)
    shared = (x for x in facts.leads if x.source is LeadSource.VENDOR and x.state is LeadState.ACCEPTED)
    lead = next((x for x in shared if _is_for(x, registration)), None)
    if lead is not None:
        return replace(registration, lead_number=lead.number, attribution=Attribution.INFLUENCED)
    return replace(registration, lead_number="", attribution=Attribution.SOURCED)


def note_of_influence(registration: Registration, facts: Facts) -> tuple[HandOver, ...]:
    """What the partner says of its own part is for the manager, who alone changes an attribution."""
    if registration.attribution is Attribution.INFLUENCED or not _INFLUENCED.search(facts.words):
        return ()
    said = f"About {registration.number} ({registration.customer}): it may say that it only influenced this deal"
    summary = f"{said}; it stands as sourced until a manager changes that"
    return (HandOver(Intent.REGISTER_DEAL, summary, registration.number),)


def passed_on(request: Request, facts: Facts) -> Decision | None:
    """What a partner wants changed or told of whose deal it is goes to the manager; None where it wants no such thing.

    In words that a manager may order it with, it does nothing all the same.
    """
    start, end = request.span
    said = facts.words[start:end] if end else facts.words
    if not _ASKED.search(said):
        return None
    number = _number(request, facts)
    summary = f"On the attribution of {number or 'a deal'}, in the partner's words: {' '.join(said.split())[:_WORDS]}"
    note = HandOver(request.intent, summary, number)
    told = hand_over.attribution_passed(facts)
    return Decision((note,), (told,), "handed_over", (number,) if number else ())


def _number(request: Request, facts: Facts) -> str:
    """The own deal that is named, "" where none is."""
    reference, customer = (str(getattr(request.fields, name, "") or "") for name in ("deal_ref", "customer"))
    found = by_number(facts, reference) if reference else next(iter(by_customer(facts, customer)), None)
    return found.number if found else ""


def _is_for(lead: Lead, registration: Registration) -> bool:
    return same_customer(registration.customer, registration.customer_domain, lead.customer, lead.customer_domain)
