"""Cuts a text into segments: lines, sentences and list items, in blocks that blank lines divide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.readers.builtin.mentions import Mention

_END = re.compile(r"(?<=[.!?…;])[\"')»”]*\s+(?=[\"'(«„“¿¡@-]*\w)|(?<=[.!?])(?=[A-ZÄÖÜ][a-zäöü])")
_ABBREVIATION = re.compile(
    r"(?:^|\s|\()(?:dr|mr|mrs|ms|hr|fr|mag|ing|dipl|prof|st|nr|no|ca|bzw|z\.b|d\.h|e\.g|i\.e|usw|inkl|approx|"
    r"incl|m|mme|"
    r"sr|sra|srta|lic|dña|drs|ir|dhr|mevr|mw|ggf|tel|tél|fa|abt|str|co|ltd|inc|p\.a|p|u|i\.a|max|min|resp|vs|etc|evtl|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|[a-z]|\d{1,2})\.$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, line or row at start..end; `block` counts the paragraphs."""

    start: int
    end: int
    block: int


def split_segments(text: str, mentions: Sequence[Mention]) -> tuple[Segment, ...]:
    """Segments that cover the text in order; no mention is cut."""
    inside = {place for mention in mentions for place in range(mention.start + 1, mention.end + 1)}
    segments: list[Segment] = []
    block = 0
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if not line.strip():
            block += 1
        for cut_start, cut_end in _sentences(text, start, end, inside):
            segments.append(Segment(cut_start, cut_end, block))
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
