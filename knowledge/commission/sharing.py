"""Dividing a rounded sum among partners: whole units, the largest remainders first, ties to the smaller id."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction


def shared(amount: Decimal, weights: Mapping[str, Decimal], unit: Decimal) -> dict[str, Decimal]:
    """`amount` (a multiple of `unit`) by positive weights; parts sum up to it. A negative one mirrors its opposite."""
    if amount < 0:
        return {id_: -part for id_, part in shared(-amount, weights, unit).items()}
    whole = sum(map(Fraction, weights.values()))
    units = int(amount / unit)
    exact = {id_: units * Fraction(weight) / whole for id_, weight in weights.items()}
    parts = {id_: part.numerator // part.denominator for id_, part in exact.items()}
    by_remainder = sorted(weights, key=lambda id_: (parts[id_] - exact[id_], id_))
    for id_ in by_remainder[: units - sum(parts.values())]:
        parts[id_] += 1
    return {id_: part * unit for id_, part in parts.items()}


def share_of(amount: Decimal, weights: Mapping[str, Decimal], partner_id: str, unit: Decimal) -> Decimal:
    return shared(amount, weights, unit)[partner_id]
