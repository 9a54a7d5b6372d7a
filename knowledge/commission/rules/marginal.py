"""Rate: bands of which each euro earns its own; a higher band changes nothing below it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from knowledge.commission.bands import Bands
from knowledge.commission.rule import RateKey, Sale, Trace


class Marginal(Bands):
    rule: ClassVar[str] = "marginal"
    mode: ClassVar[RateKey] = RateKey.MODE_MARGINAL

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        before, after = sale.before, sale.after
        if trace is not None:
            trace += self.marginal_steps(before, after, sale.currency)
        rates = [rate for _, rate in self.parts(min(before, after), max(before, after))]
        return self.marginal(before, after), rates[0] if len(rates) == 1 else None
