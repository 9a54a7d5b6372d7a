"""Taking a lead of the vendor's or leaving it: by yes or no in its thread, or by its number anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.intents import hand_over, refer_lead, rights
from bot.intents.completion import own_duplicate, point_to, proceed
from bot.intents.customer import domain_of_address
from bot.intents.draft import not_customers
from bot.intents.leads import (
    by_number,
    called,
    contact_lines,
    lines_of,
    number_in,
    of_thread,
    offered,
    shall_we_assign,
)
from bot.vocabulary.decisions import AwaitFields, Command, Decision, DeclineLead, Outcome, SaveLead
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request
from crm.records import Attribution, ContactRight, Lead, LeadState, Registration, RegistrationState


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question that is open in the thread: whether to take this lead, or whether to refer one at all."""
    if (referred := refer_lead.answered(yes, facts)) is not None:
        return referred
    lead = of_thread(facts)
    if lead is None or lead.state is not LeadState.OFFERED:
        return _not_open(lead, facts.thread.subject_ref)
    return _taken(lead, facts) if yes else _left(lead, facts)


def accept(request: Request, facts: Facts) -> Decision:
    return _by_word(request, facts, yes=True)


def decline(request: Request, facts: Facts) -> Decision:
    return _by_word(request, facts, yes=False)


def _by_word(request: Request, facts: Facts, *, yes: bool) -> Decision:
    """The lead that is named, else that of the thread, else the only one that is offered."""
    number = _named(request)
    if number:
        lead = by_number(facts, number)
    else:
        here, open_ones = of_thread(facts), offered(facts)
        if here is None and len(open_ones) > 1:
            which = Outcome("lead.which", {"leads": lines_of(open_ones)}, figures=True)
            return Decision((), (which,), "lead_asked_about")
        lead = here or next(iter(open_ones), None)
    if lead is None or lead.state is not LeadState.OFFERED:
        return _not_open(lead, number)
    if request.ask:
        return shall_we_assign(lead)
    return _taken(lead, facts) if yes else _left(lead, facts)


def _named(request: Request) -> str:
    said = (request.source, request.said, str(getattr(request.fields, "deal_ref", "") or ""))
    return next((number for number in map(number_in, said) if number), "")


def _taken(lead: Lead, facts: Facts) -> Decision:
    """The lead is the partner's, whoever it is to be talked to at the customer is told, and a draft stands for it."""
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    mine = replace(lead, state=LeadState.ACCEPTED, contact_id=facts.contact.id if facts.contact else None)
    told = _handed_out(mine)
    draft = _draft(mine, facts)
    if draft is None:
        passed_on = hand_over.change_noted(facts)
        return Decision((SaveLead(mine), AwaitFields(lead.number, ())), (*told, passed_on), "lead_accepted")
    if twin := own_duplicate(draft, facts):
        commands: tuple[Command, ...] = (SaveLead(mine), AwaitFields(twin.number, ()))
        return Decision(commands, (*told, point_to(twin)), "lead_accepted", (twin.number,))
    opened = proceed(draft, facts, confirm=False, opened=True)
    outcomes = (*told, *_registering(opened, draft))
    return Decision((SaveLead(mine), *opened.commands), outcomes, "lead_accepted", opened.deal_numbers)


def _registering(opened: Decision, draft: Registration) -> Iterator[Outcome]:
    """What the draft needs yet; what it holds already stands in the offer and in the lines above."""
    for outcome in opened.outcomes:
        if outcome.text.startswith("register.draft_opened"):
            yield Outcome("lead.registering", {"number": draft.number})
        elif outcome.text != "register.read_back":
            yield outcome


def _handed_out(lead: Lead) -> tuple[Outcome, ...]:
    told = [Outcome("lead.accepted", {"number": lead.number, "customer": called(lead)})]
    if lines := contact_lines(lead):
        told.append(Outcome("lead.contact", {"lines": lines}, figures=True))
    if lead.notes:
        told.append(Outcome("lead.notes", {"notes": lead.notes}, figures=True))
    return tuple(told)


def _draft(lead: Lead, facts: Facts) -> Registration | None:
    """A registration with all that the lead says. The vendor found the customer: the partner influences the deal."""
    if not facts.fresh_numbers:
        return None
    return Registration(
        number=facts.fresh_numbers[0],
        partner_id=facts.partner.id,
        contact_id=lead.contact_id,
        state=RegistrationState.DRAFT,
        customer=lead.customer,
        customer_domain=lead.customer_domain or domain_of_address(lead.contact_email, not_customers(facts)),
        customer_country=lead.country,
        contact_name=lead.contact_name,
        contact_email=lead.contact_email,
        contact_phone=lead.contact_phone,
        products=lead.products,
        amount=lead.amount if lead.currency else None,
        currency=lead.currency if lead.amount else "",
        quantity=lead.quantity,
        opened_at=facts.now,
        priority_at=facts.came_at,
        attribution=Attribution.INFLUENCED,
        lead_number=lead.number,
    )


def _left(lead: Lead, facts: Facts) -> Decision:
    """It goes to another partner for good, so whoever may not take it does not give it away either."""
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    outcome = Outcome("lead.declined", {"number": lead.number, "customer": called(lead)})
    return Decision((DeclineLead(lead.number), AwaitFields(lead.number, ())), (outcome,), "lead_declined")


def _not_open(lead: Lead | None, number: str) -> Decision:
    """The same words for a lead that went on to somebody else and for one that never was."""
    if lead is not None and lead.state is LeadState.ACCEPTED:
        held = Outcome("lead.yours", {"number": lead.number, "customer": called(lead)}, figures=True)
        return Decision((), (held,), "lead_held")
    gone = Outcome("lead.gone", {"number": number}) if number else Outcome("lead.none_open")
    return Decision((), (gone,), "lead_not_open")
