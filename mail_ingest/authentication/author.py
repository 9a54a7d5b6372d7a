"""The one author of a From field, read strictly: what could be read as another address, or as several, is nobody."""

from __future__ import annotations

import re

from mail_ingest.address import normalised

_LENGTH = 2_000
_DEPTH = 20
_ALONE = re.compile(r"\s*([^\s<>\x01]+)\s*")
_NAMED = re.compile(r"[^<>@:;,]*<\s*([^\s<>\x01]+)\s*>\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def author_of(value: bytes) -> str:
    """The address in normal form; "" for several, none, a group, or a name outside quotes that holds an address."""
    text = value.decode("utf-8", "surrogateescape")
    if len(text) > _LENGTH or _CONTROL.search(text):
        return ""
    plain = _without_quoted(text)
    if plain is None:
        return ""
    found = _NAMED.fullmatch(plain) or _ALONE.fullmatch(plain)
    return normalised(found[1]) if found else ""


def _without_quoted(text: str) -> str | None:
    """The text without quoted strings and comments, each a blank; None where one does not end."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            if not (depth or quoted):
                return None
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == "(":
            depth += 1
            kept.append(" ")
        elif char == ")":
            depth -= 1
        elif not depth:
            quoted = char == '"'
            kept.append("\x01" if quoted else char)
        if not 0 <= depth <= _DEPTH:
            return None
    return None if depth or quoted or escaped else "".join(kept)
