"""Yes, no or maybe to the announcement that the thread belongs to, or to a question that was asked in it since."""

from __future__ import annotations

from typing import cast

from bot.intents import answer_question, hand_over
from bot.vocabulary.decisions import Decision, Outcome, RecordAnswer
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import AnswerFields, Request


def decide(request: Request, facts: Facts) -> Decision:
    """What was asked last is answered first: an announcement opens its thread, and a question comes later."""
    return answer_question.decide(request, facts) or _to_announcement(request, facts)


def _to_announcement(request: Request, facts: Facts) -> Decision:
    answer = cast("AnswerFields", request.fields).answer
    if facts.announcement is None or facts.contact is None:
        return hand_over.decide(request, facts)
    if answer is None or request.ask:
        return Decision((), (Outcome("announcement.unclear", {"subject": facts.announcement.subject}),), "answer_asked")
    command = RecordAnswer(facts.announcement.id, facts.contact.id, answer)
    return Decision((command,), (Outcome(f"announcement.{answer}", {"subject": facts.announcement.subject}),), answer)
