"""Rate: bands of which a whole sum earns the one reached before it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from knowledge.commission.derivation import Said
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Sale
from knowledge.commission.whole_sale import WholeSale


class RateBefore(WholeSale):
    rule: ClassVar[str] = "rate_before"
    mode: ClassVar[RateKey] = RateKey.MODE_RATE_BEFORE
    said: ClassVar[Said] = Said.BAND_BEFORE

    def volume(self, sale: Sale) -> Decimal:
        return sale.before
