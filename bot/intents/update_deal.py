"""News on a deal: written where it goes on, asked where the record says otherwise, and a closed deal stays closed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import cast

from bot.intents import deal_proposal, hand_over, under_review
from bot.intents.completion import call_off, note_for_manager, proceed
from bot.intents.deal_changes import changed, contradicts, for_manager, in_lines, reason_only, weigh
from bot.intents.draft import Checked, check, merge
from bot.intents.phrases import in_words
from bot.intents.rights import refused
from bot.intents.which_deal import Meant, meant, named
from bot.vocabulary.decisions import AwaitFields, ChangeDeal, Command, Decision, HandOver, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import YES_OR_NO, Question
from bot.vocabulary.requests import DealFields, Intent, Request, UpdateFields
from crm.records import ContactRight, Deal, Registration, RegistrationState, Stage

_OF_DEAL = ("stage", "amount", "currency", "amount_basis", "close_date")
WHY_LOST = "lost_reason"  # among the fields that a thread waits for
_OVER = (RegistrationState.DECLINED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED)


def decide(request: Request, facts: Facts) -> Decision:
    said = cast("UpdateFields", request.fields)
    if no := refused(ContactRight.REGISTER, facts):
        return no
    if not _news(said):
        return reason_given(facts) or hand_over.decide(request, facts)
    found = meant(said.deal_ref, said.customer, facts)
    return found if isinstance(found, Decision) else _about(found, request, facts)


def _about(found: Meant, request: Request, facts: Facts) -> Decision:
    deal = _deal(found.deal.number, facts)
    if deal is None:
        return _of_registration(_registration(found.deal.number, facts), request, facts)
    if not deal.stage.open:
        reason = request.said or (facts.words if _waits_for_reason(deal, facts) else "")
        return _of_closed(deal, cast("UpdateFields", request.fields), reason, facts)
    return _of_open(deal, request, facts, sure=found.sure and not request.ask)


def _of_open(deal: Deal, request: Request, facts: Facts, *, sure: bool) -> Decision:
    weighed = weigh(deal, cast("UpdateFields", request.fields), request.said, facts)
    if not changed(deal, weighed.wanted):
        return _nothing_new(deal, weighed.problems)
    if contradicts(deal, weighed.wanted):
        return _asked(deal, weighed.wanted, weighed.problems, facts, "update.contradicts")
    if not sure:
        return _asked(deal, weighed.wanted, weighed.problems, facts, "update.shall_we")
    return _written(deal, weighed.wanted, weighed.problems, facts)


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether deals are to be changed; None where nothing is left to be changed."""
    open_ones = ((p, _deal(p.number, facts)) for p in deal_proposal.read(facts.thread.proposal))
    asked = [(proposal, deal) for proposal, deal in open_ones if deal is not None]
    if not asked:
        return None
    if no := refused(ContactRight.REGISTER, facts):
        return no
    done: list[Decision] = []
    for proposal, deal in asked:
        seen = _as_changed(deal, done)
        done.append(_agreed(seen, proposal, facts) if yes else _left(seen, facts))
    return _joined(done)


def reason_given(facts: Facts) -> Decision | None:
    """The words of the message as the reason for which a deal was lost, where the thread asked for it."""
    deal = _deal(facts.thread.subject_ref, facts)
    if deal is None or not _waits_for_reason(deal, facts) or not facts.may(ContactRight.REGISTER):
        return None
    wanted = reason_only(deal, facts.words)
    return _reason_noted(deal, wanted, facts) if changed(deal, wanted) else None


def _waits_for_reason(deal: Deal, facts: Facts) -> bool:
    thread = facts.thread
    asked = WHY_LOST in thread.asked and thread.subject_ref == deal.number
    return asked and deal.stage is Stage.LOST and not deal.lost_reason


def _reason_noted(deal: Deal, wanted: Deal, facts: Facts) -> Decision:
    told = Outcome("update.reason_noted", {"deal": named(deal.number, deal.customer)})
    commands: tuple[Command, ...] = (ChangeDeal(deal, wanted), *_settled(deal.number, facts))
    return Decision(commands, (told,), "deal_updated", (deal.number,))


