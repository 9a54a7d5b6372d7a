"""Cuts a text into segments: lines, sentences and list items, in blocks that blank lines divide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.readers.builtin.mentions import Kind, Mention

_END = re.compile(r"(?<=[.!?…;])[\"')»”]*\s+(?=[\"'(«„“¿¡@-]*\w)|(?<=[.!?])(?=[A-ZÄÖÜ][a-zäöü])")
_ABBREVIATION = re.compile(
    r"(?:^|\s|\()(?:dr|mr|mrs|ms|hr|fr|mag|ing|dipl|prof|st|nr|no|ca|bzw|z\.b|d\.h|e\.g|i\.e|usw|inkl|approx|"
    r"incl|m|mme|"
    r"sr|sra|srta|lic|dña|drs|ir|dhr|mevr|mw|ggf|tel|tél|fa|abt|str|co|ltd|inc|p\.a|p|u|i\.a|max|min|resp|vs|etc|evtl|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|[a-z]|\d{1,2})\.$",
    re.I,
)
# Where what is said of one deal number ends and the next one's begins: "D-1 is won, D-2 on hold and D-3 lost".
_PART = re.compile(
    r"[,;/–]\s+(?:(?:and|und|et|en|y|e|but|aber|mais|maar|pero|while)\s)?|\s(?=(?:and|und|et|en|y)\s)", re.I
)
_ASIDE = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, line or row at start..end; `block` counts the paragraphs."""

    start: int
    end: int
    block: int


def split_segments(text: str, mentions: Sequence[Mention]) -> tuple[Segment, ...]:
    """Segments that cover the text in order; no mention is cut."""
    inside = {place for mention in mentions for place in range(mention.start + 1, mention.end + 1)}
    numbers = [mention for mention in mentions if mention.kind is Kind.DEAL_REF]
    segments: list[Segment] = []
    block = 0
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if not line.strip():
            block += 1
        for sentence in _sentences(text, start, end, inside):
            segments += [Segment(*part, block) for part in _by_numbers(text, *sentence, numbers)]
        start = end + 1
    return tuple(segments) or (Segment(0, len(text), 0),)


def _sentences(text: str, start: int, end: int, inside: set[int]) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    if not text[start:end].strip():
        return cuts
    place = start
    for match in _END.finditer(text, start, end):
        if match.start() in inside or _ABBREVIATION.search(text[max(place, match.start() - 12) : match.start()]):
            continue
        cuts.append((place, match.end()))
        place = match.end()
    cuts.append((place, end + 1))
    return cuts


def _by_numbers(text: str, start: int, end: int, numbers: Sequence[Mention]) -> list[tuple[int, int]]:
    """A sentence in parts, one for each deal number of which something of its own is said."""
    inside = [number for number in numbers if start <= number.start < end]
    parts: list[tuple[int, int]] = []
    for place, (one, other) in enumerate(pairwise(inside), 2):
        borders = list(_PART.finditer(text, one.end, other.start))
        behind = inside[place].start if place < len(inside) else end
        if borders and _low_words(text[one.end : borders[-1].start()]) > 1 and _low_words(text[other.end : behind]) > 1:
            parts.append((start, borders[-1].end()))
            start = borders[-1].end()
    return [*parts, (start, end)]


def _low_words(text: str) -> int:
    """How many words without a capital stand outside of brackets: names are none of them."""
    return sum(word.islower() for word in re.findall(r"[^\W\d_]+", _ASIDE.sub(" ", text)))
