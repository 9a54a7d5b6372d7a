"""Text on paper: how wide it is, where it breaks into lines, and what stands for characters the typeface lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from reportlab.pdfbase import pdfmetrics

from bot.documents.fonts import fonts

MISSING = "\u25af"
_APART = re.compile(r" (?=[:;?!»])|(?<=«) ")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_FROM_THE_RIGHT = frozenset({"R", "AL"})
_RIGHTWARD = frozenset({"R", "AL", "WS", "NSM"})


def on_one_line(text: str) -> str:
    """Without control characters and marks that nobody sees, such as those that turn the direction of a text."""
    return _without_runs("".join(map(_seen, text)))


def clean(text: str) -> str:
    """On one line, as the typeface can set it: a character that it lacks becomes a white box. Signs that French sets
    apart stay on the line of their word.
    """
    plain = _without_runs("".join(map(_shown, unicodedata.normalize("NFC", text))))
    return _APART.sub("\u00a0", plain)


def _without_runs(text: str) -> str:
    """Spaces that no line may break at stay."""
    return " ".join(word for word in text.split(" ") if word)


@lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    return " " if unicodedata.category(char) in _UNSEEN else char


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    seen = _seen(char)
    return seen if ord(seen) in _face(fonts()[0]).charWidths else MISSING


def width(text: str, font: str, size: float) -> float:
    """In points; the text is `clean`."""
    return _units(text, font) * size


def wrapped(text: str, font: str, size: float, room: float) -> tuple[str, ...]:
    """The lines of a clean text, none wider than `room`; a word that is wider itself is broken where it has to be."""
    lines: list[str] = []
    taken, line, space = 0.0, "", _units(" ", font) * size
    for word in _words(text, font, size, room):
        wide = _units(word, font) * size
        if line and taken + space + wide > room:
            lines.append(line)
            line, taken = word, wide
        else:
            line, taken = (f"{line} {word}", taken + space + wide) if line else (word, wide)
    return (*lines, line) if line else tuple(lines)


def _words(text: str, font: str, size: float, room: float) -> Iterator[str]:
    for word in text.split(" "):
        if _units(word, font) * size <= room:
            if word:
                yield word
            continue
        yield from _pieces(word, font, size, room)


def _pieces(word: str, font: str, size: float, room: float) -> Iterator[str]:
    piece, taken = "", 0.0
    for char in word:
        wide = _units(char, font) * size
        if piece and taken + wide > room:
            yield piece
            piece, taken = "", 0.0
        piece, taken = piece + char, taken + wide
    yield piece


def visual(line: str) -> str:
    """A line in the order in which it is drawn from the left: what runs from the right is turned round."""
    if line.isascii() or not any(unicodedata.bidirectional(char) in _FROM_THE_RIGHT for char in line):
        return line
    runs = groupby(line, key=lambda char: unicodedata.bidirectional(char) in _RIGHTWARD)
    return "".join(_turned("".join(run)) if rightward else "".join(run) for rightward, run in runs)


def _turned(run: str) -> str:
    """Spaces at its ends belong to what stands beside it."""
    core = run.strip()
    if not any(unicodedata.bidirectional(char) in _FROM_THE_RIGHT for char in core):
        return run
    before = run[: len(run) - len(run.lstrip())]
    return before + core[::-1] + run[len(before) + len(core) :]


@lru_cache(maxsize=16_384)
def _units(text: str, font: str) -> float:
    """The width at a size of one point."""
    fonts()
    face = _face(font)
    return float(sum(face.charWidths.get(ord(char), face.defaultWidth) for char in text)) / 1000


@lru_cache
def _face(font: str) -> Any:
    fonts()
    return pdfmetrics.getFont(font).face
