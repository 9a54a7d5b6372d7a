"""Split: partners that brought a deal together get the same."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.values import Checked


class Evenly(Checked):
    rule: ClassVar[str] = "evenly"

    def weights(self, shares: Mapping[str, Decimal | None]) -> Mapping[str, Decimal] | None:
        return dict.fromkeys(shares, Decimal(1))

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.SPLIT),)
