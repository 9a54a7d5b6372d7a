"""A deal to be registered: a new registration, more for a draft, or one that the partner already has."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over, rights, under_review
from bot.intents.attribution import note_of_influence
from bot.intents.completion import CONFIRMATION, call_off, note_for_manager, proceed
from bot.intents.customer import same_customer
from bot.intents.draft import Checked, check, merge, missing
from bot.intents.duplicates import own_duplicates, point_to
from bot.intents.naming import which_draft
from bot.vocabulary.decisions import Decision, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Request
from crm.records import ContactRight, Deal, Registration, RegistrationState


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    checked = check(cast("DealFields", request.fields), facts)
    continued = _awaited_draft(checked, facts)
    if continued is not None:
        # That it is to be registered was said before; only a question for a yes is still open.
        unsure = request.ask and facts.thread.asked == (CONFIRMATION,)
        return _merged(continued, checked, facts, confirm=unsure)
    if corrected := _corrected(checked, facts):
        return under_review.decide(corrected, checked, request.intent, facts)
    return opened(blank(facts), checked, request, facts)


def opened(start: Registration, checked: Checked, request: Request, facts: Facts) -> Decision:
    """A new registration of `start` with what was said, unless the partner has one of this deal already."""
    draft = merge(start, checked)
    twins = own_duplicates(draft, facts) if draft.customer or draft.customer_domain else ()
    if twins:
        return _known(twins, checked, request, facts)
    if not facts.fresh_numbers:
        return hand_over.decide(request, facts)
    decision = proceed(draft, facts, checked.problems, confirm=request.ask, opened=True)
    return _with_note(decision, facts)


def blank(facts: Facts) -> Registration:
    """A draft of which nothing is known yet."""
    return Registration(
        number=next(iter(facts.fresh_numbers), ""),
        partner_id=facts.partner.id,
        contact_id=facts.contact.id if facts.contact else None,
        state=RegistrationState.DRAFT,
        opened_at=facts.now,
    )


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether what was told is to be registered at all; None where it is no draft any more."""
    drafts = _asked_about(facts)
    if not drafts:
        return None
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    decisions = [proceed(d, facts, confirm=False, opened=True, before=d) if yes else call_off(d, facts) for d in drafts]
    return Decision(
        tuple(c for d in decisions for c in d.commands),
        tuple(o for d in decisions for o in d.outcomes),
        ", ".join(dict.fromkeys(d.log for d in decisions)),
        tuple(n for d in decisions for n in d.deal_numbers),
    )


def _asked_about(facts: Facts) -> list[Registration]:
    """The draft of the thread; where it asked about several and so names none, those that lack nothing but a yes."""
    drafts = [r for r in facts.registrations if r.state is RegistrationState.DRAFT]
    if facts.thread.subject_ref:
        return [d for d in drafts if d.number == facts.thread.subject_ref]
    return [d for d in drafts if not missing(d, facts.program)]


def _known(twins: tuple[Registration | Deal, ...], checked: Checked, request: Request, facts: Facts) -> Decision:
    """More for the one draft, a question which of several, or news of what is under review or a deal already."""
    drafts = [t for t in twins if isinstance(t, Registration) and t.state is RegistrationState.DRAFT]
    if len(drafts) > 1 and len(drafts) == len(twins):
        return which_draft(drafts)
    twin = twins[0]
    if isinstance(twin, Registration) and twin.state is RegistrationState.DRAFT:
        return _merged(twin, checked, facts, confirm=request.ask)
    if isinstance(twin, Registration) and twin.state is RegistrationState.NEEDS_INFO:
        return under_review.decide(twin, checked, request.intent, facts)
    notes = note_for_manager(twin, checked.said, request.intent)
    outcomes = (point_to(twin), *((hand_over.change_noted(facts),) if notes else ()))
    return Decision(notes, outcomes, "own_duplicate", (twin.number,))


def _merged(draft: Registration, checked: Checked, facts: Facts, *, confirm: bool) -> Decision:
    return proceed(merge(draft, checked), facts, checked.problems, confirm=confirm, opened=False, before=draft)


def _awaited_draft(checked: Checked, facts: Facts) -> Registration | None:
    """The draft this thread asked about, when the message names the same customer or none."""
    if not facts.thread.asked:
        return None
    for draft in facts.registrations:
        if draft.number == facts.thread.subject_ref and draft.state is RegistrationState.DRAFT:
            customer = str(checked.said.get("customer", ""))
            unnamed = not (customer or checked.domain) or not (draft.customer or draft.customer_domain)
            same = same_customer(customer, checked.domain, draft.customer, draft.customer_domain)
            return draft if unnamed or same or (not customer and not draft.customer_domain) else None
    return None


def _corrected(checked: Checked, facts: Facts) -> Registration | None:
    """The registration under review in whose conversation details come that name no customer: they are its own."""
    said = checked.said
    if not said or said.get("customer") or checked.domain or said.get("contact_name"):
        return None
    return under_review.of_thread(facts)


def _with_note(decision: Decision, facts: Facts) -> Decision:
    saved = next((c.registration for c in decision.commands if isinstance(c, SaveRegistration)), None)
    notes = note_of_influence(saved, facts) if saved is not None else ()
    if not notes:
        return decision
    outcomes = (*decision.outcomes, hand_over.attribution_passed(facts))
    return Decision((*decision.commands, *notes), outcomes, decision.log, decision.deal_numbers)
