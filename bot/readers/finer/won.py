"""The day on which a deal was won, where the message names one that is over: "they signed yesterday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.readers.builtin.dates import find_dates
from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import Sentence, folded, pattern
from bot.vocabulary.requests import Request, UpdateFields
from crm.records import Stage

_AGO = (
    (pattern(r"(?:the )?day before yesterday|vorgestern|avant-hier|eergisteren|anteayer|antier"), 2),
    (pattern(r"yesterday|gestern|gisteren|ayer"), 1),
)
_HIER = pattern("hier")  # a day in French alone; "here" in German and Dutch
_ELSEWHERE = pattern(
    r"start\w*|begin\w*|kick-?off|go-?live|invoice\w*|paid|pay\w*|rechnung\w*|zahl\w*|demarr\w*|commenc\w*|factur\w*|"
    r"betaal\w*|empiez\w*|arranc\w*|pag\w*"
)
_LATELY = timedelta(days=92)


def _find(scene: Scene) -> Iterator[Hit]:
    for request in scene.reading.requests:
        said = request.fields
        if isinstance(said, UpdateFields) and said.stage is Stage.WON and said.close_date is None:
            days = {day for s in _about(scene, request) if (day := _day(s, scene)) is not None}
            if len(days) == 1:
                yield Hit(replace(request, fields=replace(said, close_date=days.pop())), (request,))


def _about(scene: Scene, request: Request) -> list[Sentence]:
    """The sentences that speak of the deal; all of them where the message speaks of one alone."""
    if len(scene.customers) + len(scene.numbers) < 2:
        return list(scene.sentences)
    said = request.fields
    names = [folded(n) for n in (getattr(said, "customer", None), getattr(said, "deal_ref", None)) if n]
    others = [folded(n) for n in (*scene.customers, *scene.numbers) if folded(n) not in names]
    own = (s for s in scene.sentences if overlaps(request.span, s) or any(n in s.text for n in names))
    return [s for s in own if not any(other in s.text for other in others)]


def _day(sentence: Sentence, scene: Scene) -> date | None:
    """A day without its year is the last such one, and not one to come."""
    today = scene.readable.received.date()
    if sentence.asks or _ELSEWHERE.search(sentence.text):
        return None
    language = scene.reading.language
    ago = next((days for words, days in _AGO if words.search(sentence.text)), 0)
    if ago or (language == "fr" and _HIER.search(sentence.text)):
        return today - timedelta(days=ago or 1)
    for mention in find_dates(sentence.raw, language, today):
        named = date.fromisoformat(mention.value)
        day = _year_before(named) if named > today and not re.search(r"20\d\d", sentence.raw) else named
        if today - _LATELY <= day <= today:
            return day
    return None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


WON = Wish(_find)
