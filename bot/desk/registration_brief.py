"""The brief by which a manager decides a registration: who, what, when, who else, and what the rules suggest."""

from __future__ import annotations

from bot.desk.case import Case, priority
from bot.desk.verdict import Verdict, when
from bot.intents.leads import called
from bot.storage.approvals import round_of
from bot.vocabulary.briefs import Act, Brief, BriefKind
from crm.records import Attribution, Deal, Lead, Registration, RegistrationState
from knowledge.program import Manager

_ACTS = (Act.APPROVE, Act.REFUSE, Act.ASK)
_MOST = 10  # of a kind in one brief


def registration_brief(case: Case, verdict: Verdict, manager: Manager, accepted: tuple[str, ...] = ()) -> Brief:
    """Once for each round and manager; once more where another has to be decided first, or no longer has to, and where
    the customer's own choice was handed in since.
    """
    registration, first = case.registration, case.first_to_decide()
    parts = ["registration", registration.number, round_of(registration), manager.email.lower()]
    parts += [f"after {first.number}"] if first else []
    return Brief(
        key=":".join([*parts, "evidence"] if registration.evidence else parts),
        kind=BriefKind.REGISTRATION,
        subject=registration.number,
        manager=manager,
        title=f"Registration {registration.number}: {case.partner.name} for {registration.customer}",
        facts=facts_of(case, accepted),
        suggestion=verdict.act,
        why=verdict.why,
        acts=_ACTS,
        partner_id=case.partner.id,
    )


def facts_of(case: Case, accepted: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Everything to decide by, as labelled lines; what is not known is left out."""
    registration, partner = case.registration, case.partner
    lines = [
        ("Partner", ", ".join(part for part in (partner.name, partner.tier, partner.region) if part)),
        ("Customer", _with(registration.customer, registration.customer_domain, registration.customer_country)),
        ("Contact", _with(registration.contact_name, registration.contact_email)),
        ("Products", ", ".join(registration.products)),
        ("Value", _value(registration)),
        ("Close date", str(registration.close_date or "")),
        ("Priority time", when(since, case.program) if (since := priority(registration)) else ""),
        ("Decide by", str(registration.decide_by or "")),
        ("Competitor", registration.competitor),
        ("Customer's choice", registration.evidence),
        ("Attribution", _attribution(registration)),
        ("Notes", registration.notes),
        ("Accepted so far", ", ".join(accepted)),
        *_others(case),
    ]
    return tuple((label, said) for label, said in lines if said)


def _others(case: Case) -> list[tuple[str, str]]:
    lines = [("Older open deal", _deal(case, deal)) for deal in case.older_deals()[:_MOST]]
    lines += [("Open deal", _deal(case, deal)) for deal in case.unprotected_deals()[:_MOST]]
    lines += [
        ("Protected", f"{r.number} of {case.whose(r)} until {r.protected_until}") for r in case.protections[:_MOST]
    ]
    complete_first = sorted(case.rivals, key=lambda r: (r.state is not RegistrationState.SUBMITTED, r.number))
    lines += [("Rival", _rival(case, rival)) for rival in complete_first[:_MOST]]
    lines += [
        ("Looks like", f"{record.number}, {record.customer}, of {case.whose(record)}") for record in case.alike[:_MOST]
    ]
    lines += [("Shared lead", _lead(case, lead)) for lead in case.leads[:_MOST]]
    return lines


def _lead(case: Case, lead: Lead) -> str:
    whose = f", {case.whose(lead)}" if lead.partner_id else ""
    return f"{lead.number}, {called(lead)}, {lead.state.value}{whose}"


def _attribution(registration: Registration) -> str:
    """Told where it is not the partner's own find, as it mostly is."""
    if registration.attribution is Attribution.SOURCED:
        return ""
    of_lead = f", from lead {registration.lead_number}" if registration.lead_number else ""
    return f"{registration.attribution.value}{of_lead}"


def _rival(case: Case, rival: Registration) -> str:
    return f"{rival.number} of {case.whose(rival)}, {rival.state.value}, {when(priority(rival), case.program)}"


def _deal(case: Case, deal: Deal) -> str:
    return f"{deal.number} of {case.whose(deal)}, {deal.stage.value}, since {deal.created_on}"


def _value(registration: Registration) -> str:
    if registration.amount is None:
        return ""
    basis = f" {registration.amount_basis.value.replace('_', ' ')}" if registration.amount_basis else ""
    more = f", {registration.quantity} seats" if registration.quantity else ""
    term = f", {registration.term_months} months" if registration.term_months else ""
    return f"{registration.currency} {registration.amount:,.2f}{basis}{more}{term}"


def _with(name: str, *more: str) -> str:
    said = ", ".join(part for part in more if part)
    return f"{name} ({said})" if said and name else name or said
