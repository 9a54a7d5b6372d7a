"""Yes, no or maybe to the announcement that the thread belongs to."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over
from bot.intents.completion import CONFIRMATION, call_off, proceed
from bot.vocabulary.decisions import Decision, Outcome, RecordAnswer
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import AnswerFields, Request
from crm.records import Registration, RegistrationState


def decide(request: Request, facts: Facts) -> Decision:
    answer = cast("AnswerFields", request.fields).answer
    draft = _draft_to_confirm(facts)
    if draft is not None and answer in ("yes", "no"):
        return proceed(draft, facts, confirm=False, opened=False) if answer == "yes" else call_off(draft, facts)
    if facts.announcement is None or facts.contact is None:
        return hand_over.decide(request, facts)
    if answer is None or request.ask:
        return Decision((), (Outcome("announcement.unclear", {"subject": facts.announcement.subject}),), "answer_asked")
    command = RecordAnswer(facts.announcement.id, facts.contact.id, answer)
    return Decision((command,), (Outcome(f"announcement.{answer}", {"subject": facts.announcement.subject}),), answer)


def _draft_to_confirm(facts: Facts) -> Registration | None:
    """The draft of which this thread asked whether it shall be registered: a plain "yes" answers that question."""
    if facts.announcement is not None or CONFIRMATION not in facts.thread.asked:
        return None
    for draft in facts.registrations:
        if draft.number == facts.thread.subject_ref and draft.state is RegistrationState.DRAFT:
            return draft
    return None
