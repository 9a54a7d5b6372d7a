"""Accelerator: points on the part of the volume above the partner's own target; without one there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, Value, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Sale, Trace
from knowledge.values import Checked, Percent


class AboveTarget(Checked):
    rule: ClassVar[str] = "above_target"
    points: Percent

    def points_on(self, sale: Sale, trace: Trace | None) -> Decimal:
        if sale.target is None or sale.target.currency != sale.currency:
            return NOTHING
        target = sale.target.amount
        part = max(NOTHING, sale.after - target) - max(NOTHING, sale.before - target)
        if not part:
            return NOTHING
        added = part * self.points / 100
        if trace is not None:
            amount, result = Money(part, sale.currency), Money(added, sale.currency)
            values: dict[str, Value] = {"points": self.points, "amount": amount, "result": result}
            trace.append(step("accelerator", self.rule, Said.ACCELERATED, result, target=sale.target, **values))
        return added

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.ACCELERATOR, {"points": self.points}),)
