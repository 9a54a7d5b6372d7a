"""Rate: one percentage."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import Points, Sale, Trace
from knowledge.values import Checked, Percent, share


class PercentRate(Checked):
    rule: ClassVar[str] = "percent"
    years: ClassVar[int] = 0
    in_program_currency: ClassVar[bool] = False
    percent: Percent

    @cached_property
    def share(self) -> Decimal:
        return share(self.percent)

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        if trace is not None:
            trace.append(step("rate", self.rule, Said.RATE, self.share, rate=self.share))
        return sale.value * self.share, self.share

    def lines(self, key: RateKey, points: Points) -> tuple[RateLine, ...]:
        return (RateLine(key, {"rate": points(self.share), "base_rate": self.share}),)