def _agreed(deal: Deal, proposal: deal_proposal.Proposal, facts: Facts) -> Decision:
    """What the yes was about; a deal that changed meanwhile is asked about anew, as it is now."""
    wanted = proposal.applied(deal, facts.now.date())
    news = changed(deal, wanted)
    if not news:
        return _nothing_new(deal, ())
    if not deal.stage.open and news != ("lost_reason",):
        return _closed(deal, {n: getattr(wanted, n) for n in news}, facts)
    if not proposal.fits(deal):
        return _asked(deal, wanted, (), facts, "update.contradicts")
    made = _written(deal, wanted, (), facts)
    return replace(made, commands=(*made.commands, *_for_manager(deal, wanted)))


def _for_manager(deal: Deal, wanted: Deal) -> tuple[HandOver, ...]:
    """A yes is enough to write what contradicted the record, and a person gets to see that it did."""
    if not contradicts(deal, wanted):
        return ()
    said = f"The partner confirmed a change that contradicted the record of {deal.number}: {for_manager(deal, wanted)}"
    return (HandOver(Intent.UPDATE_DEAL, said[:1000], deal.number),)


def _left(deal: Deal, facts: Facts) -> Decision:
    told = Outcome("update.left", {"deal": named(deal.number, deal.customer)})
    return Decision(_settled(deal.number, facts), (told,), "update_left", (deal.number,))


def _written(deal: Deal, wanted: Deal, problems: tuple[Outcome, ...], facts: Facts) -> Decision:
    values: dict[str, Value] = {
        "deal": named(deal.number, deal.customer),
        "changes": in_lines(deal, wanted, "update.line"),
    }
    outcomes = [Outcome("update.done", values, figures=True), *problems]
    if wanted.stage is not deal.stage and not wanted.stage.open:
        outcomes += _ending(wanted)
    why = wanted.stage is Stage.LOST and not wanted.lost_reason and not _of_others(facts)
    waits = (AwaitFields(deal.number, (WHY_LOST,)),) if why else _settled(deal.number, facts)
    return Decision((ChangeDeal(deal, wanted), *waits), tuple(outcomes), "deal_updated", (deal.number,))


def _ending(deal: Deal) -> list[Outcome]:
    """What comes next after a deal is won; why it was lost, where that was not said."""
    if deal.stage is Stage.WON:
        return [Outcome("update.won")]
    return [] if deal.lost_reason else [Outcome("update.why_lost")]


def _asked(deal: Deal, wanted: Deal, problems: tuple[Outcome, ...], facts: Facts, key: str) -> Decision:
    line = "update.differs" if key == "update.contradicts" else "update.line"
    values: dict[str, Value] = {
        "deal": named(deal.number, deal.customer),
        "changes": in_lines(deal, wanted, line),
    }
    others = _of_others(facts)
    about = facts.thread.subject_ref if others else deal.number
    wait = AwaitFields(about, (*others, Question.UPDATE), deal_proposal.written(deal, wanted))
    outcomes = (Outcome(key, values, figures=True), *problems, Outcome("update.yes_or_no"))
    return Decision((wait,), outcomes, "update_asked", (deal.number,))


def _settled(number: str, facts: Facts) -> tuple[AwaitFields, ...]:
    """This question is open no longer; whatever else the thread waits for still is."""
    thread = facts.thread
    others = tuple(name for name in thread.asked if name not in (Question.UPDATE, WHY_LOST))
    if not others:
        return (AwaitFields(number, ()),)
    return (AwaitFields(thread.subject_ref, others, "" if thread.question is Question.UPDATE else thread.proposal),)


def _of_others(facts: Facts) -> tuple[str, ...]:
    """The fields of a registration for which the thread waits."""
    return tuple(name for name in facts.thread.asked if name not in YES_OR_NO and name != WHY_LOST)


def _nothing_new(deal: Deal, problems: tuple[Outcome, ...]) -> Decision:
    same = Outcome("update.same", {"deal": named(deal.number, deal.customer)})
    return Decision((), problems or (same,), "update_unclear" if problems else "deal_unchanged", (deal.number,))


