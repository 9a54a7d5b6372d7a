"""The missing field of a draft, given in answer to our question."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over
from bot.intents.completion import CONFIRMATION, proceed
from bot.intents.customer import same_customer
from bot.intents.draft import Checked, check, merge, missing
from bot.intents.phrases import field_names
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Request
from crm.records import Registration, RegistrationState


def decide(request: Request, facts: Facts) -> Decision:
    checked = check(cast("DealFields", request.fields), facts)
    drafts = [r for r in facts.registrations if r.state is RegistrationState.DRAFT]
    draft = _meant(checked, drafts, facts)
    if draft is not None and not (checked.said or checked.problems) and missing(draft, facts.program):
        return _unread(request, draft, facts)
    if draft is not None:
        unsure = request.ask or (CONFIRMATION in facts.thread.asked and not checked.said)
        return proceed(merge(draft, checked), facts, checked.problems, confirm=unsure, opened=False)
    if not drafts:
        return hand_over.decide(request, facts)
    return Decision((), (Outcome("provide.which", {"drafts": _listed(drafts)}, figures=True),), "draft_asked")


def _unread(request: Request, draft: Registration, facts: Facts) -> Decision:
    """An answer in which no detail was found: asked again, and a person looks at it, so nobody is asked forever."""
    passed_on = hand_over.decide(request, facts)
    asked = facts.thread.asked or missing(draft, facts.program)
    again = Outcome("register.missing", {"missing": field_names(asked)})
    outcomes = (Outcome("provide.unread"), *passed_on.outcomes, again)
    return Decision(passed_on.commands, outcomes, "nothing_read", (draft.number,))


def _meant(checked: Checked, drafts: list[Registration], facts: Facts) -> Registration | None:
    """The awaited draft, else the one of the named customer, else the only one that may need what was given."""
    awaited = [d for d in drafts if d.number == facts.thread.subject_ref]
    named = [d for d in drafts if _names(checked, d)]
    if awaited and (not named or awaited[0] in named):
        return awaited[0]
    lacking = [d for d in drafts if checked.said and not any(getattr(d, name) for name in checked.said)]
    for candidates in (named, drafts, lacking):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _names(checked: Checked, draft: Registration) -> bool:
    customer = str(checked.said.get("customer", ""))
    return same_customer(customer, checked.domain, draft.customer, draft.customer_domain)


def _listed(drafts: list[Registration]) -> tuple[dict[str, str], ...]:
    return tuple(
        {"text": "line.draft_of" if d.customer else "line.draft", "number": d.number, "customer": d.customer}
        for d in drafts
    )
