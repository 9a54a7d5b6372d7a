"""What follows once a registration holds what was said: submitted, asked for the rest, or found to be a duplicate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from bot.intents import hand_over, phrases, priority
from bot.intents.attribution import attributed
from bot.intents.draft import at_once, empty_filled, missing, paid_once, required
from bot.intents.duplicates import own_duplicate, point_to
from bot.intents.which_deal import named
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, SaveRegistration, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import DealFields, Intent
from crm.money import Money
from crm.records import Channel, Deal, Registration, RegistrationState
from knowledge.business_days import decide_by

__all__ = [
    "CONFIRMATION",
    "call_off",
    "note_for_manager",
    "own_duplicate",
    "point_to",
    "proceed",
    "settled",
]

CONFIRMATION = Question.REGISTER
_SAME = ("customer", "customer_domain")  # another spelling of what made the two the same deal is no news


def proceed(
    draft: Registration,
    facts: Facts,
    problems: Iterable[str] = (),
    *,
    confirm: bool,
    opened: bool,
    before: Registration | None = None,
) -> Decision:
    """Submit the draft when it is complete. `confirm` asks first; `opened` says that it is new in this message, and
    `before` how it stood until now, so that the answer can say what changed.
    """
    draft = priority.while_open(attributed(paid_once(draft, facts.program), facts), before, facts)
    twin = own_duplicate(draft, facts) if draft.customer or draft.customer_domain else None
    if twin is not None:
        return _drop(draft, twin, facts, tuple(problems), confirm=confirm)
    wrong = tuple(p for p in problems if p in required(facts.program))
    lacking = tuple(n for n in required(facts.program) if n in wrong or n in missing(draft, facts.program))
    changed = phrases.changes(before, draft) if before else ()
    if lacking:
        about = _about_draft(draft, before, confirm=confirm, opened=opened)
        return _ask_for(draft, facts, lacking, wrong, [about, *_changed(changed)], confirm=confirm)
    return _confirm(draft, changed) if confirm else _submit(draft, facts, changed)


def call_off(draft: Registration, facts: Facts) -> Decision:
    """The partner does not want the deal registered that we asked about."""
    ended = replace(draft, state=RegistrationState.WITHDRAWN, reason="called_off", decided_at=facts.now)
    commands = (SaveRegistration(ended), AwaitFields(draft.number, ()))
    return Decision(
        commands, (Outcome("register.called_off", {"number": draft.number}),), "called_off", (draft.number,)
    )


def note_for_manager(twin: Registration | Deal, said: dict[str, Any], intent: Intent) -> tuple[HandOver, ...]:
    """Fields under review are locked: what is new becomes a note for whoever decides."""
    new = {n: value for n, value in said.items() if n not in _SAME and value != _known(twin, n)}
    if not new:
        return ()
    summary = f"About {twin.number} ({twin.customer}), the partner now says: {phrases.in_words(new)}"
    return (HandOver(intent, summary, twin.number),)


def settled(number: str, facts: Facts) -> tuple[AwaitFields, ...]:
    """Nothing is awaited for this registration any more; a thread that waits for another one goes on doing so."""
    elsewhere = bool(facts.thread.asked) and facts.thread.subject_ref not in ("", number)
    return () if elsewhere else (AwaitFields(number, ()),)


def _known(twin: Registration | Deal, name: str) -> object:
    """What is on file for a field of a registration; a deal holds its value and currency as one."""
    if isinstance(twin, Deal) and name in ("amount", "currency"):
        return getattr(twin.amount, name) if isinstance(twin.amount, Money) else None
    return getattr(twin, name, None)


def _ask_for(
    draft: Registration,
    facts: Facts,
    lacking: tuple[str, ...],
    wrong: tuple[str, ...],
    beginning: list[Outcome],
    *,
    confirm: bool,
) -> Decision:
    """`confirm` says that a no is an answer as well; whoever gives the details has said yes."""
    asked = at_once(lacking, in_slack=facts.channel is Channel.SLACK)
    outcomes = [*beginning, *_read_back(draft)]
    outcomes += [Outcome(f"problem.{name}", phrases.choices(facts.program)) for name in wrong if name in asked]
    outcomes += [Outcome("register.missing", {"missing": phrases.field_names(asked)}), *_held(draft, facts)]
    return _decision(draft, outcomes, "fields_asked", (*asked, CONFIRMATION) if confirm else asked)


def _about_draft(draft: Registration, before: Registration | None, *, confirm: bool, opened: bool) -> Outcome:
    if draft == before and not (confirm or opened):
        return Outcome("register.draft_waits", {"deal": named(draft.number, draft.customer)})
    known = "_of" if draft.customer else ""
    act = "shall_we" if confirm else "draft_opened" if opened else "draft_kept"
    return Outcome(f"register.{act}{known}", {"number": draft.number, "customer": draft.customer})


def _changed(changed: tuple[Value, ...]) -> list[Outcome]:
    return [Outcome("register.changed", {"changes": changed}, figures=True)] if changed else []


def _read_back(draft: Registration) -> list[Outcome]:
    lines = phrases.read_back(draft)
    return [Outcome("register.read_back", {"fields": lines}, figures=True)] if lines else []


def _held(draft: Registration, facts: Facts) -> list[Outcome]:
    until = priority.held_until(draft, facts)
    if until is None or draft.priority_at is None:
        return []
    return [Outcome("register.held", {"until": until, "since": draft.priority_at}, figures=True)]


def _confirm(draft: Registration, changed: tuple[Value, ...]) -> Decision:
    outcomes = [
        Outcome("register.shall_we_of", {"number": draft.number, "customer": draft.customer}),
        *_changed(changed),
        *_read_back(draft),
        Outcome("register.say_yes"),
    ]
    return _decision(draft, outcomes, "confirmation_asked", (CONFIRMATION,))


def _submit(draft: Registration, facts: Facts, changed: tuple[Value, ...]) -> Decision:
    counts_from = priority.when_complete(draft, facts)
    until = decide_by(facts.now, facts.program.deal_rules, facts.program.vendor)
    sent = replace(
        draft,
        state=RegistrationState.SUBMITTED,
        submitted_at=facts.now,
        decide_by=until,
        priority_at=counts_from,
    )
    outcomes = (
        Outcome("register.received", {"number": sent.number, "customer": sent.customer, "products": sent.products}),
        Outcome("register.decision_by", {"decide_by": until}, figures=True),
        Outcome("register.counts_from", {"since": counts_from}, figures=True),
        *_changed(changed),
        *_read_back(sent),
    )
    commands: tuple[Command, ...] = (SaveRegistration(sent), *settled(sent.number, facts))
    return Decision(commands, outcomes, "registration_submitted", (sent.number,))


def _drop(
    draft: Registration, twin: Registration | Deal, facts: Facts, problems: tuple[str, ...], *, confirm: bool
) -> Decision:
    """A draft that turns out to be the same deal ends, so that one number stands for one deal, and what it holds goes
    to the other: into a draft, or to the manager where that one is under review already.
    """
    stored = any(r.number == draft.number for r in facts.registrations)
    ended = replace(draft, state=RegistrationState.WITHDRAWN, reason="own_duplicate", decided_at=facts.now)
    closing: tuple[Command, ...] = (SaveRegistration(ended),) if stored else ()
    if isinstance(twin, Registration) and twin.state is RegistrationState.DRAFT:
        others = tuple(r for r in facts.registrations if r.number != draft.number)
        apart = replace(facts, registrations=others)
        onward = proceed(empty_filled(twin, draft), apart, problems, confirm=confirm, opened=False, before=twin)
        return replace(onward, commands=(*closing, *onward.commands))
    held = {f.name: getattr(draft, f.name) for f in fields(DealFields)}
    notes = note_for_manager(twin, {n: v for n, v in held.items() if v}, Intent.REGISTER_DEAL)
    outcomes = (point_to(twin), *((hand_over.change_noted(facts),) if notes else ()))
    waiting = (AwaitFields(twin.number, ()),) if stored else ()
    return Decision((*closing, *notes, *waiting), outcomes, "own_duplicate", (twin.number,))


def _decision(draft: Registration, outcomes: list[Outcome], log: str, asked: tuple[str, ...]) -> Decision:
    commands = (SaveRegistration(draft), AwaitFields(draft.number, asked))
    return Decision(commands, tuple(outcomes), log, (draft.number,))
