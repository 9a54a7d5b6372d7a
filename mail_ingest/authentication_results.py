"""Reading one `Authentication-Results` header (RFC 8601); what cannot be read says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_LENGTH = 16_384
_RESULT = re.compile(r"^([a-z][a-z0-9-]{1,30})(?:/\d+)?\s*=\s*([a-z]{1,20})\b")
_PROPERTY = re.compile(
    r"\b((?:smtp|header|body|policy)\s*\.\s*[a-z][a-z0-9-]{0,30})\s*=\s*(\"[^\"]{0,320}\"|[^\s;\"]{1,320})"
)
_ID = re.compile(r"^\"?([^\s;\"]{1,255})\"?(?:\s+\d+)?$")


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
    """The header's value as data, or None where it is not well formed or far too long."""
    if len(value) > _LENGTH or value.count('"') % 2:
        return None
    text = _without_comments(value)
    if text is None:
        return None
    who, *statements = _statements(text)
    identity = _ID.match(who.strip())
    if not identity:
        return None
    methods = (_method(statement) for statement in statements)
    return AuthenticationResults(identity[1].lower(), tuple(m for m in methods if m))


def _method(statement: str) -> Method | None:
    text = statement.strip()
    found = _RESULT.match(text.lower())
    if not found:
        return None
    properties: dict[str, str] = {}
    for name, value in _PROPERTY.findall(text[found.end() :]):
        # The first one counts: what follows in a value the sender chose cannot override it.
        properties.setdefault(re.sub(r"\s", "", name).lower(), value.strip('"').strip())
    return Method(found[1], found[2], MappingProxyType(properties))


def _statements(text: str) -> list[str]:
    """Split at semicolons outside quotes."""
    parts = [""]
    quoted = False
    for char in text:
        quoted = quoted != (char == '"')
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _without_comments(text: str) -> str | None:
    """Comments (nested, in parentheses outside quotes) removed; None where parentheses do not match."""
    kept: list[str] = []
    depth = 0
    quoted = False
    for char in text:
        if depth == 0 and char == '"':
            quoted = not quoted
        if not quoted and char == "(":
            depth += 1
        elif not quoted and char == ")":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0:
            kept.append(char)
    return "".join(kept) if depth == 0 else None
