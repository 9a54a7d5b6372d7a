"""What a partner says of a registration that is no draft any more: an answer to the manager, or a note for him."""

from __future__ import annotations

from dataclasses import replace

from bot.intents import hand_over, phrases, priority
from bot.intents.completion import note_for_manager, settled
from bot.intents.draft import Checked, merge, missing
from bot.intents.duplicates import own_duplicate, point_to
from bot.intents.naming import names
from bot.intents.which_deal import named
from bot.vocabulary.decisions import AwaitFields, Command, Decision, Outcome, SaveRegistration, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent
from crm.records import Registration, RegistrationState
from knowledge.business_days import decide_by

_LOCKED = ("customer", "customer_domain")  # what was registered for one customer is not moved to another
_WORDS = 1_000
_REVIEWED = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)


def asked_back(facts: Facts) -> Registration | None:
    """The registration of this thread to which a manager waits for an answer."""
    found = of_thread(facts)
    return found if found is not None and found.state is RegistrationState.NEEDS_INFO else None


def of_thread(facts: Facts) -> Registration | None:
    """The registration of this thread, if it is under review."""
    number = facts.thread.subject_ref
    return next((r for r in facts.registrations if r.number == number and r.state in _REVIEWED), None)


def meant(checked: Checked, facts: Facts) -> Registration | None:
    """The registration under review that the message is about: the named one, else that of the thread."""
    here = of_thread(facts)
    if here is not None and (not (checked.said.get("customer") or checked.domain) or names(checked, here)):
        return here
    named = [r for r in facts.registrations if r.state in _REVIEWED and names(checked, r)]
    return named[0] if len(named) == 1 else None


def decide(registration: Registration, checked: Checked, intent: Intent, facts: Facts) -> Decision:
    """To a manager's question everything is an answer; else the fields under review are locked."""
    if registration.state is RegistrationState.NEEDS_INFO:
        return _answered(registration, checked, facts)
    notes = note_for_manager(registration, checked.said, intent)
    if not notes:
        return Decision((), (point_to(registration),), "own_duplicate", (registration.number,))
    locked = Outcome("register.locked", {"deal": named(registration.number, registration.customer)})
    return Decision(notes, (locked, hand_over.change_noted(facts)), "change_noted", (registration.number,))


def _answered(registration: Registration, checked: Checked, facts: Facts) -> Decision:
    """With the manager again, at the place among rivals that it had unless products are added to it; the time for the
    decision runs anew.
    """
    merged = _merged(registration, checked, facts)
    since = priority.after_answer(registration, merged, facts)
    kept = replace(merged, notes=_with_answer(registration, facts), priority_at=since)
    wrong = tuple(p for p in checked.problems if p in missing(kept, facts.program))
    if lacking := missing(kept, facts.program):
        outcomes = tuple(Outcome(f"problem.{name}", phrases.choices(facts.program)) for name in wrong)
        asked = Outcome("register.missing", {"missing": phrases.field_names(lacking)})
        waiting = (SaveRegistration(kept), AwaitFields(kept.number, lacking))
        return Decision(waiting, (*outcomes, *_anew(registration, kept), asked), "fields_asked", (kept.number,))
    until = decide_by(facts.now, facts.program.deal_rules, facts.program.vendor)
    sent = replace(
        kept, state=RegistrationState.SUBMITTED, submitted_at=facts.now, decide_by=until, question="", asked_at=None
    )
    changed = phrases.changes(registration, sent)
    outcomes = (
        *(_anew(registration, sent) or (Outcome("register.answered", {"deal": named(sent.number, sent.customer)}),)),
        Outcome("register.decision_again", {"decide_by": until}, figures=True),
        *((Outcome("register.changed", {"changes": changed}, figures=True),) if changed else ()),
    )
    commands: tuple[Command, ...] = (SaveRegistration(sent), *settled(sent.number, facts))
    return Decision(commands, outcomes, "question_answered", (sent.number,))


def _anew(before: Registration, after: Registration) -> tuple[Outcome, ...]:
    """That another time counts from now on, where it does."""
    if after.priority_at is None or after.priority_at == before.priority_at:
        return ()
    values: dict[str, Value] = {"deal": named(after.number, after.customer), "since": after.priority_at}
    return (Outcome("register.answered_anew", values, figures=True),)


def _merged(registration: Registration, checked: Checked, facts: Facts) -> Registration:
    """With what the answer says of the deal, unless that would make it another one; the words are kept either way."""
    said = {n: v for n, v in checked.said.items() if n not in _LOCKED or not getattr(registration, n)}
    merged = merge(registration, replace(checked, said=said))
    return registration if own_duplicate(merged, facts) is not None else merged


def _with_answer(registration: Registration, facts: Facts) -> str:
    words = " ".join(facts.words.split())[:_WORDS]
    files = ", ".join(file.name for file in facts.attachments if not file.refused)
    said = " ".join(part for part in (words, f"[files: {files}]" if files else "") if part) or "(no words)"
    question = " ".join(registration.question.split())[:_WORDS]
    line = f"Answer to the question “{question}”: {said}" if question else f"Answer: {said}"
    return f"{registration.notes}\n{line}" if registration.notes else line
