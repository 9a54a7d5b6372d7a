"""Reading one `Authentication-Results` header by the grammar of RFC 8601; what breaks the grammar is not read at all.

Parts of the header are chosen by the sender (the envelope's sender most of all), so nothing is looked for in it: the
text is read from its begin to its end, and where two readers could differ about it, it counts as unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_LENGTH = 16_384
_DEPTH = 20
_SPACE = " \t\r\n"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")
_RUN = re.compile(r"[^\s;\"()\\\x00-\x1f\x7f]{1,1000}")
_RESULT = re.compile(r"[a-z]{1,20}")
_DIGITS = re.compile(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Method:
    """One result: `name` "dkim", `result` "pass", `properties` {"header.d": "acme.com"}; names in lower case."""

    name: str
    result: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    authserv_id: str
    methods: tuple[Method, ...]


def read_results(value: str) -> AuthenticationResults | None:
    """The header's value as data, or None where any of it is not well formed or it is far too long."""
    if len(value) > _LENGTH:
        return None
    try:
        return _Scanner(value).results()
    except _Unreadable:
        return None


class _Unreadable(Exception):
    """The text leaves the grammar."""


class _Scanner:
    """Reads forward through the text; every method leaves `_at` behind what it has read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def results(self) -> AuthenticationResults:
        self._skip()
        authserv_id = self._value().lower()
        self._skip()
        self._match(_DIGITS)
        methods: list[Method] = []
        self._skip()
        while self._take(";"):
            self._skip()
            if self._here() not in (";", "") and (method := self._statement()):
                methods.append(method)
        if self._here():
            raise _Unreadable
        return AuthenticationResults(authserv_id, tuple(methods))

    def _statement(self) -> Method | None:
        """A method, its result and its properties; None for the word `none`, which says that nothing was checked."""
        name = self._name()
        if name == "none" and self._here() in (";", ""):
            return None
        if self._take("/"):
            self._skip()
            if not self._match(_DIGITS):
                raise _Unreadable
            self._skip()
        result = self._assigned().lower()
        if not _RESULT.fullmatch(result):
            raise _Unreadable
        return Method(name, result, MappingProxyType(self._properties()))

    def _properties(self) -> dict[str, str]:
        """What follows the result, `reason` and vendors' own words included."""
        found: dict[str, str] = {}
        while self._here() not in (";", ""):
            name = self._name()
            if self._take("."):
                self._skip()
                name = f"{name}.{self._name()}"
            value = self._assigned()
            # A property with two values: one of them is the sender's, written into a place that was not closed.
            if found.setdefault(name, value) != value:
                raise _Unreadable
        return found

    def _name(self) -> str:
        name = self._match(_NAME).lower()
        if not name:
            raise _Unreadable
        self._skip()
        return name

    def _assigned(self) -> str:
        if not self._take("="):
            raise _Unreadable
        self._skip()
        value = self._value()
        before = self._at
        self._skip()
        if before == self._at and self._here() not in (";", ""):
            raise _Unreadable
        return value

    def _value(self) -> str:
        """A quoted text, a run without blanks, or an address whose local part is quoted."""
        if not self._take('"'):
            run = self._match(_RUN)
            if not run:
                raise _Unreadable
            return run
        text = self._quoted()
        return text + self._match(_RUN) if self._here() == "@" else text

    def _quoted(self) -> str:
        kept: list[str] = []
        while (char := self._next()) != '"':
            kept.append(self._next() if char == "\\" else char)
        return "".join(kept)

    def _skip(self) -> None:
        """White space and comments."""
        while (char := self._here()) and (char in _SPACE or char == "("):
            if char == "(":
                self._comment()
            else:
                self._at += 1

    def _comment(self) -> None:
        """A nested comment. A parenthesis between quotes in it is text to its writer and an end to the grammar."""
        depth = 0
        quoted = False
        while True:
            char = self._next()
            if char == "\\":
                self._next()
            elif char == '"':
                quoted = not quoted
            elif char in "()":
                depth += 1 if char == "(" else -1
                if quoted or depth > _DEPTH:
                    raise _Unreadable
                if depth == 0:
                    return

    def _here(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._here()
        if not char:
            raise _Unreadable
        self._at += 1
        return char

    def _take(self, char: str) -> bool:
        taken = self._here() == char
        self._at += taken
        return taken

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[0]
