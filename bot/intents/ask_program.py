"""A question about the program or the products: answered in the words of its pages, with the source, or by a person."""

from __future__ import annotations

from typing import cast

from bot.intents import hand_over
from bot.intents.draft import at_once, missing
from bot.intents.phrases import field_names
from bot.intents.which_deal import named
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request, TopicFields
from crm.records import Channel, RegistrationState
from knowledge.retrieval import Passage, search

_SCORE = 7.5  # what is below matched by a word or two
_COVERAGE = 0.45  # where a page has less of the question's words, it is about something in it and answers it not
_NEAR = 0.7  # of the best score: the second passage then belongs to the answer
_MOST = 2


def decide(request: Request, facts: Facts) -> Decision:
    if passages := _passages(request, facts):
        quoted = tuple(_quoted(p) for p in passages)
        return Decision((), (*quoted, Outcome("program.otherwise")), "program_quoted")
    passed_on = hand_over.decide(request, facts)
    told = _still_missing(passed_on, facts) or (Outcome("program.not_found"), *passed_on.outcomes)
    return Decision(passed_on.commands, told, passed_on.log, passed_on.deal_numbers)


def _still_missing(passed_on: Decision, facts: Facts) -> tuple[Outcome, ...]:
    """In the conversation of a draft, what it lacks: "what else do you need?"."""
    drafts = [r for r in facts.registrations if r.state is RegistrationState.DRAFT]
    draft = next((d for d in drafts if facts.thread.asked and d.number == facts.thread.subject_ref), None)
    lacking = missing(draft, facts.program) if draft else ()
    if draft is None or not lacking:
        return ()
    waits = Outcome("register.draft_waits", {"deal": named(draft.number, draft.customer)})
    asked = at_once(lacking, in_slack=facts.channel is Channel.SLACK)
    return (*passed_on.outcomes, waits, Outcome("register.missing", {"missing": field_names(asked)}))


def has_answer(request: Request, facts: Facts) -> bool:
    """Whether the program's pages answer it."""
    return bool(_passages(request, facts))


def _passages(request: Request, facts: Facts) -> tuple[Passage, ...]:
    topic = cast("TopicFields", request.fields).topic or ""
    return _answering(search(facts.program, topic, _language(facts)) if topic.strip() else ())


def _answering(found: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The best passage, and the next where it is nearly as good; rather none than one beside the point."""
    enough = [p for p in found if p.score >= _SCORE and p.coverage >= _COVERAGE]
    return tuple(p for p in enough if p.score >= _NEAR * enough[0].score)[:_MOST]


def _quoted(passage: Passage) -> Outcome:
    section = passage.section
    return Outcome("program.passage", {"passage": section.text, "page": section.page, "title": section.title})


def _language(facts: Facts) -> str:
    return facts.language or (facts.contact.language if facts.contact else "") or facts.partner.language
