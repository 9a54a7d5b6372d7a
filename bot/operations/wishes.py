"""What was read in a message, in words and in the order in which a registration is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.channels.console.views import WishRead
from bot.channels.console.words import amount, day
from bot.vocabulary.requests import FIELDS_OF, Intent

_NAMES = {"products": "product"}  # as the stored reading calls it


def wish_read(request: Mapping[str, Any]) -> WishRead:
    """Of one request of a stored reading (`bot.vocabulary.requests.labelled`); what is not known stays as it is."""
    intent = str(request["intent"])
    said = {name: str(value) for name, value in request.get("fields", {}).items()}
    known = [name for name in _order(intent) if name in said]
    others = [name for name in said if name not in known]
    return WishRead(intent, tuple(_in_words(said, [*known, *others])))


def _order(intent: str) -> list[str]:
    known = next((member for member in Intent if member.value == intent), None)
    return [_NAMES.get(field.name, field.name) for field in fields(FIELDS_OF[known])] if known else []


def _in_words(said: Mapping[str, str], order: list[str]) -> Iterator[tuple[str, str]]:
    """Day and amount as people write them; a currency stands with its amount."""
    for name in order:
        if name == "currency" and "amount" in said:
            continue
        yield name, _value(name, said)


def _value(name: str, said: Mapping[str, str]) -> str:
    value = said[name]
    if name == "amount":
        with suppress(InvalidOperation):
            return amount(Decimal(value), said.get("currency", ""))
    if name == "close_date":
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    return value
