"""The day that suits, in answer to an announcement that offers several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast

from bot.readers.finer.announced import answers_of, given, in_announcement, is_of_a_deal
from bot.readers.finer.announced_words import LATER
from bot.readers.finer.day_words import ANY, bare_number, days_in, suits
from bot.readers.finer.moods import says
from bot.readers.finer.scene import Hit, Scene, Wish, overlaps, span_of
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import DayFields, DaySaid, Finer, Intent, Request

_MOST = 6
_FEW_WORDS = 12


def _found(scene: Scene) -> Iterator[Hit]:
    if not in_announcement(scene):
        return
    body = [s for s in scene.sentences if s.start >= 0]
    answer = given(scene)
    places = [r.span for r in scene.reading.requests if r.intent is Intent.ANSWER_ANNOUNCEMENT]
    others = any(r.intent not in _MISTAKEN for r in scene.reading.requests)
    short = sum(len(s.text.split()) for s in body) <= _FEW_WORDS and not others
    days: list[DaySaid] = []
    spoken: list[Sentence] = []
    any_of_them = False
    for sentence in body:
        if sentence.asks or is_of_a_deal(scene, sentence) or says(LATER, sentence.text):
            continue
        found = list(days_in(sentence.text, refused=answer == "no"))
        if not found and len(body) == 1 and (number := bare_number(sentence.text)):
            found = [number]
        every = bool(ANY.search(sentence.text))
        here = any(overlaps(place, sentence) for place in places)
        if answer == "no" and not here:
            continue  # what was declined is declined; another sentence tells of other days
        if (found or every) and (short or suits(sentence.text) or (here and len(sentence.text.split()) <= _FEW_WORDS)):
            days += found
            spoken.append(sentence)
            any_of_them = any_of_them or (every and not found)
    if not spoken:
        return
    said = " ".join(" ".join(s.raw.split()) for s in spoken)[:300]
    plain = cast("Literal['yes', 'no', 'maybe'] | None", answer)
    fields = DayFields(plain, tuple(days[:_MOST]), any_of_them)
    request = Request(Intent.ANSWER_ANNOUNCEMENT, fields, span_of(scene, spoken[0]), finer=Finer.DAY, said=said)
    taken_for = [r for r in scene.reading.requests if r.intent is Intent.PROVIDE_FIELD]
    yield Hit(request, (*answers_of(scene), *taken_for))


_MISTAKEN = frozenset({Intent.ANSWER_ANNOUNCEMENT, Intent.OTHER, Intent.THANKS, Intent.PROVIDE_FIELD})
"""What a few words that name a day may be taken for."""

DAY = Wish(_found)
