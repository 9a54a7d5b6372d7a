"""A lead that the partner refers for the vendor to pursue: kept at once; what it lacks is asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from bot.intents import hand_over, rights
from bot.intents.completion import own_duplicate, point_to
from bot.intents.customer import same_customer
from bot.intents.draft import Checked, check
from bot.intents.leads import by_number, called, fate, of_customer, which_offered
from bot.intents.phrases import in_words
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, SaveLead
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import DealFields, Intent, Request
from crm.records import Attribution, ContactRight, Lead, LeadSource, LeadState, Registration, RegistrationState

_REACH = ("contact_name", "contact_email", "contact_phone", "customer_domain")
_ASKED_FOR = ("contact_name", "contact_email", "contact_phone")
_OF_LEAD = frozenset(field.name for field in fields(Lead))
_LEAD = TypeAdapter(Lead)
_NOTES = 2_000  # characters


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    checked = check(cast("DealFields", request.fields), facts)
    if (awaited := _awaited(facts)) is not None and _is_about(awaited, checked):
        return _continued(awaited, checked, request, facts)
    if not facts.fresh_leads or _is_own_company(checked, facts):
        return hand_over.decide(request, facts)
    if not (checked.said or checked.domain) and (asked := which_offered(facts)):
        return asked
    return _opened(_with(_blank(facts), checked), checked, facts, unsure=request.ask)


def _is_own_company(checked: Checked, facts: Facts) -> bool:
    """Whether the partner names itself: news of its own people that was taken for a lead."""
    said = str(checked.said.get("customer", ""))
    return any(same_customer(said, checked.domain, facts.partner.name, own) for own in facts.partner.domains)


def more(request: Request, facts: Facts) -> Decision | None:
    """What is said of the lead that the thread is about; None where it is about none."""
    awaited = _awaited(facts)
    if awaited is None or not isinstance(request.fields, DealFields):
        return None
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    checked = check(request.fields, facts)
    return _continued(awaited, checked, request, facts) if _is_about(awaited, checked) else None


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether this is to be a lead at all; None where the thread did not ask that."""
    lead = _proposed(facts)
    if lead is None:
        return None
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    if not yes:
        return Decision((AwaitFields(lead.number, ()),), (Outcome("lead.not_taken"),), "lead_called_off")
    return _opened(lead, Checked({}, ()), facts, unsure=False)


def _opened(lead: Lead, checked: Checked, facts: Facts, *, unsure: bool) -> Decision:
    if not (lead.customer or lead.customer_domain):
        waits = AwaitFields(lead.number, ("customer", *_ASKED_FOR), _dumped(lead))
        return Decision((waits,), (Outcome("lead.which_customer"),), "lead_asked_about")
    if known := of_customer(facts, lead.customer, lead.customer_domain):
        return _known(known, checked)
    if twin := own_duplicate(_as_registration(lead), facts):
        return Decision((), (point_to(twin),), "own_duplicate", (twin.number,))
    if unsure:
        waits = AwaitFields(lead.number, (Question.LEAD,), _dumped(lead))
        return Decision((waits,), (Outcome("lead.shall_we_refer", {"customer": called(lead)}),), "confirmation_asked")
    told = [Outcome("lead.received", {"customer": called(lead), "number": lead.number})]
    if not _reachable(lead):
        told.append(Outcome("lead.whom_to_reach", {"customer": called(lead)}))
    asked = () if _reachable(lead) else _ASKED_FOR
    commands = (*_saved(lead, "Refers a lead"), *_waiting(lead, asked, facts))
    return Decision(commands, tuple(told), "lead_referred")


def _continued(lead: Lead, checked: Checked, request: Request, facts: Facts) -> Decision:
    """Asked once: what is still missing then is no reason to ask again."""
    full = _with(lead, checked)
    if by_number(facts, lead.number) is None:
        if not (full.customer or full.customer_domain):
            passed_on = hand_over.decide(request, facts)
            return replace(passed_on, commands=(*passed_on.commands, AwaitFields(lead.number, ())))
        return _opened(full, checked, facts, unsure=False)
    done = AwaitFields(lead.number, ())
    if full == lead:
        passed_on = hand_over.decide(request, facts)
        return replace(passed_on, commands=(*passed_on.commands, done))
    outcome = Outcome("lead.added", {"number": lead.number, "customer": called(full)})
    return Decision((*_saved(full, "More on a lead"), done), (outcome,), "lead_completed")


