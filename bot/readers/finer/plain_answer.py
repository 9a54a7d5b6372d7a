"""A plain yes or no with which an answer to an announcement begins, and an answer that is given under a condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.announced import in_announcement
from bot.readers.finer.polarity import Polarity, polarity_of
from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import Sentence, pattern
from bot.vocabulary.requests import AnswerFields, Intent, Request

_NONE_OF_THEM = pattern(
    r"none|neither|keine[rs]?|weder noch|aucune?|ni l'une? ni l'autre|geen|geen van (?:beide|alle)|ningun[oa]"
)
"""Opens an answer that declines all that was offered."""
_UNDER_A_CONDITION = pattern(
    r"subject to|barring|vorbehaltlich|unter (?:dem )?vorbehalt|sous reserve|sauf imprevu|onder (?:het )?voorbehoud|"
    r"behoudens|sujet[oa]s? a|salvo imprevistos|a reserva de|"
    r"why not|warum nicht|pourquoi pas|waarom niet|por que no"
)
_BUT = pattern("but|although|aber|allerdings|mais|maar|pero")
_FEW_WORDS = 12
_ANSWERS = {Polarity.YES: "yes", Polarity.NO: "no"}


def _found(scene: Scene) -> Iterator[Hit]:
    """An answer of which the inner reader was not sure is taken as it was said, where nothing else contradicts it."""
    if not in_announcement(scene):
        return
    unsure = [r for r in scene.reading.requests if r.intent is Intent.ANSWER_ANNOUNCEMENT and r.ask]
    body = [s for s in scene.sentences if s.start >= 0 and not s.asks]
    for request in unsure[:1]:
        if (answer := _answer(request, body)) is not None:
            yield Hit(replace(request, fields=answer, ask=False), tuple(unsure))


def _answer(request: Request, body: list[Sentence]) -> AnswerFields | None:
    if not body or not isinstance(request.fields, AnswerFields):
        return None
    first = body[0]
    if _UNDER_A_CONDITION.search(first.text) and overlaps(request.span, first):
        return replace(request.fields, answer="maybe") if len(first.text.split()) <= _FEW_WORDS else None
    if _BUT.search(first.text):
        return None
    said = _ANSWERS.get(polarity_of(tuple(body)) or Polarity.OPEN)
    if said is None and _NONE_OF_THEM.match(first.text.strip()) and len(first.text.split()) <= _FEW_WORDS:
        said = "no" if all(polarity_of((one,)) in (None, Polarity.NO) for one in body) else None
    return request.fields if said is not None and said == request.fields.answer else None


PLAIN_ANSWER = Wish(_found)
