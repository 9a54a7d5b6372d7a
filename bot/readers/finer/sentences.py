"""A message in sentences, folded so that one pattern finds a word however it is accented, and every place stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 12_000
LONGEST_SENTENCE = 600
MOST_SENTENCES = 300
_SPELLED_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
"""Letters that keep their own sound: "wurden" is no "würden". Patterns take both ways of writing them."""


def _table() -> dict[int, str]:
    table = {ord(mark): "'" for mark in "’‘´`ʼ"} | {ord(space): " " for space in "\u00a0\u202f\u2009\t"}
    for code in range(0xC0, 0x250):
        letter = chr(code)
        bare = unicodedata.normalize("NFD", letter)[0].lower()
        if letter.lower() not in _SPELLED_OUT and bare.isascii():
            table[code] = bare
    return table | {ord("ı"): "i", ord("İ"): "i"} | {ord(dash): "-" for dash in "‐‑–—"}


_TABLE = _table()
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|hr|fr|frl|ing|mag|mme|mlle|m|sr|sra|srta|dhr|mevr|mw|st|ca|nr|no|bzw|inkl|incl|"
    r"evtl|ggf|vs|co|ltd|inc|resp|approx|z\.b|d\.h|u\.a|e\.g|i\.e|[a-z]|\d{1,2})\.$"
)
_END = re.compile(r"[.!?…;]+[\"')»”*]*(?=\s|$)|\n")
BORDER = re.compile(
    r"[,;:()]| -+ |\b(?:and|but|so|because|since|und|aber|sondern|denn|daher|deshalb|weil|dass|et|mais|donc|car|maar|"
    r"dus|omdat|want (?=we|wij|ze|de|het)|y|pero|porque|asi que)\b"
)
_LONG_LINE = 50


def folded(text: str) -> str:
    """The text in lower case without accents, of the same length."""
    low = text.translate(_TABLE).lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_TABLE))


def pattern(written: str) -> re.Pattern[str]:
    """A pattern for folded text, of whole words; umlauts stand for either way of writing them."""
    for letter, spelled in _SPELLED_OUT.items():
        written = written.replace(letter, f"(?:{letter}|{spelled})")
    return re.compile(rf"(?<![\w-])(?:{written})(?!\w)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is folded; it stands at start..end of the body, or is the subject where `start` is negative."""

    text: str
    raw: str
    start: int
    end: int

    @property
    def asks(self) -> bool:
        return "?" in self.text

    def clause(self, start: int, end: int) -> str:
        """The part between commas and conjunctions in which start..end lies."""
        before = [m.end() for m in BORDER.finditer(self.text, 0, start)]
        behind = BORDER.search(self.text, end)
        return self.text[before[-1] if before else 0 : behind.start() if behind else len(self.text)].strip()

    def opens(self, place: int) -> bool:
        """Whether a clause begins at a place, a greeting or "please" aside."""
        return bool(_OPENING.search(self.text[:place]))


_OPENING = re.compile(
    r"(?:^|[,;:.!?()-]|\b(?:and|und|et|en|y|then|so|also|please|pls|plz|kindly|bitte|merci de|svp|graag|gelieve|"
    r"por favor|just|hi|hello|hallo|hola|bonjour|yes|ja|oui|si|ok|okay))[\s\"'*_]*$"
)


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; a very long text or sentence is cut short."""
    text = text[:LONGEST]
    low = folded(text)
    found: list[Sentence] = []
    for start, end in _stretches(low):
        said = low[start:end]
        lead = len(said) - len(said.lstrip(" >*_-•"))
        kept = said.strip()[:LONGEST_SENTENCE]
        # What stands behind ">" is somebody else's.
        if kept and not said.lstrip().startswith(">"):
            begin = start + lead
            stop = min(end, begin + LONGEST_SENTENCE)
            found.append(Sentence(low[begin:stop].replace("\n", " "), text[begin:stop].replace("\n", " "), begin, stop))
        if len(found) >= MOST_SENTENCES:
            break
    return tuple(found)


def _stretches(low: str) -> Iterator[tuple[int, int]]:
    start = line = 0
    for match in _END.finditer(low):
        if match.group() == "\n":
            wrapped = _is_wrapped(low, line, match.start())
            line = match.end()
            if wrapped:
                continue
        elif match.group()[0] == "." and _ABBREVIATED.search(low, max(start, match.start() - 12), match.start() + 1):
            continue
        if match.end() > start:
            yield start, match.end()
        start = match.end()
    if start < len(low):
        yield start, len(low)


def _is_wrapped(low: str, start: int, end: int) -> bool:
    """Whether a line goes on in the next: it is long, and neither of them is a list's."""
    following = low[end + 1 : end + 3]
    return end - start >= _LONG_LINE and following[:1].isalnum() and low[end - 1] not in ".!?:;"
