"""Frozen records to JSON documents and back, by their own types."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made once for each type, since making one costs a hundred times what using it does."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def to_doc(record: object) -> Any:
    """A JSON-ready document: decimals as strings, dates in ISO form."""
    return _adapter(type(record)).dump_python(record, mode="json")


def from_doc(kind: type[T], doc: Any) -> T:
    """The record again; pydantic's ValidationError where the document is not of that kind."""
    record: T = _adapter(kind).validate_python(doc)
    return record
