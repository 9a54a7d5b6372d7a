"""A protection that is to last longer: granted by the program's rule, or told what is missing and who can help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta

from bot.intents import hand_over, proposal
from bot.intents.completion import settled
from bot.intents.own_deals import OwnDeal, of_thread, own_deals
from bot.intents.rights import refused
from bot.intents.which_deal import meant, named
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, SaveRegistration, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Intent, Request
from crm.records import ContactRight, Deal, Registration, RegistrationState, Stage
from knowledge.business_days import extended_until

_NUMBER = "extend"  # in a proposal


def decide(request: Request, facts: Facts) -> Decision:
    if no := refused(ContactRight.REGISTER, facts):
        return no
    found = _meant(request, facts)
    return found if isinstance(found, Decision) else _for(found, facts, ask=request.ask)


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether a protection is to be extended, which a reminder asks, too; None where there is no such
    registration.
    """
    number = proposal.read(facts.thread.proposal).get(_NUMBER) or facts.thread.subject_ref
    own = next((d for d in own_deals(facts) if d.number == number and d.state is not None), None)
    if own is None:
        return None
    if no := refused(ContactRight.REGISTER, facts):
        return no
    if not yes:
        values: dict[str, Value] = {"deal": named(own.number, own.customer)}
        key = "extend.left"
        if own.protected_until is not None:
            key, values["until"] = "extend.left_until", own.protected_until
        return Decision(settled(number, facts), (Outcome(key, values, figures=True),), "extension_left", (number,))
    return _for(own, facts, ask=False)


def _meant(request: Request, facts: Facts) -> OwnDeal | Decision:
    """As for any news on a deal, but where nothing is named only what is protected can be meant."""
    reference = getattr(request.fields, "deal_ref", None)
    customer = getattr(request.fields, "customer", None)
    if not (reference or customer or of_thread(facts)):
        return _only_protected(facts)
    found = meant(reference, customer, facts)
    return found if isinstance(found, Decision) else found.deal


def _only_protected(facts: Facts) -> OwnDeal | Decision:
    today = facts.now.date()
    held = [d for d in own_deals(facts) if d.open and d.protected_until is not None and d.protected_until >= today]
    if len(held) == 1:
        return held[0]
    if not held:
        return Decision((), (Outcome("extend.none"),), "extension_refused")
    lines = tuple(named(d.number, d.customer) for d in held)
    which = Outcome("extend.which", {"deals": lines}, figures=True)
    return Decision((), (which,), "deal_asked", tuple(d.number for d in held))


def _for(own: OwnDeal, facts: Facts, *, ask: bool) -> Decision:
    registration = next((r for r in facts.registrations if r.number == own.number), None)
    deal = next((d for d in facts.deals if d.number == own.number), None)
    missing = next(_missing(registration, deal, facts), None)
    if missing is not None:
        return _refused(own, missing, facts)
    assert registration is not None
    assert registration.protected_until is not None
    if why := _unsure(own, facts):
        return _for_manager(own, facts, "extend.unsure", why)
    if deal is None or deal.stage_since is None:
        why = "the CRM does not say since when the deal is in its stage"
        return _for_manager(own, facts, "extend.unknown", why)
    until = extended_until(registration.protected_until, facts.program.deal_rules)
    return _asked(own, until) if ask else _granted(registration, until, facts)


def _missing(
    registration: Registration | None, deal: Deal | None, facts: Facts
) -> Iterator[tuple[str, dict[str, Value]]]:
    """Why the protection cannot be extended: the text and what it tells besides the deal, the first reason first."""
    today, rules = facts.now.date(), facts.program.deal_rules
    if deal is not None and not deal.stage.open:
        yield "extend.closed", {"stage": deal.stage}
    if registration is None or registration.protected_until is None:
        yield (
            ("extend.not_registered", {}) if registration is None else ("extend.no_end", {"state": registration.state})
        )
        return
    end = registration.protected_until
    if end < today or registration.state is RegistrationState.EXPIRED:
        yield "extend.ended", {"until": end}
    if registration.state is not RegistrationState.APPROVED:
        yield "extend.no_end", {"state": registration.state}
    if registration.extensions >= rules.extensions:
        yield "extend.used", {"until": end}
    within = timedelta(days=rules.extension_needs_move_within_days)
    if deal is not None and deal.stage_since is not None:
        days: dict[str, Value] = {"days": within.days}
        if deal.stage is Stage.ON_HOLD:
            yield "extend.on_hold", days
        if deal.stage_since <= deal.created_on or today - deal.stage_since > within:
            yield "extend.not_moved", days | {"stage": deal.stage, "since": deal.stage_since}


def _refused(own: OwnDeal, missing: tuple[str, dict[str, Value]], facts: Facts) -> Decision:
    key, values = missing
    outcomes = (
        Outcome(key, values | {"deal": named(own.number, own.customer)}, figures=True),
        Outcome("extend.person"),
    )
    return Decision(settled(own.number, facts), outcomes, "extension_refused", (own.number,))


def _unsure(own: OwnDeal, facts: Facts) -> str:
    """Why what is known of the deal may be old or contested, "" where it is not."""
    if facts.as_of is not None:
        return f"the CRM has not answered since {facts.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return facts.unsettled.get(own.number, "")


def _for_manager(own: OwnDeal, facts: Facts, told: str, why: str) -> Decision:
    """Nobody knows how the deal stands: a person decides, who can see more than the record tells."""
    ends = f"which ends on {own.protected_until}"
    summary = f"Wants the protection of {own.number} ({own.customer}) extended, {ends}; {why}"
    outcomes = (
        Outcome(told, {"deal": named(own.number, own.customer)}, figures=True),
        hand_over.extension_passed(facts),
    )
    note = HandOver(Intent.UPDATE_DEAL, summary, own.number)
    return Decision((note, *settled(own.number, facts)), outcomes, "extension_handed_over", (own.number,))


def _asked(own: OwnDeal, until: date) -> Decision:
    values: dict[str, Value] = {"deal": named(own.number, own.customer), "until": until}
    wait = AwaitFields(own.number, (Question.EXTEND,), proposal.write({_NUMBER: own.number}))
    return Decision((wait,), (Outcome("extend.shall_we", values, figures=True),), "extension_asked", (own.number,))


def _granted(registration: Registration, until: date, facts: Facts) -> Decision:
    longer = replace(registration, protected_until=until, extensions=registration.extensions + 1)
    values: dict[str, Value] = {"deal": named(registration.number, registration.customer), "until": until}
    commands: tuple[Command, ...] = (SaveRegistration(longer), *settled(registration.number, facts))
    done = Outcome("extend.done", values, figures=True)
    return Decision(commands, (done,), "protection_extended", (registration.number,))
