"""What a wish about one registration has in common: a verb, the registration it is about, and that it is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.readers.finer.moods import LANGUAGES, Patterns, is_meant, is_wanted
from bot.readers.finer.scene import NUMBER, QUESTIONS, Hit, Scene, numbers_in, overlaps, span_of
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Finer, Intent, Request, UpdateFields
from crm.records import Stage

_MOST_VERBS = 4
_MISTAKEN = QUESTIONS | {Intent.UNSUBSCRIBE, Intent.REQUEST_HUMAN, Intent.ANSWER_ANNOUNCEMENT}
_FEW, _CLOSE, _BARE, _DIRECTLY = 12, 20, 4, 32


@dataclass(frozen=True, slots=True)
class DealWish:
    """`verb` and `matter` must both be said, `alien` must not: other things can be extended and cancelled, too."""

    finer: Finer
    question: Question
    verb: Patterns
    matter: Patterns
    alien: Patterns
    loose: re.Pattern[str]
    """How a verb names what it is about where a thread or another sentence has said it."""
    near: int
    """How many letters behind the verb the name of a customer stands for its registration."""
    strict: bool
    """Whether what the verb is about must stand beside it: more than registrations can be cancelled."""


def found(wish: DealWish, scene: Scene) -> Iterator[Hit]:
    """The wish in each sentence that holds it, one for each deal."""
    seen: set[tuple[str | None, str | None]] = set()
    asked = any(s.asks for s in scene.sentences if s.start >= 0)
    for sentence in scene.sentences:
        # A subject alone names what a question in the body asks about.
        if (sentence.start < 0 and asked) or not _is_wished(wish, scene, sentence):
            continue
        for customer, number in _deals(scene, sentence):
            if (customer, number) not in seen:
                seen.add((customer, number))
                yield _hit(wish, scene, sentence, customer, number)


def _deals(scene: Scene, sentence: Sentence) -> list[tuple[str | None, str | None]]:
    numbers = numbers_in(sentence)
    if len(numbers) > 1:
        return [(None, number) for number in numbers]
    return [scene.deal_of(sentence)]


def _is_wished(wish: DealWish, scene: Scene, sentence: Sentence) -> bool:
    return any(
        _says(wish, scene, sentence, match.start(), match.end(), language)
        for language in LANGUAGES
        for _, match in zip(range(_MOST_VERBS), wish.verb[language].finditer(sentence.text), strict=False)
    )


def _says(wish: DealWish, scene: Scene, sentence: Sentence, start: int, end: int, language: str) -> bool:
    if any(alien.search(sentence.text) for alien in wish.alien.values()) or sentence.raw[start:end].endswith("ó"):
        return False
    # A word may be one of two languages: what takes it back is looked for in the message's own, too.
    spoken = {language, scene.reading.language} & set(LANGUAGES)
    if not all(is_meant(sentence, start, end, one) for one in spoken):
        return False
    if not _is_about_it(wish, scene, sentence, start, end, language):
        return False
    return is_wanted(sentence, start, end, language) or _is_bare(wish, scene)


def _is_about_it(wish: DealWish, scene: Scene, sentence: Sentence, start: int, end: int, language: str) -> bool:
    clause = sentence.clause(start, end)
    words = clause if wish.strict and len(clause.split()) > _BARE else sentence.text
    if wish.matter[language].search(words) or NUMBER.search(words):
        return True
    if scene.question is wish.question or (scene.about_deal and scene.short):
        return True
    # "please extend Globex", "an extension for Globex": a company that is known to be one, close behind the verb.
    behind = sentence.raw[end : end + wish.near].removeprefix(" ")
    if any(name in behind if wish.near > _DIRECTLY else behind.startswith(name) for name in scene.customers):
        return True
    around = sentence.text[max(0, start - _CLOSE) : end + _CLOSE]
    brief = not wish.strict and len(sentence.text.split()) <= _FEW
    if not (brief or wish.loose.search(around)):
        return False
    if any(r.intent is Intent.UNSUBSCRIBE for r in scene.reading.requests) and wish.strict:
        return False
    return scene.about_deal or _told_elsewhere(wish, scene, sentence, language)


def _told_elsewhere(wish: DealWish, scene: Scene, sentence: Sentence, language: str) -> bool:
    """Whether another sentence, no question itself, names the one registration that "it" can be."""
    others = [s for s in scene.sentences if s is not sentence and not s.asks]
    return any(numbers_in(s) or wish.matter[language].search(s.text) for s in others)


def _is_bare(wish: DealWish, scene: Scene) -> bool:
    """Whether the message is hardly more than the word that our own question put forward."""
    return scene.question is wish.question and scene.short


def _hit(wish: DealWish, scene: Scene, sentence: Sentence, customer: str | None, number: str | None) -> Hit:
    misread = scene.misread(sentence, _MISTAKEN)
    misread += tuple(
        r for r in scene.reading.requests if r not in misread and _is_empty_update(r, sentence, customer, number)
    )
    request = Request(
        Intent.UPDATE_DEAL,
        UpdateFields(customer, number),
        span_of(scene, sentence),
        finer=wish.finer,
        said=" ".join(sentence.raw.split())[:300],
        # A name out of another sentence may be that of another deal, unless it is the only one that is told of.
        ask=not (number or scene.about_deal or (customer and (scene.customer_in(sentence) or _is_only(scene)))),
    )
    return Hit(request, misread)


def _is_only(scene: Scene) -> bool:
    """Whether the message tells news of one deal and names no other."""
    news = [r for r in scene.reading.requests if isinstance(r.fields, UpdateFields) and r.fields.stage and not r.ask]
    return len(news) == 1 and len(set(scene.customers)) == 1


def _is_empty_update(request: Request, sentence: Sentence, customer: str | None, number: str | None) -> bool:
    """An update of the same deal that says nothing but what the wish says, or was read out of its words."""
    fields = request.fields
    if not isinstance(fields, UpdateFields) or fields.amount or fields.close_date:
        return False
    if fields.stage and not (fields.stage is Stage.LOST and overlaps(request.span, sentence)):
        return False
    same = fields.deal_ref == number if number else (fields.customer == customer or not customer)
    return same or not (fields.customer or fields.deal_ref)