def _known(known: Lead, checked: Checked) -> Decision:
    """The same customer again: there is one lead, which keeps what it says and gains what it lacked."""
    lacking = {n: v for n, v in checked.said.items() if n in _OF_LEAD and not getattr(known, n)}
    ours = known.source is LeadSource.PARTNER
    exists = (*((Outcome("lead.exists", {"customer": called(known)}),) if ours else ()), fate(known))
    numbers = (known.deal_number,) if known.deal_number else ()
    if not (lacking and ours and known.state.open):
        return Decision((), exists, "own_lead", numbers)
    gained = replace(known, **lacking)
    added = Outcome("lead.added", {"number": gained.number, "customer": called(gained)})
    return Decision(_saved(gained, "More on a lead"), (*exists, added), "own_lead", numbers)


def _waiting(lead: Lead, asked: tuple[str, ...], facts: Facts) -> tuple[AwaitFields, ...]:
    """The thread is about the lead now, unless it waits for something else and the lead asks for nothing."""
    elsewhere = bool(facts.thread.asked) and facts.thread.subject_ref not in ("", lead.number)
    return () if elsewhere and not asked else (AwaitFields(lead.number, asked),)


def _saved(lead: Lead, why: str) -> tuple[Command, ...]:
    """The lead for the CRM, and for the partner's manager what it says."""
    said = {n: getattr(lead, n) for n in ("customer", *_REACH, "products", "amount", "currency", "quantity", "notes")}
    summary = f"{why}, {lead.number}: {in_words({n: v for n, v in said.items() if v})}"
    return (SaveLead(lead), HandOver(Intent.REFER_LEAD, summary[:1000]))


def _blank(facts: Facts) -> Lead:
    return Lead(
        number=facts.fresh_leads[0],
        source=LeadSource.PARTNER,
        state=LeadState.NEW,
        partner_id=facts.partner.id,
        contact_id=facts.contact.id if facts.contact else None,
        region=facts.partner.region,
        attribution=Attribution.SOURCED,
        created_at=facts.came_at,
    )


def _with(lead: Lead, checked: Checked) -> Lead:
    """The lead with what is said: what a lead has no field for becomes a note, and a sum without currency as well."""
    said: dict[str, Any] = dict(checked.said)
    if "amount" in said and not (said.get("currency") or lead.currency):
        said["value"] = said.pop("amount")
    if checked.likely_domain and not (lead.customer_domain or "customer_domain" in said):
        said["customer_domain"] = checked.likely_domain
    beside = in_words({name: value for name, value in said.items() if name not in _OF_LEAD})
    known = {name: value for name, value in said.items() if name in _OF_LEAD}
    return replace(lead, **known, notes="; ".join(_once((lead.notes, beside)))[:_NOTES])


def _once(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for note in notes if note))


def _reachable(lead: Lead) -> bool:
    return any(getattr(lead, name) for name in _REACH)


def _awaited(facts: Facts) -> Lead | None:
    """The lead that details in this thread belong to: an open one on file, or one that had no customer yet."""
    if facts.thread.question is not None:
        return None
    known = by_number(facts, facts.thread.subject_ref)
    if known is not None and known.source is LeadSource.PARTNER and known.state.open:
        return known
    return _proposed(facts) if facts.thread.asked else None


def _is_about(lead: Lead, checked: Checked) -> bool:
    """Whether what is said may belong to it: another customer is another lead."""
    said = str(checked.said.get("customer", ""))
    if not said or not (lead.customer or lead.customer_domain):
        return True
    return same_customer(said, checked.domain, lead.customer, lead.customer_domain) or not lead.customer


def _proposed(facts: Facts) -> Lead | None:
    try:
        lead = _LEAD.validate_json(facts.thread.proposal)
    except ValidationError:
        return None
    mine = lead.source is LeadSource.PARTNER and lead.partner_id == facts.partner.id
    return lead if mine and lead.number == facts.thread.subject_ref else None


def _dumped(lead: Lead) -> str:
    return _LEAD.dump_json(lead).decode()


def _as_registration(lead: Lead) -> Registration:
    """The lead as own deals and registrations are compared with."""
    return Registration(
        number=lead.number,
        partner_id=lead.partner_id,
        contact_id=lead.contact_id,
        state=RegistrationState.DRAFT,
        customer=lead.customer,
        customer_domain=lead.customer_domain,
        products=lead.products,
    )
