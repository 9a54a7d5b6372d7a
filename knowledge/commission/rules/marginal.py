"""Rate: bands of which each euro earns its own; a higher band changes nothing below it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from knowledge.commission.bands import Bands
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Sale, Trace


class Marginal(Bands):
    rule: ClassVar[str] = "marginal"
    mode: ClassVar[RateKey] = RateKey.MODE_MARGINAL

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        return self.marginal(sale.before, sale.after, sale.currency, trace)
