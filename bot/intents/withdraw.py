"""The partner takes a registration back: at once where it only waits, after a yes where a protection would end."""

from __future__ import annotations

from dataclasses import replace

from bot.intents import hand_over, proposal, rights
from bot.intents.completion import settled
from bot.intents.naming import listed, registrations_meant
from bot.intents.which_deal import named
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, SaveRegistration, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Intent, Request
from crm.records import ContactRight, Deal, Registration, RegistrationState

REASON = "withdrawn"
_NUMBER = "withdraw"  # in a proposal


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    meant = registrations_meant(request, facts)
    if meant.unknown is not None:
        return Decision((), (meant.unknown,), "withdraw_unknown")
    if meant.deal is not None:
        return _of_a_deal(meant.deal, request, facts)
    standing = [r for r in meant.registrations if _may_end(r, facts)]
    if len(standing) > 1:
        numbers = tuple(r.number for r in standing)
        which = Outcome("withdraw.which", {"registrations": listed(standing), "example": numbers[0]}, figures=True)
        return Decision((), (which,), "withdraw_asked", numbers)
    if standing:
        sure = meant.pointed_at and not request.ask and standing[0].state.waiting
        return _ended(standing[0], facts) if sure else asked(standing[0], facts)
    return _nothing_stands(meant.registrations, facts)


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether the registration is to be withdrawn; None where there is nothing left to withdraw."""
    number = proposal.read(facts.thread.proposal).get(_NUMBER) or facts.thread.subject_ref
    registration = next((r for r in facts.registrations if r.number == number), None)
    if registration is None or not _may_end(registration, facts):
        return None
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    if not yes:
        return Decision((), (_told("withdraw.kept", registration),), "withdraw_called_off", (number,))
    return _ended(registration, facts)


def _ended(registration: Registration, facts: Facts) -> Decision:
    ended = replace(registration, state=RegistrationState.WITHDRAWN, reason=REASON, decided_at=facts.now)
    draft = registration.state is RegistrationState.DRAFT
    outcomes = (_told("withdraw.done_draft" if draft else "withdraw.done", registration),)
    commands: tuple[Command, ...] = (
        SaveRegistration(ended),
        *_note(registration),
        *settled(registration.number, facts),
    )
    return Decision(commands, outcomes, "withdrawn", (registration.number,))


def _note(registration: Registration) -> tuple[HandOver, ...]:
    """Nobody looks at a draft; who is reviewing, or keeps others away from the customer, has to know."""
    if registration.state is RegistrationState.DRAFT:
        return ()
    summary = f"The partner has withdrawn {registration.number} ({registration.customer}), which was "
    until = f", protected until {registration.protected_until}" if registration.protected_until else ""
    state = registration.state.value.replace("_", " ")
    return (HandOver(Intent.UPDATE_DEAL, f"{summary}{state}{until}", registration.number),)


def asked(registration: Registration, facts: Facts) -> Decision:
    """Whether it is to be withdrawn."""
    key = "withdraw.shall_we"
    values: dict[str, Value] = {"deal": named(registration.number, registration.customer)}
    until = registration.protected_until
    if registration.state is RegistrationState.APPROVED and until is not None and until >= facts.now.date():
        key, values["until"] = "withdraw.shall_we_unprotect", until
    waits = AwaitFields(registration.number, (Question.WITHDRAW,), proposal.write({_NUMBER: registration.number}))
    return Decision((waits,), (Outcome(key, values, figures=True),), "confirmation_asked", (registration.number,))


def _nothing_stands(found: tuple[Registration, ...], facts: Facts) -> Decision:
    """What is over already is named with its state; where there is nothing at all, that is said."""
    if not found:
        return Decision((), (Outcome("withdraw.nothing"),), "withdraw_unknown")
    newest = found[0]
    closed = next((d for d in facts.deals if d.number == newest.number and not d.stage.open), None)
    if closed is not None:
        return Decision((), (_closed(closed),), "withdraw_closed", (newest.number,))
    values: dict[str, Value] = {"deal": named(newest.number, newest.customer), "state": newest.state}
    return Decision((), (Outcome("withdraw.over", values, figures=True),), "withdraw_closed", (newest.number,))


def _of_a_deal(deal: Deal, request: Request, facts: Facts) -> Decision:
    """A deal that no registration of the partner stands for is closed; an open one is a person's matter."""
    if deal.stage.open:
        return hand_over.decide(request, facts)
    return Decision((), (_closed(deal),), "withdraw_closed", (deal.number,))


def _closed(deal: Deal) -> Outcome:
    values: dict[str, Value] = {"number": deal.number, "customer": deal.customer, "stage": deal.stage}
    return Outcome("withdraw.closed", values, figures=True)


def _told(key: str, registration: Registration) -> Outcome:
    return Outcome(key, {"deal": named(registration.number, registration.customer)})


def _may_end(registration: Registration, facts: Facts) -> bool:
    """Waiting, or accepted and not yet won or lost."""
    if any(d.number == registration.number and not d.stage.open for d in facts.deals):
        return False
    return registration.state.waiting or registration.state is RegistrationState.APPROVED
