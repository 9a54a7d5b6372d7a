"""Rate: bands of which a whole sum earns the one reached before it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.bands import Bands
from knowledge.commission.derivation import Said, step
from knowledge.commission.paid_back import rate_of
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Sale, Trace


class RateBefore(Bands):
    """What is paid back takes back the rate that it had earned."""

    rule: ClassVar[str] = "rate_before"
    mode: ClassVar[RateKey] = RateKey.MODE_RATE_BEFORE

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        rate, remembered = rate_of(sale, lambda: self.at(sale.before))
        if trace is not None and remembered:
            trace.append(step("rate", self.rule, Said.BAND_SAME, rate, rate=rate))
        elif trace is not None:
            volume = Money(sale.before, sale.currency)
            trace.append(step("rate", self.rule, Said.BAND_BEFORE, rate, volume=volume, rate=rate))
        return sale.value * rate, rate
