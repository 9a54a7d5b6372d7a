"""What a button means, written down with it: the requests that its words stand for, and the language they are in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.vocabulary.requests import (
    AnswerFields,
    CommissionFields,
    DayFields,
    DealFields,
    DisputeDetails,
    DisputeFields,
    Finer,
    Intent,
    InvoiceFields,
    NoFields,
    PayoutFields,
    PersonFields,
    Reading,
    Request,
    StatusFields,
    TopicFields,
    UpdateFields,
    WhatIfFields,
)

READER = "button"
"""Who read it, as a reading names its reader."""
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        AnswerFields, CommissionFields, DayFields, DealFields, DisputeDetails, DisputeFields, InvoiceFields, NoFields,
        PayoutFields, PersonFields, StatusFields, TopicFields, UpdateFields, WhatIfFields,
    )
}  # fmt: skip


def write(requests: Sequence[Request], language: str) -> str:
    return json.dumps({"language": language, "requests": [_said(request) for request in requests]}, ensure_ascii=False)


def read(wish: str) -> Reading | None:
    """None where nothing is written, or nothing that `write` would write."""
    try:
        said = json.loads(wish) if wish else None
        if not isinstance(said, dict):
            return None
        requests = tuple(_request(one) for one in said["requests"])
        return Reading(str(said["language"]), requests, answer_expected=True, reader=READER) if requests else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        return None


def _said(request: Request) -> dict[str, Any]:
    kind = type(request.fields).__name__
    told = _ADAPTERS[kind].dump_python(request.fields, mode="json")
    told = {name: value for name, value in told.items() if value not in (None, [])}
    row: dict[str, Any] = {"intent": request.intent.value, "of": kind, "fields": told, "said": request.said}
    return row | ({"finer": request.finer.value} if request.finer else {})


def _request(said: Any) -> Request:
    fields = _ADAPTERS[said["of"]].validate_python(said["fields"])
    finer = Finer(said["finer"]) if "finer" in said else None
    return Request(Intent(said["intent"]), fields, finer=finer, said=str(said["said"]))
