"""Finds the passages of the program's pages that answer a question, each with its source, or nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.program import Program, Section
from knowledge.words import grams, stems

FALLBACK = "en"
_LONGEST_QUERY = 2_000  # characters; a question is a few sentences
_TITLE, _KEYWORDS, _TEXT = 3.0, 2.0, 1.0  # what a word counts for by where it stands
_SATURATION, _LENGTH = 1.2, 0.4  # k1 and b of BM25; sections are short, so length says little
_GRAM_SHARE = 0.35  # what pieces of words count for beside whole ones
_ENOUGH, _ENOUGH_WORDS = 7.5, 2.5  # a score below both, in all and by whole words, is chance
_COVERED = 0.2  # less of the question is not about it
_MOSTLY = 0.5  # of a word's pieces
_NEAR = 0.45  # of the best score; what lies further behind is another matter


@dataclass(frozen=True, slots=True)
class Passage:
    """A section that may be quoted; scores compare only within one search.

    `coverage` is the share (0 to 1, rare words weigh more) of the question's words that the section has: where it is
    low, the section is about something in the question rather than an answer to it.
    """

    section: Section
    score: float
    coverage: float = 1.0


class _Index:
    """BM25 over weighted counts of terms; `documents` are term -> weight."""

    def __init__(self, documents: Sequence[Mapping[str, float]]) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        lengths = [sum(document.values()) for document in documents]
        mean = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
        for place, document in enumerate(documents):
            norm = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[place] / mean)
            for term, weight in document.items():
                self._postings[term].append((place, weight * (_SATURATION + 1) / (weight + norm)))
        self._size = len(documents)

    def rarity(self, term: str) -> float:
        count = len(self._postings.get(term, ()))
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5))

    def scores(self, terms: Iterable[str]) -> Mapping[int, float]:
        found: dict[int, float] = defaultdict(float)
        for term in dict.fromkeys(terms):
            for place, weight in self._postings.get(term, ()):
                found[place] += self.rarity(term) * weight
        return found


class _Shelf:
    """The sections of one language with their indexes of whole words and of pieces."""

    def __init__(self, sections: Sequence[Section], language: str) -> None:
        self._sections = sections
        self._language = language
        self._documents = [_weighted(section, language) for section in sections]
        pieces = [_pieces(document) for document in self._documents]
        self._known_pieces = [frozenset(found) for found in pieces]
        self._words, self._pieces = _Index(self._documents), _Index(pieces)

    def search(self, query: str, limit: int) -> tuple[Passage, ...]:
        asked = stems(query, self._language)
        words = self._words.scores(asked)
        pieces = self._pieces.scores(piece for stem in asked for piece in grams(stem))
        scored = {place: words.get(place, 0.0) + _GRAM_SHARE * pieces.get(place, 0.0) for place in {*words, *pieces}}
        enough = [n for n, score in scored.items() if score >= _ENOUGH or words.get(n, 0.0) >= _ENOUGH_WORDS]
        ranked = sorted(enough, key=lambda place: (-scored[place], place))[:limit]
        found = (Passage(self._sections[n], scored[n], self._coverage(asked, n)) for n in ranked)
        return tuple(p for p in found if p.score >= scored[ranked[0]] * _NEAR and p.coverage >= _COVERED)

    def _coverage(self, asked: Sequence[str], place: int) -> float:
        weights = {stem: self._words.rarity(stem) for stem in asked}
        met = sum(weight * self._met(stem, place) for stem, weight in weights.items())
        return met / sum(weights.values())

    def _met(self, stem: str, place: int) -> float:
        """1 for a word that the section has, a part of it for one that shares most of its pieces."""
        if stem in self._documents[place]:
            return 1.0
        pieces = grams(stem)
        share = len(self._known_pieces[place].intersection(pieces)) / len(pieces) if pieces else 0.0
        return share if share >= _MOSTLY else 0.0


class Library:
    """All sections of a program, ready to be searched; made once, never changed."""

    def __init__(self, sections: Iterable[Section]) -> None:
        by_language: dict[str, list[Section]] = defaultdict(list)
        for section in sections:
            by_language[section.language].append(section)
        self._shelves = {language: _Shelf(found, language) for language, found in by_language.items()}

    def search(self, query: str, language: str, limit: int = 3) -> tuple[Passage, ...]:
        """The best passages in `language`, else in English, best first; none where nothing fits."""
        for chosen in dict.fromkeys((language, FALLBACK)):
            shelf = self._shelves.get(chosen)
            found = shelf.search(query[:_LONGEST_QUERY], limit) if shelf else ()
            if found:
                return found
        return ()


def search(program: Program, query: str, language: str, limit: int = 3) -> tuple[Passage, ...]:
    """Searches the program's pages; see `Library.search`."""
    return _library(program.sections).search(query, language, limit)


@lru_cache(maxsize=4)
def _library(sections: tuple[Section, ...]) -> Library:
    return Library(sections)


def _weighted(section: Section, language: str) -> Mapping[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for text, weight in (
        (section.title, _TITLE),
        (" ".join(section.keywords), _KEYWORDS),
        (section.text, _TEXT),
        (section.page, _TEXT),
    ):
        for stem in stems(text, language):
            weights[stem] += weight
    return weights


def _pieces(words: Mapping[str, float]) -> Mapping[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for stem, weight in words.items():
        for piece in grams(stem):
            weights[piece] += weight
    return weights
