"""The header fields of a raw mail, read strictly: where two programs could differ about them, they are not read.

A signature covers the fields as its verifier sees them, and what is acted on are the fields as the parser sees them.
Bare carriage returns, NUL and lines that are no field are where such readers part, and forgers look for these places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mail_ingest.headers import Headers
from mail_ingest.parse import INTERNAL_HEADERS

_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200}):")
# RFC 5322 allows each at most once. A verifier takes the last and most readers the first, so that a second one put
# above a signed mail would be read in its place.
_NAMES = """
from sender reply-to to cc subject date message-id in-reply-to references mime-version content-type
content-transfer-encoding
"""
_ONCE = frozenset(_NAMES.split())


@dataclass(frozen=True, slots=True)
class Field:
    """`name` in lower case; `value` as it came, folds included."""

    name: str
    value: bytes


def read_fields(raw: bytes) -> tuple[Field, ...] | None:
    """The top fields in their order; None where they are not well formed."""
    end = _END.search(raw)
    block = raw[: end.start()] if end else raw.rstrip(b"\r\n")
    if b"\0" in block or b"\r" in block.replace(b"\r\n", b""):
        return None
    fields: list[tuple[bytes, list[bytes]]] = []
    for line in _LINE.split(block):
        if line[:1] in (b" ", b"\t") and fields and line.strip():
            fields[-1][1].append(line)
            continue
        found = _FIELD.match(line)
        if found is None:
            return None
        fields.append((found[1], [line[found.end() :]]))
    return tuple(Field(name.decode("ascii").lower(), b"\r\n".join(lines)) for name, lines in fields)


def agree(fields: Sequence[Field], headers: Headers) -> bool:
    """Whether the parser saw the same fields; it leaves out our own internal ones."""
    seen = [field.name for field in fields if not field.name.startswith(INTERNAL_HEADERS)]
    return seen == [name.lower() for name, _ in headers]


def values(fields: Sequence[Field], name: str) -> list[bytes]:
    return [field.value for field in fields if field.name == name]


def repeated(fields: Sequence[Field]) -> str:
    """The first field that stands twice and may not, or ""."""
    seen: set[str] = set()
    for field in fields:
        if field.name in seen and field.name in _ONCE:
            return field.name
        seen.add(field.name)
    return ""
