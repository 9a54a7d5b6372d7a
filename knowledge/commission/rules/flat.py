"""Rate: a sum for each deal, earned once and whole; it is lost only when everything is paid back."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import Points, Sale, Trace
from knowledge.values import Checked, Sum


class Flat(Checked):
    rule: ClassVar[str] = "flat"
    years: ClassVar[int] = 0
    in_program_currency: ClassVar[bool] = True
    sum: Sum

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        now, before = sale.deal_after > 0, sale.deal_before > 0
        if trace is not None:
            trace.append(step("rate", self.rule, Said.FLAT_SUM, self.sum, flat=self.sum))
        return self.sum.amount * (now - before), None

    def lines(self, key: RateKey, points: Points) -> tuple[RateLine, ...]:  # noqa: ARG002 - no rate at all
        return (RateLine(RateKey.FLAT_SUM, {"flat": self.sum}),)
