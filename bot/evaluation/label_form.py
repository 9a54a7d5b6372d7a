"""Requests as people write and read them in one line: `register_deal customer=Acme Foods amount=45000`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.evaluation.cases import Wanted

_FIELD = re.compile(r"(?:^|\s)([A-Za-z_]+)=")
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»"}


class FormError(ValueError):
    """A line that is no request; the text says what would be one."""


def line_of(intent: str, fields: Mapping[str, Any]) -> str:
    """The request in one line; line breaks inside a value become spaces."""
    return " ".join([intent, *(f"{name}={' '.join(str(value).split())}" for name, value in fields.items())])


def lines_of(requests: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Requests in the guide's form, a line each; one that is asked about first says so."""
    return tuple(
        line_of(request["intent"], request.get("fields") or {}) + ("  (asks first)" if request.get("ask") else "")
        for request in requests
    )


def request_in(line: str) -> Wanted:
    """The request that a line says. A value reaches to the next `name=`; quotation marks around it are taken off.

    Names and values are not held against the guide here. Raises FormError.
    """
    head, *rest = line.strip().split(None, 1)
    behind = rest[0] if rest else ""
    found = list(_FIELD.finditer(behind))
    loose = behind[: found[0].start()] if found else behind
    if loose.strip():
        raise FormError(f"`{loose.strip()}` belongs to no field; write it as NAME=VALUE, such as {head} customer=Acme")
    fields: dict[str, str] = {}
    for match, following in zip(found, [*found[1:], None], strict=False):
        name = match[1].lower()
        if name in fields:
            raise FormError(f"{name} is given twice; a second deal is a line of its own")
        fields[name] = _unquoted(behind[match.end() : following.start() if following else len(behind)].strip())
    return Wanted(head.lower(), fields)


def requests_in(lines: Iterable[str]) -> tuple[Wanted, ...]:
    """Each line's request, in their order; empty lines are passed over. Raises FormError."""
    return tuple(request_in(line) for line in lines if line.strip())


def _unquoted(value: str) -> str:
    closing = _QUOTES.get(value[:1])
    return value[1:-1].strip() if closing and len(value) > 1 and value.endswith(closing) else value
