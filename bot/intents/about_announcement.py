"""A question about an announcement: answered in its own words, else from the program's pages, else by a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from bot.intents import ask_program
from bot.intents.announcement_answers import announced, announcer, passed_on, recorded
from bot.vocabulary.announcing import Said
from bot.vocabulary.decisions import Command, Decision, HandOver, Outcome
from bot.vocabulary.facts import AnnouncementFact, Facts
from bot.vocabulary.requests import Intent, Request, TopicFields
from knowledge.facets import answering
from knowledge.program import Section
from knowledge.retrieval import Library

_SCORE, _COVERAGE = 7.5, 0.45  # as for the program's pages: what is below is about a word or two of the question
_MOST = 2
_FIELD = re.compile(r"\{\w+\}")
_HEADING = re.compile(r"\s*#{1,6}\s+(?P<title>.+?)\s*#*\s*")
_OWN = "announcement"


def decide(request: Request, facts: Facts, otherwise: Callable[[Request, Facts], Decision]) -> Decision:
    """The question is counted whatever becomes of it, and takes no yes back."""
    announcement = announced(facts)
    if announcement is None:
        return otherwise(request, facts)
    counted = recorded(announcement, facts, said=Said.QUESTION)
    if passages := _quoted(request, announcement, facts):
        told = tuple(_said(passage, announcement) for passage in passages)
        return Decision((counted,), (*told, Outcome("program.otherwise")), "announcement_quoted")
    decision = otherwise(request, facts)
    if request.intent is Intent.ASK_PROGRAM and not ask_program.has_answer(request, facts):
        decision = _to_announcer(decision, request, announcement, facts)
    return replace(decision, commands=(counted, *decision.commands))


def _said(passage: str, announcement: AnnouncementFact) -> Outcome:
    return Outcome("announcement.passage", {"passage": passage, "subject": announcement.subject})


def _to_announcer(decision: Decision, request: Request, announcement: AnnouncementFact, facts: Facts) -> Decision:
    """Handed over to the manager who announced it, of which the partner is told."""
    note = passed_on(facts, announcement, f"Asks about “{announcement.subject}”: {_question(request)}", request.intent)
    commands: tuple[Command, ...] = (note, *(c for c in decision.commands if not isinstance(c, HandOver)))
    who = announcer(facts, announcement) or facts.manager
    told = Outcome("announcement.asked", {"subject": announcement.subject, "manager": who.name}) if who else None
    return Decision(commands, (told,) if told else decision.outcomes, "handed_over", decision.deal_numbers)


def _question(request: Request) -> str:
    topic = request.fields.topic if isinstance(request.fields, TopicFields) else ""
    return request.said or topic or ""


def _quoted(request: Request, announcement: AnnouncementFact, facts: Facts) -> tuple[str, ...]:
    """The passages of the announcement that answer it, by its words or, where no page does, by what is asked for."""
    question = _question(request)
    sections = sections_of(announcement)
    if not question or not sections:
        return ()
    found = _library(sections, facts.program.sections).search(question, announcement.language)
    best = [p for p in found if p.section.page == _OWN and p.score >= _SCORE and p.coverage >= _COVERAGE]
    if best and best[0] is found[0]:
        return (best[0].section.text,)
    if request.intent is Intent.ASK_PROGRAM and ask_program.has_answer(request, facts):
        return ()
    return answering(question, [section.text for section in sections])[:_MOST]


def sections_of(announcement: AnnouncementFact) -> tuple[Section, ...]:
    """The paragraphs of its text under their headings; one with a personal field in it is nobody's to quote."""
    found: list[Section] = []
    title = announcement.subject
    for paragraph in re.split(r"\n\s*\n", announcement.text):
        lines = paragraph.strip().split("\n")
        if heading := _HEADING.fullmatch(lines[0]):
            title, lines = heading["title"], lines[1:]
        said = "\n".join(lines).strip()
        if said and not _FIELD.search(said):
            found.append(Section(_OWN, title, _OWN, said, announcement.language or "en"))
    return tuple(found)


@lru_cache(maxsize=16)
def _library(own: tuple[Section, ...], program: tuple[Section, ...]) -> Library:
    """Beside the program's pages, which tell the common words from the rare ones."""
    return Library((*own, *program))
