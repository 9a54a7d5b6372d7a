"""The leads that a partner referred, holds or is offered: which one is meant, and how each is told of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.intents.customer import may_mean, same_customer
from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from crm.money import Money
from crm.records import ContactRight, Lead, LeadSource, LeadState

_NUMBER = re.compile(r"(?<![\w-])L\s?[-–—_]?\s?([0-9]{8})(?![0-9])", re.IGNORECASE)

_SAID = re.compile(r"\b(?:leads?|contacts? commercia(?:l|ux)|prospects?)\b", re.IGNORECASE)


def number_in(said: str) -> str:
    """The number of a lead in what was said ("we take l 12345678"), as it is written; "" for none."""
    found = _NUMBER.search(said)
    return f"L-{found.group(1)}" if found else ""


def by_number(facts: Facts, number: str) -> Lead | None:
    return next((lead for lead in facts.leads if lead.number == number), None)


def of_thread(facts: Facts) -> Lead | None:
    """The lead that the thread is about, if it is about one."""
    return by_number(facts, facts.thread.subject_ref)


def offered(facts: Facts) -> tuple[Lead, ...]:
    """Those of the vendor that the partner may accept now."""
    return tuple(x for x in facts.leads if x.source is LeadSource.VENDOR and x.state is LeadState.OFFERED)


def which_offered(facts: Facts) -> Decision | None:
    """What to ask of who speaks of a lead and names none; None where none is offered, or the thread has its own."""
    if facts.thread.question is not None or not _SAID.search(facts.words):
        return None
    open_ones = offered(facts) if facts.may(ContactRight.REGISTER) else ()
    if len(open_ones) > 1:
        which = Outcome("lead.which", {"leads": lines_of(open_ones)}, figures=True)
        return Decision((), (which,), "lead_asked_about")
    return shall_we_assign(open_ones[0]) if open_ones else None


def shall_we_assign(lead: Lead) -> Decision:
    """Ask whether it is to be taken, where that was not said for sure."""
    waits = AwaitFields(lead.number, (Question.LEAD,))
    shall_we = Outcome("lead.shall_we_assign", {"number": lead.number, "customer": called(lead)}, figures=True)
    return Decision((waits,), (shall_we,), "confirmation_asked")


def of_customer(facts: Facts, customer: str, domain: str) -> Lead | None:
    """The lead for this customer that still stands: referred by the partner or held by it, and not given up."""
    given_up = (LeadState.REJECTED, LeadState.UNPLACED, LeadState.OFFERED)
    standing = (lead for lead in facts.leads if lead.state not in given_up)
    return next((x for x in standing if same_customer(customer, domain, x.customer, x.customer_domain)), None)


def lead_status(facts: Facts, said: str = "") -> Decision | None:
    """What became of the leads that are meant by a customer's name, a number, or the thread; None where none is."""
    found = _meant(facts, said) if said else (of_thread(facts),)
    leads = tuple(lead for lead in found if lead is not None)
    if not leads:
        return None
    numbers = tuple(lead.deal_number for lead in leads if lead.deal_number)
    return Decision((), tuple(fate(lead) for lead in leads), "lead_status_told", numbers)


def with_referred(deals: Decision, facts: Facts, said: str) -> Decision:
    """What is told of the deals with a customer, and what became of the leads that the partner referred for it."""
    leads = [lead for lead in _meant(facts, said) if lead is not None and lead.source is LeadSource.PARTNER]
    return replace(deals, outcomes=(*deals.outcomes, *map(fate, leads)))


def fate(lead: Lead) -> Outcome:
    """Where a lead stands, as an answer and as news alike."""
    values: dict[str, Value] = {"number": lead.number, "customer": called(lead)}
    key = lead.state.value
    if lead.state is LeadState.CONVERTED and lead.deal_number:
        key, values["deal"] = "converted_into", lead.deal_number
    if lead.state is LeadState.REJECTED and lead.reason:
        key, values["reason"] = "rejected_because", lead.reason
    return Outcome(f"lead_fate.{key}", values, figures=True)


def called(lead: Lead) -> str:
    return lead.customer or lead.customer_domain or lead.number


def described(lead: Lead) -> tuple[Value, ...]:
    """What a partner reads before it accepts: the matter and its size, and nobody's name or address."""
    money = Money(lead.amount, lead.currency) if lead.amount and lead.currency else None
    lines: tuple[tuple[str, Value | None], ...] = (
        ("field.products", lead.products or None),
        ("lead.region", lead.region or None),
        ("field.quantity", lead.quantity),
        ("field.amount", money),
    )
    return _lines(lines)


def contact_lines(lead: Lead) -> tuple[Value, ...]:
    """Whom to talk to at the customer; for the partner that has accepted."""
    names = ("customer_domain", "contact_name", "contact_email", "contact_phone")
    return _lines((f"field.{name}", getattr(lead, name) or None) for name in names)


def lines_of(leads: Iterable[Lead]) -> tuple[Value, ...]:
    """One line for each, to choose from."""
    return tuple(text("lead.line", number=lead.number, customer=called(lead)) for lead in leads)


def _lines(known: Iterable[tuple[str, Value | None]]) -> tuple[Value, ...]:
    return tuple(text("line.field", label=text(label), value=value) for label, value in known if value is not None)


def _meant(facts: Facts, said: str) -> tuple[Lead | None, ...]:
    if number := number_in(said):
        return (by_number(facts, number),)
    named = (lead for lead in facts.leads if may_mean(said, lead.customer, lead.customer_domain))
    return tuple(sorted(named, key=lambda lead: not lead.state.open))
