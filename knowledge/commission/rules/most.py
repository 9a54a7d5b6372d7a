"""Cap: a series earns so much at most; what it cuts is told and is not carried over."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.values import Checked, Sum


class Most(Checked):
    rule: ClassVar[str] = "most"
    sum: Sum

    def limited(self, total: Decimal) -> Decimal:
        return min(total, self.sum.amount)

    def tells(self, cut: Decimal, currency: str) -> Step:
        taken = Money(cut, currency)
        return step("cap", self.rule, Said.CAPPED, taken, cap=self.sum, cut=taken)

    def lines(self, *, quarterly: bool) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.CAP if quarterly else RateKey.CAP_DEAL, {"cap": self.sum}),)
