"""The customer's own choice of partner, handed in in writing: kept with the registration, and a manager weighs it."""

from __future__ import annotations

from dataclasses import fields, replace

from bot.intents import hand_over, register_deal, rights
from bot.intents.draft import check, merge, missing
from bot.intents.naming import names, newest_first, registrations_meant
from bot.intents.which_deal import named
from bot.vocabulary.decisions import Command, Decision, HandOver, Outcome, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Intent, Request
from crm.records import ContactRight, ReasonCode, Registration, RegistrationState

_WORDS = 2_000
_KEPT = 8_000  # characters of all that was handed in for one registration
_BLOCKED = (ReasonCode.CUSTOMER_IN_PROGRESS, ReasonCode.ALREADY_PROTECTED)
_OPEN = (*(s for s in RegistrationState if s.waiting), RegistrationState.APPROVED)


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    known = _meant(request, facts)
    if known is not None and _was_blocked(known) and facts.fresh_numbers:
        return _once_more(known, request, facts)
    if known is not None and not _is_news_of_a_draft(request, known):
        return _kept(known, request, facts)
    if not isinstance(request.fields, DealFields):
        return hand_over.decide(request, facts)
    return _with_evidence(register_deal.decide(request, facts), request, facts)


def _kept(registration: Registration, request: Request, facts: Facts) -> Decision:
    known = replace(registration, evidence=_added(registration.evidence, request, facts))
    values = {"deal": named(known.number, known.customer)}
    key = "evidence.kept_declined" if known.state is RegistrationState.DECLINED else "evidence.kept"
    commands = (SaveRegistration(known), _note(known, request, facts))
    return Decision(
        commands, (Outcome(key, values), hand_over.evidence_passed(facts)), "evidence_kept", (known.number,)
    )


def _once_more(refused: Registration, request: Request, facts: Facts) -> Decision:
    """What the rules refused for somebody else's claim is registered anew with the choice, for a manager to decide.

    What is refused stays refused; the new one has a time of its own.
    """
    if isinstance(request.fields, DealFields) and _says_all(request.fields, facts):
        return _with_evidence(register_deal.decide(request, facts), request, facts)
    new = replace(register_deal.blank(facts), **{f.name: getattr(refused, f.name) for f in fields(DealFields)})
    new = replace(new, customer_country=refused.customer_country)
    checked = check(request.fields, facts) if isinstance(request.fields, DealFields) else check(DealFields(), facts)
    return _with_evidence(register_deal.opened(new, checked, replace(request, ask=False), facts), request, facts)


def _says_all(deal: DealFields, facts: Facts) -> bool:
    return not missing(merge(register_deal.blank(facts), check(deal, facts)), facts.program)


def _was_blocked(registration: Registration) -> bool:
    return registration.state is RegistrationState.DECLINED and registration.code in _BLOCKED


def _with_evidence(decision: Decision, request: Request, facts: Facts) -> Decision:
    """A registration that comes with the choice, or details of a draft that do."""
    commands: list[Command] = []
    for command in decision.commands:
        if isinstance(command, SaveRegistration) and command.registration.state is not RegistrationState.WITHDRAWN:
            saved = command.registration
            saved = replace(saved, evidence=_added(saved.evidence, request, facts))
            commands += [SaveRegistration(saved), _note(saved, request, facts)]
        else:
            commands.append(command)
    if len(commands) == len(decision.commands):
        commands.append(_note_alone(decision, facts))
    return replace(decision, commands=tuple(commands), outcomes=(*decision.outcomes, hand_over.evidence_passed(facts)))


def _meant(request: Request, facts: Facts) -> Registration | None:
    """The named one, else that of the thread: an open one before a refused one, and the newest before others."""
    meant = registrations_meant(request, facts)
    candidates = meant.registrations if meant.pointed_at else ()
    if isinstance(request.fields, DealFields):
        checked = check(request.fields, facts)
        if checked.said.get("customer") or checked.domain:
            candidates = newest_first(r for r in facts.registrations if names(checked, r))
    ordered = [r for r in candidates if r.state in _OPEN]
    refused = [r for r in candidates if r.state is RegistrationState.DECLINED]
    return next(iter((*ordered, *refused)), None)


def _is_news_of_a_draft(request: Request, registration: Registration) -> bool:
    return registration.state is RegistrationState.DRAFT and isinstance(request.fields, DealFields)


def _added(evidence: str, request: Request, facts: Facts) -> str:
    """What stood there before, the words that say it, what was forwarded with them, and the names of the files."""
    files = ", ".join(file.name for file in facts.attachments if not file.refused)
    parts = (
        " ".join((facts.words or request.said).split())[:_WORDS],
        f"Forwarded: {' '.join(facts.forwarded.split())[:_WORDS]}" if facts.forwarded.strip() else "",
        f"[files: {files}]" if files else "",
    )
    said = " ".join(part for part in parts if part)
    return "\n".join(part for part in (evidence, said) if part)[-_KEPT:]


def _note(registration: Registration, request: Request, facts: Facts) -> HandOver:
    said = " ".join((facts.words or request.said).split())[:400]
    state = registration.state.value.replace("_", " ")
    summary = f"The customer chose this partner in writing: {registration.number} ({registration.customer}, {state})"
    return HandOver(
        Intent.REGISTER_DEAL, f"{summary}. In the partner's words: {said}" if said else summary, registration.number
    )


def _note_alone(decision: Decision, facts: Facts) -> HandOver:
    """Where no registration can hold it, the manager has it all the same."""
    said = " ".join(facts.words.split())[:400]
    summary = f"The customer chose this partner in writing. In the partner's words: {said}"
    return HandOver(Intent.REGISTER_DEAL, summary, next(iter(decision.deal_numbers), ""))
