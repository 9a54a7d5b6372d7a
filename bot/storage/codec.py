"""Frozen records to JSON documents and back, by their own types; and whatever came from outside, as it can be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
_UNSTORABLE = re.compile("[\\0\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made once for each type, since making one costs a hundred times what using it does."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def to_doc(record: object) -> Any:
    """A JSON-ready document: decimals as strings, dates in ISO form, every text `storable`."""
    return _adapter(type(record)).dump_python(storable(record), mode="json")


def from_doc(kind: type[T], doc: Any) -> T:
    """The record again; pydantic's ValidationError where the document is not of that kind."""
    record: T = _adapter(kind).validate_python(doc)
    return record


def all_from_json(kind: type[T], docs: str) -> tuple[T, ...]:
    """All records of a JSON array, in its order: read in one go, which takes a fraction of the time."""
    records: tuple[T, ...] = _adapter(tuple[kind, ...]).validate_json(docs)  # type: ignore[valid-type]
    return records


def storable(value: T) -> T:
    """The same with a replacement mark for each NUL and lone surrogate in its texts: PostgreSQL takes neither.

    Goes through records, tuples, lists and mappings; whatever needs no change is given back as it is.
    """
    return cast("T", _storable(value))


def _storable(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return _UNSTORABLE.sub(_REPLACEMENT, value)
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if kind in (tuple, list, frozenset, set):
        return kind(_storable(item) for item in value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _record(record: Any) -> Any:
    changed: dict[str, Any] = {}
    for field in fields(record):
        old = getattr(record, field.name)
        new = _storable(old)
        if field.init and new is not old and new != old:
            changed[field.name] = new
    return replace(record, **changed) if changed else record
