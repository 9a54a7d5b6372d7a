"""Of two deals in one sentence, the stage that one has reached is not the other's, of which something else is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.readers.finer.sentences import BORDER, folded
from bot.vocabulary.requests import Reading, Request, UpdateFields

_BETWEEN = re.compile(rf"{BORDER.pattern}|\ben\b")  # Dutch "en" is no border elsewhere: it is French and Spanish "in"


def own_stages(reading: Reading, body: str, read_alone: Callable[[str], Reading]) -> Reading:
    """The inner reader finds a stage by sentence; `read_alone` reads a part of one as a message of its own."""
    doubtful = [r for r in reading.requests if _has_other_news(r) and any(_shares(r, o) for o in reading.requests)]
    wrong = [r for r in doubtful if (part := _part_of(r, reading.requests, body)) and _names_no_stage(read_alone(part))]
    if not wrong:
        return reading
    return replace(reading, requests=tuple(_without_stage(r) if r in wrong else r for r in reading.requests))


def _has_other_news(request: Request) -> bool:
    said = request.fields
    return isinstance(said, UpdateFields) and said.stage is not None and bool(said.close_date or said.amount)


def _shares(request: Request, other: Request) -> bool:
    """Whether another deal of the same sentence is said to be in the same stage."""
    said, theirs = request.fields, other.fields
    if not (isinstance(said, UpdateFields) and isinstance(theirs, UpdateFields)) or request.span != other.span:
        return False
    return said.stage is theirs.stage and (said.customer, said.deal_ref) != (theirs.customer, theirs.deal_ref)


def _part_of(request: Request, requests: Iterable[Request], body: str) -> str:
    """The words around the deal, from the border behind the deal before it to that before the next; "" for unknown."""
    start, end = request.span
    words = body[start:end]
    here = _place(request, words)
    if here is None:
        return ""
    others = [place for r in requests if _shares(request, r) and (place := _place(r, words))]
    before = max((place[1] for place in others if place[1] <= here[0]), default=0)
    after = min((place[0] for place in others if place[0] >= here[1]), default=len(words))
    low = folded(words)
    opens = next((m.end() for m in _BETWEEN.finditer(low, before, here[0])), 0) if before else 0
    closes = max((m.start() for m in _BETWEEN.finditer(low, here[1], after)), default=0)
    closes = closes if after < len(words) else after
    return words[opens:closes] if (opens or not before) and closes else ""


def _place(request: Request, words: str) -> tuple[int, int] | None:
    said = request.fields
    name = (said.customer or said.deal_ref or "") if isinstance(said, UpdateFields) else ""
    found = re.search(re.escape(folded(name)), folded(words)) if name else None
    return found.span() if found else None


def _names_no_stage(alone: Reading) -> bool:
    """Whether the part is news of a deal and says no stage; what is no news alone says nothing either way."""
    news = [r.fields for r in alone.requests if isinstance(r.fields, UpdateFields)]
    return bool(news) and all(said.stage is None for said in news)


def _without_stage(request: Request) -> Request:
    assert isinstance(request.fields, UpdateFields)
    return replace(request, fields=replace(request.fields, stage=None))
