"""A deal to be registered: a new registration, more for a draft, or one that the partner already has."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over
from bot.intents.completion import CONFIRMATION, call_off, note_for_manager, own_duplicate, point_to, proceed
from bot.intents.customer import same_customer
from bot.intents.draft import Checked, check, merge
from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Request
from crm.records import Deal, Registration, RegistrationState


def decide(request: Request, facts: Facts) -> Decision:
    checked = check(cast("DealFields", request.fields), facts)
    continued = _awaited_draft(checked, facts)
    if continued is not None:
        # That it is to be registered was said before; only a question for a yes is still open.
        unsure = request.ask and CONFIRMATION in facts.thread.asked
        return proceed(merge(continued, checked), facts, checked.problems, confirm=unsure, opened=False)
    draft = merge(_blank(facts), checked)
    twin = own_duplicate(draft, facts) if draft.customer or draft.customer_domain else None
    if twin is not None:
        return _known(twin, checked, request, facts)
    if not facts.fresh_numbers:
        return hand_over.decide(request, facts)
    return proceed(draft, facts, checked.problems, confirm=request.ask, opened=True)


def answered(yes: bool, facts: Facts) -> Decision | None:
    """To the question whether the deal is to be registered at all; None where its draft is no longer one."""
    draft = next((r for r in facts.registrations if r.number == facts.thread.subject_ref), None)
    if draft is None or draft.state is not RegistrationState.DRAFT:
        return None
    return proceed(draft, facts, confirm=False, opened=False) if yes else call_off(draft, facts)


def _known(twin: Registration | Deal, checked: Checked, request: Request, facts: Facts) -> Decision:
    if isinstance(twin, Registration) and twin.state is RegistrationState.DRAFT:
        return proceed(merge(twin, checked), facts, checked.problems, confirm=request.ask, opened=False)
    notes = note_for_manager(twin, checked.said, request.intent)
    outcomes = (point_to(twin), *((hand_over.change_noted(facts),) if notes else ()))
    return Decision(notes, outcomes, "own_duplicate", (twin.number,))


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


def _blank(facts: Facts) -> Registration:
    return Registration(
        number=next(iter(facts.fresh_numbers), ""),
        partner_id=facts.partner.id,
        contact_id=facts.contact.id if facts.contact else None,
        state=RegistrationState.DRAFT,
        opened_at=facts.now,
    )
