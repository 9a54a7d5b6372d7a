"""In which line each key of a TOML file stands, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}#\n]*")  # numbers, dates and words, each up to what ends it
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*"{3,5}'),
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}"),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Path -> line, counted from 1, of every table, key and element of an array in a text that `tomllib` reads.

    A table is where its header stands or the first key within it, a value where its key is, an element where it
    begins. Tables without values of their own have a place, too.
    """
    return _Lines(text.replace("\r\n", "\n")).read()


class _Lines:
    """One pass over the text. It trusts that the text is valid: what is not has been refused before."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._found: dict[Path, int] = {}
        self._rows: dict[Path, int] = {}  # arrays of tables, with how many they have so far

    def read(self) -> dict[Path, int]:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._statement(table)
            self._skip()
        return self._found

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _line(self) -> int:
        return bisect_right(self._breaks, self._at - 1) + 1

    def _mark(self, path: Path, line: int) -> None:
        self._found.setdefault(path, line)

    def _header(self) -> Path:
        line = self._line()
        opening = 2 if self._text.startswith("[[", self._at) else 1
        self._at += opening
        *parents, last = self._key()
        self._at += opening
        path: Path = ()
        for part in parents:
            path = self._latest((*path, part), line)
        if opening == 1:
            return self._latest((*path, last), line)
        path = (*path, last)
        self._mark(path, line)
        place = self._rows.get(path, 0)
        self._rows[path] = place + 1
        self._mark((*path, place), line)
        return (*path, place)

    def _latest(self, path: Path, line: int) -> Path:
        """The table of that path, the last one where it is an array of tables."""
        self._mark(path, line)
        return (*path, self._rows[path] - 1) if path in self._rows else path

    def _statement(self, table: Path) -> None:
        line = self._line()
        for part in self._key():
            table = (*table, part)
            self._mark(table, line)
        self._at += 1  # the equals sign
        self._skip()
        self._value(table)

    def _key(self) -> Iterator[str]:
        """The parts of a dotted key; ends at what comes after them."""
        parts = [self._part()]
        while self._text[self._at] == ".":
            self._at += 1
            parts.append(self._part())
        return iter(parts)

    def _part(self) -> str:
        self._skip()
        if self._text[self._at] in "\"'":
            start = self._at
            self._string()
            quoted = self._text[start : self._at]
            part = quoted[1:-1] if quoted[0] == "'" else str(tomllib.loads(f"key = {quoted}")["key"])
        else:
            bare = _BARE.match(self._text, self._at)
            part = bare.group() if bare else ""
            self._at += len(part)
        self._skip()
        return part

    def _string(self) -> None:
        for kind in _STRINGS:
            found = kind.match(self._text, self._at)
            if found:
                self._at = found.end()
                return

    def _value(self, path: Path) -> None:
        first = self._text[self._at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        elif first in "\"'":
            self._string()
        else:
            plain = _PLAIN.match(self._text, self._at)
            self._at = plain.end() if plain else self._at

    def _array(self, path: Path) -> None:
        self._at += 1
        self._skip()
        place = 0
        while self._text[self._at] != "]":
            self._mark((*path, place), self._line())
            self._value((*path, place))
            self._comma()
            place += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        self._skip()
        while self._text[self._at] != "}":
            self._statement(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._skip()
        if self._text[self._at] == ",":
            self._at += 1
            self._skip()
