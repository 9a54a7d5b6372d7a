"""The missing field of a draft, given in answer to our question; or what a manager asked back."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over, rights, under_review
from bot.intents.completion import CONFIRMATION, proceed
from bot.intents.draft import Checked, at_once, check, merge, missing
from bot.intents.naming import names, which_draft
from bot.intents.phrases import field_names
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Request
from crm.records import Channel, ContactRight, Registration, RegistrationState


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    checked = check(cast("DealFields", request.fields), facts)
    drafts = [r for r in facts.registrations if r.state is RegistrationState.DRAFT]
    if reviewed := _reviewed(checked, drafts, facts):
        unread = reviewed.state is RegistrationState.SUBMITTED and not (checked.said or checked.problems)
        # Words that answer a question which was settled meanwhile are a person's to read.
        if unread:
            return hand_over.decide(request, facts)
        return under_review.decide(reviewed, checked, request.intent, facts)
    draft = _meant(checked, drafts, facts)
    if draft is not None and not (checked.said or checked.problems) and missing(draft, facts.program):
        return _unread(request, draft, facts)
    if draft is not None:
        unsure = request.ask or (CONFIRMATION in facts.thread.asked and not checked.said)
        merged = merge(draft, checked)
        return proceed(merged, facts, checked.problems, confirm=unsure, opened=False, before=draft)
    return which_draft(drafts) if drafts else hand_over.decide(request, facts)


def _unread(request: Request, draft: Registration, facts: Facts) -> Decision:
    """An answer in which no detail was found: asked again, and a person looks at it, so nobody is asked forever."""
    passed_on = hand_over.decide(request, facts)
    lacking = missing(draft, facts.program)
    asked = tuple(name for name in facts.thread.asked if name in lacking) or lacking
    asked = at_once(asked, in_slack=facts.channel is Channel.SLACK)
    again = Outcome("register.missing", {"missing": field_names(asked)})
    outcomes = (Outcome("provide.unread"), *passed_on.outcomes, again)
    return Decision(passed_on.commands, outcomes, "nothing_read", (draft.number,))


def _reviewed(checked: Checked, drafts: list[Registration], facts: Facts) -> Registration | None:
    """The registration under review that is meant, unless the message names one of the drafts or the thread waits
    for the details of one.
    """
    if any(names(checked, d) or d.number == facts.thread.subject_ref for d in drafts):
        return None
    return under_review.meant(checked, facts)


def _meant(checked: Checked, drafts: list[Registration], facts: Facts) -> Registration | None:
    """The awaited draft, else the one of the named customer, else the only one that may need what was given.

    A customer's name and nothing else is the answer where that name was asked for.
    """
    awaited = [d for d in drafts if d.number == facts.thread.subject_ref]
    named = [d for d in drafts if names(checked, d)]
    only_named = "customer" in facts.thread.asked and checked.said.keys() <= {"customer", "customer_domain"}
    if awaited and (not named or awaited[0] in named or only_named):
        return awaited[0]
    for_product = [d for d in named if set(d.products) & set(checked.said.get("products", ()))]
    lacking = [d for d in drafts if checked.said and not any(getattr(d, name) for name in checked.said)]
    for candidates in (named, for_product, drafts, lacking):
        if len(candidates) == 1:
            return candidates[0]
    return None
