"""Values of a program as an operator reads them: sums, rates, days, lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from crm.money import Money

_SHARES = ("influenced_rate", "pass_mark")
_LONG = 100


def shown(value: Any, key: str = "") -> str:
    """`key` tells the unit: what ends in percent, points or days is one of these."""
    name = key.rpartition(".")[2]
    if value is None or value in ("", (), {}):
        return "-"
    if isinstance(value, Decimal) and name in _SHARES:
        return f"{plain(value * 100)} %"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return plain(value) + _unit(name)
    return _cut(_told(value))


def plain(number: int | Decimal) -> str:
    """Without an exponent and zeros at its end, thousands set apart."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Money) -> str:
    return f"{value.currency} {plain(value.amount)}"


def _unit(name: str) -> str:
    if name.endswith(("percent", "percents")):
        return " %"
    if name.endswith("points"):
        return " points"
    if name.endswith("business_days"):
        return " business days"
    return " days" if name.endswith("_days") else ""


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return _of_parts(value)


def _of_parts(value: Any) -> str:
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, BaseModel):
        rule = getattr(type(value), "rule", "")
        pairs = _pairs({name: getattr(value, name) for name in type(value).model_fields})
        return ", ".join(part for part in (str(rule or ""), pairs) if part)
    if is_dataclass(value):
        return _pairs({field.name: getattr(value, field.name) for field in fields(value)})
    return _pairs(value) if isinstance(value, Mapping) else " ".join(str(value).split())


def _pairs(parts: Mapping[str, Any]) -> str:
    """What is empty of a row says nothing."""
    told = {key: shown(part, key) for key, part in parts.items()}
    return ", ".join(f"{key.replace('_', ' ')} {text}" for key, text in told.items() if text != "-")


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG].rstrip()} …"
