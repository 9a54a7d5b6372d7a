"""What a button means, written down with it: the requests that its words stand for, and the language they are in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bot.vocabulary.requests import (
    AnswerFields,
    CommissionFields,
    DisputeFields,
    Fields,
    Finer,
    Intent,
    InvoiceFields,
    NoFields,
    PayoutFields,
    Reading,
    Request,
    StatusFields,
    TopicFields,
    UpdateFields,
)

READER = "button"
"""Who read it, as a reading names its reader."""
_KINDS: Mapping[str, type[Fields]] = {
    kind.__name__: kind
    for kind in (
        AnswerFields, CommissionFields, DisputeFields, InvoiceFields, NoFields, PayoutFields, StatusFields,
        TopicFields, UpdateFields,
    )
}  # fmt: skip


def write(requests: Sequence[Request], language: str) -> str:
    """ValueError where a request says more than words: figures and days are typed by people, not offered."""
    return json.dumps({"language": language, "requests": [_said(request) for request in requests]}, ensure_ascii=False)


def read(wish: str) -> Reading | None:
    """None where nothing is written, or nothing that `write` would write."""
    try:
        said = json.loads(wish) if wish else None
        if not isinstance(said, dict):
            return None
        requests = tuple(_request(one) for one in said["requests"])
        return Reading(str(said["language"]), requests, answer_expected=True, reader=READER) if requests else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _said(request: Request) -> dict[str, Any]:
    kind = type(request.fields)
    values = {f.name: getattr(request.fields, f.name) for f in fields(request.fields)}
    told = {name: value for name, value in values.items() if value not in (None, ())}
    if _KINDS.get(kind.__name__) is not kind or not all(isinstance(value, str) for value in told.values()):
        raise ValueError(f"a button cannot say {kind.__name__} with {sorted(told)}")
    row: dict[str, Any] = {"intent": request.intent.value, "of": kind.__name__, "fields": told}
    return row | ({"finer": request.finer.value} if request.finer else {})


def _request(said: Any) -> Request:
    kind, told = _KINDS[said["of"]], said["fields"]
    if not all(isinstance(value, str) for value in told.values()):
        raise TypeError("a field that is no text")
    finer = Finer(said["finer"]) if "finer" in said else None
    return Request(Intent(said["intent"]), kind(**told), finer=finer)
