"""Rate: bands of which the whole volume earns the one reached at last; a line trues up those before it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.bands import Bands
from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Sale, Trace


class WholeRetro(Bands):
    rule: ClassVar[str] = "whole_retro"
    mode: ClassVar[RateKey] = RateKey.MODE_WHOLE_RETRO

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        before, after = self.at(sale.before), self.at(sale.after)
        total = after * sale.after
        if trace is not None:
            volume, sum_ = Money(sale.after, sale.currency), Money(total, sale.currency)
            trace.append(step("rate", self.rule, Said.BAND_WHOLE, sum_, volume=volume, rate=after, total=sum_))
        return total - before * sale.before, after if before == after else None
