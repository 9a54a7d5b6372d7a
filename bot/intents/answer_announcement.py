"""An answer to the announcement that the thread belongs to, or to a question that was asked in it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.intents import answer_question, hand_over
from bot.intents.announcement_answers import announced, on_day, passed_on, plainly, recorded, which_day
from bot.vocabulary.announcing import CallKind, Said
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import AnnouncementFact, Facts
from bot.vocabulary.requests import AnswerFields, DayFields, DaySaid, Request


def decide(request: Request, facts: Facts) -> Decision:
    """What was asked last is answered first: an announcement opens its thread, and a question comes later."""
    return answer_question.decide(request, facts) or _to_announcement(request, facts)


def later(request: Request, facts: Facts) -> Decision:
    """An answer is to come: nothing that was answered before is taken back."""
    announcement = announced(facts)
    if announcement is None:
        return hand_over.decide(request, facts)
    told = Outcome("announcement.later", {"subject": announcement.subject})
    return Decision((recorded(announcement, facts, said=Said.LATER),), (told,), "later")


def day(request: Request, facts: Facts) -> Decision:
    """Of the days that were announced the one that is meant; a plain answer where no days were."""
    announcement, said = announced(facts), request.fields
    if announcement is None or announcement.call.kind is not CallKind.DATE or not isinstance(said, DayFields):
        return decide(request, facts)
    if said.answer == "maybe" or request.ask:
        return decide(replace(request, fields=AnswerFields(said.answer)), facts)
    days = announcement.call.dates
    suit = [one for one in days if any(_is(one, named, days) for named in said.days if not named.denied)]
    refused = [one for one in days if any(_is(one, named, days) for named in said.days if named.denied)]
    meant = [one for one in suit if one not in refused]
    if len(meant) == 1 or (said.any_of_them and len(days) == 1):
        return on_day((meant or days)[0], announcement, facts)
    if not meant and len(refused) == len(days):
        return plainly("no", announcement, facts)
    if not meant and said.answer == "no" and not refused:
        return plainly("no", announcement, facts)
    return which_day(announcement)


def in_words(request: Request, facts: Facts) -> Decision | None:
    """What answers the question of an announcement in words: noted, and read by whoever announced it."""
    announcement = announced(facts)
    if announcement is None or announcement.call.kind is not CallKind.QUESTION or facts.thread.asked:
        return None
    said = " ".join((request.said or facts.words).split())[:500]
    note = passed_on(facts, announcement, f"Answers “{announcement.subject}”: {said}")
    told = Outcome("announcement.noted", {"subject": announcement.subject})
    return Decision((recorded(announcement, facts, said=Said.OTHER), note), (told,), "answered_in_words")


def _to_announcement(request: Request, facts: Facts) -> Decision:
    said, announcement = request.fields, announced(facts)
    answer = said.answer if isinstance(said, AnswerFields) else None
    if announcement is None:
        return hand_over.decide(request, facts)
    if answer is None or request.ask:
        return in_words(request, facts) or _unclear(announcement)
    if answer == "yes" and announcement.call.kind is CallKind.DATE:
        days = announcement.call.dates
        if len(days) == 1:
            return on_day(days[0], announcement, facts)
        return which_day(announcement, commands=(recorded(announcement, facts, "yes"),))
    return plainly(answer, announcement, facts)


def _unclear(announcement: AnnouncementFact) -> Decision:
    if announcement.call.kind is CallKind.DATE:
        return which_day(announcement)
    return Decision((), (Outcome("announcement.unclear", {"subject": announcement.subject}),), "answer_asked")


def _is(day: date, said: DaySaid, days: Sequence[date]) -> bool:
    """Whether somebody means this one of the days; a number is a place among them only where it is no day of them."""
    if said.day is not None and any(_on(one, said) for one in days):
        return _on(day, said)
    if said.place is not None:
        place = len(days) if said.place == -1 else said.place
        return place == list(days).index(day) + 1
    return said.day is None and said.weekday is not None and day.isoweekday() == said.weekday


def _on(day: date, said: DaySaid) -> bool:
    if said.year not in (None, day.year):
        return False
    if said.day == day.day and said.month in (None, day.month):
        return True
    return said.either_way and (said.month, said.day) == (day.day, day.month)
