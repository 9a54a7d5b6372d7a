"""Posted lines as JSON documents and back, exactly: a decimal stays a decimal in every step of the derivation.

Written by hand because a run writes hundreds of thousands of them, and because a union of types does not say which of
them a text was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.storage.codec import storable
from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, Step

# One letter says what a value is: {"d": "0.15"} a decimal, {"m": ["900.00", "EUR"]} money, {"t": [...]} several values.
_DECIMAL, _MONEY, _DAY, _TUPLE = "d", "m", "on", "t"


def line_doc(line: Line) -> dict[str, Any]:
    """Everything of a line; `inputs` of a step stand only where they are not its `values`."""
    return {
        "key": line.key,
        "partner_id": line.partner_id,
        "plan_id": line.plan_id,
        "plan": line.plan,
        "version": line.version,
        "series": line.series,
        "event": line.event,
        "part": line.part,
        "earned_on": line.earned_on.isoformat(),
        "amount": _money(line.amount),
        "base": _money(line.base),
        "rate": None if line.rate is None else str(line.rate),
        "tier": line.tier,
        "steps": [_step_doc(step) for step in line.steps],
        "deal_id": line.deal_id,
        "deal_number": line.deal_number,
        "customer": _text(line.customer),
        "reverses": line.reverses,
    }


def line_of(doc: Mapping[str, Any]) -> Line:
    return Line(
        key=doc["key"],
        partner_id=doc["partner_id"],
        plan_id=doc["plan_id"],
        plan=doc["plan"],
        version=doc["version"],
        series=doc["series"],
        event=doc["event"],
        part=doc["part"],
        earned_on=date.fromisoformat(doc["earned_on"]),
        amount=_to_money(doc["amount"]),
        base=_to_money(doc["base"]),
        rate=None if doc["rate"] is None else Decimal(doc["rate"]),
        tier=doc["tier"],
        steps=tuple(_step_of(step) for step in doc["steps"]),
        deal_id=doc["deal_id"],
        deal_number=doc["deal_number"],
        customer=doc["customer"],
        reverses=doc["reverses"],
    )


def _step_doc(step: Step) -> dict[str, Any]:
    values = {name: _value_doc(value) for name, value in step.values.items()}
    doc: dict[str, Any] = {
        "name": step.name,
        "rule": step.rule,
        "sentence": step.sentence.value,
        "result": _value_doc(step.result),
        "values": values,
    }
    if step.inputs is not step.values and step.inputs != step.values:
        doc["inputs"] = {name: _value_doc(value) for name, value in step.inputs.items()}
    return doc


def _step_of(doc: Mapping[str, Any]) -> Step:
    values = {name: _value_of(value) for name, value in doc["values"].items()}
    given = doc.get("inputs")
    inputs = values if given is None else {name: _value_of(value) for name, value in given.items()}
    return Step(doc["name"], doc["rule"], inputs, _value_of(doc["result"]), Said(doc["sentence"]), values)


def _value_doc(value: object) -> Any:
    known = _WRITTEN.get(type(value))
    return known(value) if known is not None else value


def _value_of(doc: Any) -> Any:
    if not isinstance(doc, dict):
        return doc
    ((kind, said),) = doc.items()
    return _READ[kind](said)


def _text(value: str) -> str:
    """Nearly all are plain, and that is seen at once."""
    return value if value.isascii() and "\0" not in value else storable(value)


def _money(money: Money) -> list[str]:
    return [str(money.amount), money.currency]


def _to_money(doc: list[str]) -> Money:
    return Money(Decimal(doc[0]), doc[1])


_WRITTEN: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda value: {_DECIMAL: str(value)},
    Money: lambda value: {_MONEY: _money(value)},
    date: lambda value: {_DAY: value.isoformat()},
    tuple: lambda value: {_TUPLE: [_value_doc(one) for one in value]},
    str: _text,
}
_READ: dict[str, Callable[[Any], Any]] = {
    _DECIMAL: Decimal,
    _MONEY: _to_money,
    _DAY: date.fromisoformat,
    _TUPLE: lambda said: tuple(_value_of(one) for one in said),
}
