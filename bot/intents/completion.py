"""What follows once a registration holds what was said: submitted, asked for the rest, or found to be a duplicate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.intents import phrases
from bot.intents.customer import same_customer
from bot.intents.draft import missing, required
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, SaveRegistration, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Intent
from crm.records import Channel, Deal, Registration, RegistrationState
from knowledge.business_days import decide_by

CONFIRMATION = Question.REGISTER
_AT_ONCE_IN_SLACK = 3
_SAME = ("customer", "customer_domain")  # another spelling of what made the two the same deal is no news


def proceed(
    draft: Registration, facts: Facts, problems: Iterable[str] = (), *, confirm: bool, opened: bool
) -> Decision:
    """Submit the draft when it is complete. `confirm` asks first; `opened` says that it is new in this message."""
    wrong = tuple(p for p in problems if p in required(facts.program))
    lacking = tuple(n for n in required(facts.program) if n in wrong or n in missing(draft, facts.program))
    if lacking:
        return _ask_for(draft, facts, lacking, wrong, confirm=confirm, opened=opened)
    twin = own_duplicate(draft, facts)
    if twin is not None:
        return _drop(draft, twin, facts)
    return _confirm(draft) if confirm else _submit(draft, facts)


def own_duplicate(wanted: Registration, facts: Facts) -> Registration | Deal | None:
    """The partner's other open registration or deal for the same customer and an overlapping product.

    Where no product is said, any product overlaps: pointing to the one that stands asks for it.
    """
    today = facts.now.date()
    deals = [d for d in facts.deals if d.stage.open and _alike(wanted, d)]
    closed = {d.number for d in facts.deals if not d.stage.open}
    registrations = [
        r
        for r in facts.registrations
        if r.number != wanted.number and r.number not in closed and _stands(r, today) and _alike(wanted, r)
    ]
    return next(iter(registrations), None) or next(iter(deals), None)


def call_off(draft: Registration, facts: Facts) -> Decision:
    """The partner does not want the deal registered that we asked about."""
    ended = replace(draft, state=RegistrationState.WITHDRAWN, reason="called_off", decided_at=facts.now)
    commands = (SaveRegistration(ended), AwaitFields(draft.number, ()))
    return Decision(
        commands, (Outcome("register.called_off", {"number": draft.number}),), "called_off", (draft.number,)
    )


def point_to(twin: Registration | Deal) -> Outcome:
    """The partner's own registration or deal, by its number and where it stands."""
    values: dict[str, Value] = {"customer": twin.customer, "number": twin.number}
    if isinstance(twin, Deal):
        return Outcome("register.deal_exists", values | {"stage": twin.stage}, figures=True)
    return Outcome("register.exists", values | {"state": twin.state}, figures=True)


def note_for_manager(twin: Registration | Deal, said: dict[str, object], intent: Intent) -> tuple[HandOver, ...]:
    """Fields under review are locked: what is new becomes a note for whoever decides."""
    new = {n: value for n, value in said.items() if n not in _SAME and value != getattr(twin, n, None)}
    if not new:
        return ()
    summary = f"About {twin.number} ({twin.customer}), the partner now says: {phrases.in_words(new)}"
    return (HandOver(intent, summary, twin.number),)


def _ask_for(
    draft: Registration, facts: Facts, lacking: tuple[str, ...], wrong: tuple[str, ...], *, confirm: bool, opened: bool
) -> Decision:
    asked = lacking[:_AT_ONCE_IN_SLACK] if facts.channel is Channel.SLACK else lacking
    lines = phrases.read_back(draft)
    outcomes = [_about_draft(draft, confirm=confirm, opened=opened)]
    if lines:
        outcomes.append(Outcome("register.read_back", {"fields": lines}, figures=True))
    outcomes += [Outcome(f"problem.{name}", _choices(facts)) for name in wrong if name in asked]
    outcomes.append(Outcome("register.missing", {"missing": phrases.field_names(asked)}))
    return _decision(draft, outcomes, "fields_asked", asked)


def _about_draft(draft: Registration, *, confirm: bool, opened: bool) -> Outcome:
    known = "_of" if draft.customer else ""
    act = "shall_we" if confirm else "draft_opened" if opened else "draft_kept"
    return Outcome(f"register.{act}{known}", {"number": draft.number, "customer": draft.customer})


def _choices(facts: Facts) -> dict[str, Value]:
    """What a value may be, where there is a list of it."""
    return {"currencies": facts.program.vendor.currencies, "products": tuple(p.name for p in facts.program.products)}


def _confirm(draft: Registration) -> Decision:
    outcomes = [
        Outcome("register.shall_we_of", {"number": draft.number, "customer": draft.customer}),
        Outcome("register.read_back", {"fields": phrases.read_back(draft)}, figures=True),
        Outcome("register.say_yes"),
    ]
    return _decision(draft, outcomes, "confirmation_asked", (CONFIRMATION,))


def _submit(draft: Registration, facts: Facts) -> Decision:
    until = decide_by(facts.now, facts.program.deal_rules, facts.program.vendor)
    sent = replace(draft, state=RegistrationState.SUBMITTED, submitted_at=facts.now, decide_by=until)
    outcomes = [
        Outcome("register.received", {"number": sent.number, "customer": sent.customer, "products": sent.products}),
        Outcome("register.decision_by", {"decide_by": until}, figures=True),
        Outcome("register.read_back", {"fields": phrases.read_back(sent)}, figures=True),
    ]
    awaited = facts.thread.subject_ref
    elsewhere = bool(facts.thread.asked) and awaited not in ("", sent.number)
    commands = (SaveRegistration(sent), *(() if elsewhere else (AwaitFields(sent.number, ()),)))
    return Decision(commands, tuple(outcomes), "registration_submitted", (sent.number,))


def _drop(draft: Registration, twin: Registration | Deal, facts: Facts) -> Decision:
    """A draft that turns out to be the same deal ends, so that one number stands for one deal."""
    stored = any(r.number == draft.number for r in facts.registrations)
    ended = replace(draft, state=RegistrationState.WITHDRAWN, reason="own_duplicate", decided_at=facts.now)
    commands: tuple[Command, ...] = (SaveRegistration(ended), AwaitFields(twin.number, ())) if stored else ()
    return Decision(commands, (point_to(twin),), "own_duplicate", (twin.number,))


def _decision(draft: Registration, outcomes: list[Outcome], log: str, asked: tuple[str, ...]) -> Decision:
    commands = (SaveRegistration(draft), AwaitFields(draft.number, asked))
    return Decision(commands, tuple(outcomes), log, (draft.number,))


def _alike(wanted: Registration, other: Registration | Deal) -> bool:
    if not same_customer(wanted.customer, wanted.customer_domain, other.customer, other.customer_domain):
        return False
    return not wanted.products or not other.products or bool(set(wanted.products) & set(other.products))


def _stands(registration: Registration, today: date) -> bool:
    """Waiting, or accepted and still protected."""
    if registration.state is RegistrationState.APPROVED:
        return registration.protected_until is None or registration.protected_until >= today
    return registration.state.waiting
