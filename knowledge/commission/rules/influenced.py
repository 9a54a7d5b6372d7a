"""Rate: the one percentage of deals that a partner influenced and somebody else brought."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from knowledge.commission.derivation import Said, step
from knowledge.commission.rule import Sale, Trace
from knowledge.commission.rules.percent import PercentRate


class InfluencedRate(PercentRate):
    rule: ClassVar[str] = "influenced"

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        if trace is not None:
            trace.append(step("rate", self.rule, Said.INFLUENCED, self.share, rate=self.share))
        return sale.value * self.share, self.share