def _of_closed(deal: Deal, said: UpdateFields, reason: str, facts: Facts) -> Decision:
    """Only the reason of a loss may still be told; whatever else is new goes to the manager."""
    if deal.stage is Stage.LOST and said.stage in (None, Stage.LOST) and not deal.lost_reason:
        wanted = reason_only(deal, reason)
        if changed(deal, wanted) and not _beside_stage(said):
            return _reason_noted(deal, wanted, facts)
    if said.stage in (None, deal.stage) and not _beside_stage(said):
        return _nothing_new(deal, ())
    new = {name: getattr(said, name) for name in _OF_DEAL if getattr(said, name) is not None}
    return _closed(deal, new | ({"reason": reason} if reason else {}), facts)


def _closed(deal: Deal, news: dict[str, object], facts: Facts) -> Decision:
    summary = f"About {deal.number} ({deal.customer}), which is {deal.stage.value}, the partner now says: "
    told: dict[str, Value] = {"deal": named(deal.number, deal.customer), "stage": deal.stage}
    outcomes = (Outcome("update.closed", told, figures=True), hand_over.change_noted(facts))
    note = HandOver(Intent.UPDATE_DEAL, (summary + in_words(news))[:1000], deal.number)
    return Decision((note, *_settled(deal.number, facts)), outcomes, "closed_deal_noted", (deal.number,))


def _of_registration(registration: Registration, request: Request, facts: Facts) -> Decision:
    """What is no deal yet: a draft takes the news in, what is under review takes a note, what is over is told."""
    said = cast("UpdateFields", request.fields)
    values: dict[str, Value] = {
        "deal": named(registration.number, registration.customer),
        "state": registration.state,
    }
    if registration.state in _OVER:
        told = Outcome("update.over", values, figures=True)
        return Decision((), (told,), "registration_over", (registration.number,))
    if registration.state is RegistrationState.DRAFT:
        if said.stage is Stage.LOST:
            return call_off(registration, facts)
        checked = _as_details(said, facts)
        merged = merge(registration, checked)
        return proceed(merged, facts, checked.problems, confirm=request.ask, opened=False, before=registration)
    if registration.state is RegistrationState.NEEDS_INFO:
        return under_review.decide(registration, _as_details(said, facts), request.intent, facts)
    news = dict(_as_details(said, facts).said)
    if said.stage is not None:
        news["stage"] = said.stage
    notes: tuple[Command, ...] = note_for_manager(
        registration, news | ({"reason": request.said} if request.said else {}), request.intent
    )
    locked = Outcome("update.under_review", values, figures=True)
    outcomes = (locked, *((hand_over.change_noted(facts),) if notes else ()))
    return Decision(notes, outcomes, "change_noted" if notes else "deal_unchanged", (registration.number,))


def _as_details(said: UpdateFields, facts: Facts) -> Checked:
    known = {f.name for f in fields(DealFields)} - {"customer"}
    return check(DealFields(**{n: getattr(said, n) for n in _OF_DEAL if n in known}), facts)


def _news(said: UpdateFields) -> bool:
    return any(getattr(said, name) is not None for name in _OF_DEAL)


def _beside_stage(said: UpdateFields) -> bool:
    return any(getattr(said, name) is not None for name in _OF_DEAL if name != "stage")


def _deal(number: str, facts: Facts) -> Deal | None:
    return next((d for d in facts.deals if d.number == number), None)


def _registration(number: str, facts: Facts) -> Registration:
    return next(r for r in facts.registrations if r.number == number)


def _as_changed(deal: Deal, done: list[Decision]) -> Deal:
    """The deal as the decisions so far leave it."""
    for decision in done:
        for command in decision.commands:
            if isinstance(command, ChangeDeal) and command.wanted.number == deal.number:
                deal = command.wanted
    return deal


def _joined(decisions: list[Decision]) -> Decision:
    """One answer for several deals; one question for those that have to be asked about again."""
    waits = [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]
    asked = [wait for wait in waits if wait.proposal]
    others: list[Command] = [c for d in decisions for c in d.commands if not isinstance(c, AwaitFields)]
    last = asked[0] if asked else waits[-1] if waits else None
    if len(asked) > 1:
        last = replace(asked[0], proposal=deal_proposal.together([wait.proposal for wait in asked]))
    told = tuple(o for d in decisions for o in d.outcomes)
    logs = "deal_updated" if any(d.log == "deal_updated" for d in decisions) else decisions[-1].log
    numbers = tuple(dict.fromkeys(n for d in decisions for n in d.deal_numbers))
    return Decision((*others, *((last,) if last else ())), told, logs, numbers)
