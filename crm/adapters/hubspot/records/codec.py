"""Records to JSON text and back, exactly: what HubSpot's properties round or leave out stands in that copy."""

from __future__ import annotations

import logging
import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from crm.errors import CrmRejected

T = TypeVar("T")

LONGEST = 65_536
"""Characters that one property of HubSpot holds."""

_LOG = logging.getLogger(__name__)
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
_UNSTORABLE = re.compile("[\\0\ud800-\udfff]")


class Damaged(ValueError):
    """The text is no such record: somebody changed it by hand, or it was cut."""


def storable(text: str) -> str:
    """The text with what neither HubSpot nor PostgreSQL holds, NUL and lone surrogates, replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def kept(record: T) -> T:
    """The record as it will be kept: texts `storable`, instants in UTC.

    Raises CrmRejected for an instant without a time zone and for a number that is none.
    """
    return cast("T", _kept(record, ""))


def text_of(record: object, *, short: bool = False) -> str:
    """One line of JSON, of a record that is `kept`; `short` without the fields that have their usual value."""
    return _adapter(type(record)).dump_json(record, exclude_defaults=short).decode()


def record_of(kind: type[T], text: str) -> T:
    """Raises Damaged."""
    try:
        return cast("T", _adapter(kind).validate_json(text))
    except (ValidationError, UnicodeEncodeError, TypeError) as fault:
        raise Damaged(f"it is no {kind.__name__}") from fault


def copy_of(kind: type[T], text: str) -> T | None:
    """Our copy of a record; None where there is none, or somebody damaged it: then HubSpot's properties are all."""
    if not text:
        return None
    try:
        return record_of(kind, text)
    except Damaged:
        _LOG.warning("the copy of a %s in HubSpot is damaged; what its properties say counts", kind.__name__)
        return None


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made once for each type: that costs a hundred times what using it does."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _kept(value: Any, name: str) -> Any:
    if isinstance(value, str):
        # A word of an enum stays what it is.
        return storable(value) if type(value) is str else value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CrmRejected(f"{name} has no time zone")
        return value.astimezone(UTC)
    if isinstance(value, Decimal) and not value.is_finite():
        raise CrmRejected(f"the {name.replace('_', ' ')} is not a number")
    if isinstance(value, tuple):
        return tuple(_kept(item, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: _kept(getattr(value, f.name), _said(f.name, name)) for f in fields(value)})
    return value


def _said(name: str, outer: str) -> str:
    """Money's amount is the margin's, or whatever else has it."""
    return outer if name == "amount" and outer else name
