"""The body of a mail as lines, each with what its place in the HTML already says about it."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Mark(Enum):
    """own: nothing said; quote: inside quoted history; signature: inside what the mail program marks as one.

    indented: a quote in an answer, an indented paragraph in a new mail; likely signature: people type there as well.
    """

    OWN = "own"
    QUOTE = "quote"
    INDENTED = "indented"
    SIGNATURE = "signature"
    LIKELY_SIGNATURE = "likely signature"


class Line(NamedTuple):
    text: str
    mark: Mark = Mark.OWN

    @property
    def blank(self) -> bool:
        return not self.text.strip()


QUOTED = re.compile(r"^ {0,3}>")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000\t]")


def cleaned(text: str) -> str:
    """Without invisible characters, with plain spaces and `\\n` line ends."""
    if text.isascii():
        return text.replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")


def plain_lines(text: str) -> list[Line]:
    return [Line(line.rstrip() if line != "-- " else line) for line in cleaned(text).split("\n")]


def joined(lines: list[Line]) -> str:
    """The lines as text: at most one blank line in a row, none at the ends."""
    kept: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip("\n")


def is_quoted(line: Line) -> bool:
    return line.mark is Mark.QUOTE or bool(QUOTED.match(line.text))


def next_said(lines: list[Line], at: int) -> int:
    """The first line from `at` on that is not blank."""
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def is_quoted_next(lines: list[Line], at: int) -> bool:
    below = next_said(lines, at)
    return below < len(lines) and is_quoted(lines[below])
