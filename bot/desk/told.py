"""What a partner is told of a decision on its registration: never whose deal stands in its way, nor anything of it."""

from __future__ import annotations

from datetime import date

from bot.intents.refusals import NEXT_STEPS
from bot.vocabulary.decisions import Outcome, Value
from crm.records import ReasonCode, Registration
from knowledge.program import DealRules


def approved(registration: Registration) -> tuple[Outcome, ...]:
    if registration.protected_until is None:
        raise ValueError("only a protected registration is told as accepted")
    return (Outcome("decision.approved", _about(registration) | {"until": registration.protected_until}, figures=True),)


def policy(registration: Registration, rule: str, rules: DealRules) -> tuple[Outcome, ...]:
    """The rule, quoted; `rule` is "territory", "minimum" or "existing_customer"."""
    values = _about(registration) | {"products": registration.products}
    if rules.minimum is not None:
        values["minimum"] = rules.minimum
    return (Outcome(f"decision.policy_{rule}", values), NEXT_STEPS)


def reason(code: ReasonCode) -> str:
    """What is kept on a registration that the rules refuse, in English: for both blockers the same."""
    return "by the rules of the program" if code is ReasonCode.POLICY else "already being worked on or protected"


def submitted(registration: Registration, decide_by: date) -> tuple[Outcome, ...]:
    """A manager has taken a draft as it is."""
    values = _about(registration) | {"decide_by": decide_by}
    return (Outcome("decision.submitted", values, figures=True),)


def question(registration: Registration) -> tuple[Outcome, ...]:
    asked = Outcome("decision.question", _about(registration) | {"question": registration.question})
    return (asked, Outcome("decision.question_how"))


def protection(registration: Registration, *, ended: bool) -> tuple[Outcome, ...]:
    """A manager has set another last day."""
    if registration.protected_until is None:
        raise ValueError("a protection has a last day")
    values = _about(registration) | {"until": registration.protected_until}
    return (Outcome("decision.protection_over" if ended else "decision.protection_until", values, figures=True),)


def _about(registration: Registration) -> dict[str, Value]:
    return {"number": registration.number, "customer": registration.customer}
