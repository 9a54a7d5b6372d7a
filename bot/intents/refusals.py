"""What a partner reads of a refused registration: never whose deal stands in its way, nor anything of it."""

from __future__ import annotations

from bot.vocabulary.decisions import Outcome, Value
from crm.records import ReasonCode, Registration, RegistrationState
from knowledge.program import DealRules

NEXT_STEPS = Outcome("decision.next_steps")
_BLOCKED = {ReasonCode.CUSTOMER_IN_PROGRESS: "_in_progress", ReasonCode.ALREADY_PROTECTED: "_protected"}


def blocked(registration: Registration, code: ReasonCode, *, told_apart: bool) -> tuple[Outcome, ...]:
    """The neutral text: the same words and fields for both codes, unless the program tells which of them it is."""
    key = f"decision.blocked{_BLOCKED[code] if told_apart else ''}"
    return (Outcome(key, _about(registration) | {"products": registration.products}), NEXT_STEPS)


def declined(registration: Registration) -> tuple[Outcome, ...]:
    """By a person, with the reason that person chose to give."""
    return (Outcome("decision.declined", _about(registration) | {"reason": registration.reason}), NEXT_STEPS)


def _about(registration: Registration) -> dict[str, Value]:
    return {"number": registration.number, "customer": registration.customer}


def told_again(registration: Registration, rules: DealRules) -> tuple[Outcome, ...]:
    """In the words of the refusal; nothing where it was refused elsewhere, whose reasons are for the vendor alone."""
    if registration.state is not RegistrationState.DECLINED:
        return ()
    if registration.code in _BLOCKED:
        return blocked(registration, registration.code, told_apart=rules.blocker_told)
    by_person = registration.code is ReasonCode.DECLINED_BY_PERSON and bool(registration.reason)
    return declined(registration) if by_person else ()
