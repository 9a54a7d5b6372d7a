"""Rate: marginal bands of each deal's own volume, whatever the others bring."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.bands import Bands
from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Sale, Trace


class PerDeal(Bands):
    rule: ClassVar[str] = "per_deal"
    mode: ClassVar[RateKey] = RateKey.MODE_PER_DEAL

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        low, high = sale.deal_before, sale.deal_after
        if trace is not None:
            before, after = Money(low, sale.currency), Money(high, sale.currency)
            trace.append(step("rate", self.rule, Said.BAND_DEAL, after, before=before, after=after))
        return self.marginal(low, high, sale.currency, trace)
