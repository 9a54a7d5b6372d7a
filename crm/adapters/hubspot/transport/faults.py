"""Turns HubSpot's refusals into the errors of `crm.errors`, with its own words and correlation id.

CrmUnavailable
`-- TokenRefused     401: a person has to give another token; nothing is lost meanwhile
CrmRejected
|-- NotThere         404
|-- Taken            409: another record has the unique value; `existing_id` where HubSpot names it
|-- MissingScope     403: the token lacks `scopes`
`-- NotInPlan        403 for another reason: the account's plan, most often
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError
from typing import Any

from crm.errors import CrmError, CrmRejected, CrmUnavailable

_EXISTING = re.compile(r"existing(?: object)? id:?\s*(\d+)", re.IGNORECASE)
# Two searches and not one from begin to end: what strangers wrote stands in these texts, and that one would take the
# square of its length.
_LIST_BEGINS, _LIST_ENDS = re.compile(r"\[\s*\{"), re.compile(r"\}\s*\]")
_LONGEST, _LONGEST_NAME = 1_000, 100
_UNTIL_A_PERSON_ACTS = 300.0


class TokenRefused(CrmUnavailable):
    """HubSpot does not know the token; what waits is kept until there is one that it knows."""


class NotThere(CrmRejected):
    """There is no such record, property, label or pipeline."""


class Taken(CrmRejected):
    """Another record has the value of a unique property, or the same name."""

    def __init__(self, message: str, existing_id: str | None = None) -> None:
        super().__init__(message)
        self.existing_id = existing_id


class MissingScope(CrmRejected):
    """The token may not do this; `scopes` as HubSpot names them, empty where it does not."""

    def __init__(self, message: str, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.scopes = scopes


class NotInPlan(CrmRejected):
    """The account does not have what the call is for: its plan, most often; HubSpot's words say it."""


def fault(what: str, status: int, body: Mapping[str, Any]) -> CrmError:
    """The error for an answer that refuses; `what` was being done. Those that time mends are not for here."""
    message = f"HubSpot refused to {what}: {words(body) or f'status {status}'}{_correlation(body)}"
    if status == 401:
        return TokenRefused(f"HubSpot does not accept the token{_correlation(body)}", _UNTIL_A_PERSON_ACTS)
    if status == 403:
        return _forbidden(message, body)
    if status == 404:
        return NotThere(message)
    if status == 409:
        return Taken(message, existing_id(body))
    return CrmRejected(message)


def words(body: Mapping[str, Any]) -> str:
    """What HubSpot says is wrong, one sentence for each property it names; also for one error of a batch's answer."""
    message = _text(body.get("message"))
    named = tuple(dict.fromkeys((*_embedded(message), *_listed(body))))
    begin, end = _list_in(message)
    head = (message[:begin] + message[end:]).strip().rstrip(":").strip()
    parts = [part for part in named if part not in head]
    said = ": ".join(part for part in (head, "; ".join(parts)) if part)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def existing_id(body: Mapping[str, Any]) -> str | None:
    """The id of the record that has the value already; HubSpot gives it in its text alone."""
    found = _EXISTING.search(_text(body.get("message")))
    return found.group(1) if found else None


def correlation_id(body: Mapping[str, Any]) -> str:
    """What HubSpot's support finds the call by; "" where it is missing."""
    return _text(body.get("correlationId"))[:_LONGEST_NAME]


def kind(body: Mapping[str, Any]) -> str:
    """HubSpot's word for what is wrong, such as VALIDATION_ERROR or TEN_SECONDLY_ROLLING; "" where it is missing."""
    return _text(body.get("policyName") or body.get("category"))[:_LONGEST_NAME]


def _correlation(body: Mapping[str, Any]) -> str:
    found = correlation_id(body)
    return f" (correlation id {found})" if found else ""


def _forbidden(message: str, body: Mapping[str, Any]) -> CrmError:
    scopes = tuple(dict.fromkeys(_scopes(body)))
    if scopes or body.get("category") == "MISSING_SCOPES":
        needed = f"; it needs {', '.join(scopes)}" if scopes else ""
        return MissingScope(f"{message}{needed}", scopes)
    return NotInPlan(message)


def _scopes(body: Mapping[str, Any]) -> Iterator[str]:
    contexts = [body.get("context"), *(error.get("context") for error in _errors(body))]
    for context in contexts:
        if isinstance(context, dict):
            for name, values in context.items():
                if "scope" in name.casefold() and isinstance(values, list):
                    yield from (_text(value) for value in values if value)


def _errors(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    errors = body.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _listed(body: Mapping[str, Any]) -> Iterator[str]:
    for error in _errors(body):
        context = error.get("context")
        names = context.get("propertyName") if isinstance(context, dict) else None
        name = _text(names[0] if isinstance(names, list) and names else names) or _text(error.get("in"))
        yield from _sentence(name, _text(error.get("message")))


def _list_in(message: str) -> tuple[int, int]:
    """Where it begins and ends; nowhere, at the end of the message."""
    begin = _LIST_BEGINS.search(message)
    *_, end = (0, *(found.end() for found in _LIST_ENDS.finditer(message)))
    return (begin.start(), end) if begin and begin.start() < end else (len(message), len(message))


def _embedded(message: str) -> Iterator[str]:
    """HubSpot puts the refused properties as JSON into the text of its message."""
    begin, end = _list_in(message)
    try:
        rows = json.loads(message[begin:end]) if begin < end else []
    except (JSONDecodeError, RecursionError):
        return
    for row in rows:
        if isinstance(row, dict):
            yield from _sentence(_text(row.get("name")), _text(row.get("localizedErrorMessage") or row.get("message")))


def _sentence(name: str, said: str) -> Iterator[str]:
    if said:
        yield said if not name or name in said else f"{name}: {said}"


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
