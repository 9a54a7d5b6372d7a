"""How a figure comes about, in sentences: each step of a derivation as a text of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.texts.wording import Wording
from bot.vocabulary.decisions import Value
from crm.money import Money
from knowledge.commission.derivation import Said, Step


def told(step: Step) -> Mapping[str, Value]:
    """A step as a value of an answer. What was left out at no value has other words, as have what needed no rounding,
    a first sum that nothing was earned on before, and a first payment that counts as it came.
    """
    key = str(step.sentence)
    if step.sentence is Said.ONE_OFF_LEFT_OUT and _is_nothing(step.values.get("amount")):
        key = "one_off_apart"
    if step.sentence is Said.ROUNDED and step.values.get("exact") == step.values.get("result"):
        key = "exact"
    if step.sentence is Said.EARLIER_LINES and _is_nothing(step.values.get("earlier")):
        key = "exact"
    if step.sentence is Said.COLLECTED and step.values.get("amount") == step.values["collected"] == step.values["base"]:
        key = "collected_all"
    return {"text": f"said.{key}", **step.values}


def sentences(steps: Iterable[Step], wording: Wording) -> tuple[str, ...]:
    """One for each step, with a capital letter."""
    return tuple(capital(wording.value(told(step), "")) for step in steps)


def _is_nothing(value: object) -> bool:
    return isinstance(value, Money) and not value.amount


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
